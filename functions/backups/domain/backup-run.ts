import * as z from 'zod';

export const runStates = ['running', 'completed', 'failed', 'aborted', 'expired'] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

/** A backup job, as it was seen (S-02). */
export const backupRunSchema = z.object({
  id: z.string(),
  jobId: z.string(),
  /** As drills call it: `operations`, or the table's own name. */
  table: z.string(),
  state: runStateSchema,
  /** Of the backup plan; otherwise a drill or a person has asked for it. */
  planned: z.boolean(),
  createdAt: z.string(),
  completedAt: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  recoveryPointArn: z.string().nullable(),
  message: z.string().nullable(),
  /** Completed, but not with everything. */
  withIssues: z.boolean(),
  version: z.number().int(),
  updatedAt: z.string(),
});
export type BackupRun = z.infer<typeof backupRunSchema>;

/** What AWS Backup says of a job now. */
export type SeenJob = Omit<BackupRun, 'id' | 'table' | 'version' | 'updatedAt'>;

/** What a run's history says when it was seen in this state. */
export const eventTypeOf = (state: RunState): `backupRun.${string}` =>
  state === 'running' ? 'backupRun.started' : `backupRun.${state}`;

/** Whether something new is to be written down. */
export const isNews = (known: Pick<BackupRun, 'state'> | null, seen: Pick<BackupRun, 'state'>): boolean =>
  known === null || known.state !== seen.state;

/** Whether somebody must hear of it: a backup of the plan that is none. What a drill takes for itself is the drill's trouble. */
export const isFailure = ({
  state,
  planned,
  withIssues,
}: Pick<BackupRun, 'state' | 'planned' | 'withIssues'>): boolean =>
  planned && (withIssues || state === 'failed' || state === 'aborted' || state === 'expired');
