import * as z from 'zod';
import { systemActor } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { sooner } from '../domain/step.ts';
import type { DrillStore } from '../store.ts';

/**
 * What AWS Backup tells of a job, as far as anything is done with it
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html). It may come late, twice or never.
 */
export const jobEventSchema = z.object({
  source: z.literal('aws.backup'),
  detail: z.object({ backupJobId: z.string().optional(), restoreJobId: z.string().optional() }),
});
export type JobEvent = z.infer<typeof jobEventSchema>;

export interface WakePorts {
  readonly drills: Pick<DrillStore, 'running' | 'commit'>;
  readonly tables: readonly string[];
  readonly clock: Clock;
}

/**
 * Lets the drill that waits for a job look at once and not at its next turn. Whoever has changed it meanwhile has looked, or will.
 */
export const wakeDrills = async ({ drills, tables, clock }: WakePorts, { detail }: JobEvent): Promise<void> => {
  const { backupJobId, restoreJobId } = detail;
  for (const read of await drills.running(tables)) {
    const { drill } = read;
    const concerned =
      (backupJobId !== undefined && drill.backupJobId === backupJobId) ||
      (restoreJobId !== undefined && drill.restoreJobId === restoreJobId);
    const now = clock.now();
    const next = concerned ? sooner(drill, now) : drill;
    if (next === drill) continue;
    const at = isoInstant(now);
    try {
      await drills.commit(read, next, {
        event: { type: 'drill.woken', data: { ...detail }, at, actor: systemActor },
        dueAt: at,
      });
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
    }
  }
};
