import * as z from 'zod';

const seconds = z.number().min(0).max(31_536_000);

/** How long things take that AWS takes its time for, in seconds of virtual time. */
export const durationsSchema = z.strictObject({
  /** From the start of a backup job to its end. */
  backupSeconds: seconds,
  /** From the start of a restore, of either kind, to the active table; longer when the copying itself is. */
  restoreSeconds: seconds,
  /** A table is CREATING or UPDATING, and its time to live ENABLING, for so long. */
  tableUpdateSeconds: seconds,
  tableDeleteSeconds: seconds,
  /** The newest instant that point-in-time recovery restores is so old. */
  pitrLagSeconds: seconds,
  /** Events of jobs reach EventBridge's targets so late. */
  eventDelaySeconds: seconds,
  /** An expired recovery point is listed for so long before it is gone. */
  expiredSeconds: seconds,
  /** A recovery point is DELETING for so long. */
  pointDeleteSeconds: seconds,
});
export type Durations = z.output<typeof durationsSchema>;

/** Quick enough to wait for; AWS takes minutes to hours for most of it. */
export const usualDurations: Durations = {
  backupSeconds: 5,
  restoreSeconds: 10,
  tableUpdateSeconds: 1,
  tableDeleteSeconds: 2,
  pitrLagSeconds: 300,
  eventDelaySeconds: 10,
  expiredSeconds: 3600,
  pointDeleteSeconds: 1,
};
