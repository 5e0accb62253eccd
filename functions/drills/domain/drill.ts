import * as z from 'zod';
import { integritySchema } from './integrity.ts';

export const methods = ['backup', 'pitr'] as const;
export const methodSchema = z.enum(methods);
export type Method = z.infer<typeof methodSchema>;

/** The name by which a drill of the desk's own table asks for it; every other name is that of a table of the account. */
export const ownTable = 'operations';

/**
 * Where a drill stands. `preparing` only when it takes a backup of its own first: the disaster is declared when that is
 * complete. `cleaning` removes the scratch table, whatever happened before; nothing but `done` and `cancelled` is an end.
 */
export const drillStates = [
  'preparing',
  'declared',
  'restoring',
  'rearming',
  'verifying',
  'serving',
  'cleaning',
  'done',
  'cancelled',
] as const;
export type DrillState = (typeof drillStates)[number];

export const verdicts = ['passed', 'failed', 'unknown'] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

export const objectivesSchema = z.object({
  rpoSeconds: z.number().int().positive(),
  rtoSeconds: z.number().int().positive(),
});
export type Objectives = z.infer<typeof objectivesSchema>;

/** What a drill takes one after the other; each is timed. */
export const legNames = [
  'manifest',
  'backup',
  'recovery-point-chosen',
  'restore-accepted',
  'restore-completed',
  'table-active',
  'rearmed',
  'integrity',
  'first-read',
  'first-write',
  'scratch-table-removed',
] as const;
export type LegName = (typeof legNames)[number];

/** `errorBoundSeconds`: the end may have been so much earlier than it was noticed; 0 where the service says the instant. */
export const legSchema = z.object({
  name: z.enum(legNames),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  errorBoundSeconds: z.number(),
});
export type Leg = z.infer<typeof legSchema>;

/** What a drill can want done; `action.ts` has the shape of each. */
export const actionNames = [
  'describe-source',
  'list-recovery-points',
  'write-manifest',
  'find-manifest',
  'start-backup',
  'look-at-backup',
  'start-restore',
  'look-at-restore',
  'look-at-table',
  'rearm',
  'scan',
  'compare',
  'serve',
  'remove-table',
] as const;
export type ActionName = (typeof actionNames)[number];

/** What is restored: a recovery point of the vault, or, with point-in-time recovery, an instant (`arn` is null). */
export const recoveryPointSchema = z.object({
  arn: z.string().nullable(),
  /** The instant of the copy, as the service says it. */
  createdAt: z.string(),
  sizeBytes: z.number().nullable(),
});
export type RecoveryPoint = z.infer<typeof recoveryPointSchema>;

/** How the source is made, so that the copy can be made the same. */
export const tableShapeSchema = z.object({
  tableName: z.string(),
  tableArn: z.string(),
  sizeBytes: z.number(),
  itemCount: z.number(),
  /** Attribute names, partition key first. */
  keys: z.array(z.string()),
  indexes: z.array(z.object({ name: z.string(), keys: z.array(z.string()) })),
  /** The view type of its stream, null without one. */
  stream: z.string().nullable(),
  /** The attribute of its time to live, null without. */
  ttl: z.string().nullable(),
  pointInTimeRecovery: z.boolean(),
  /** The newest instant that point-in-time recovery can restore. */
  latestRestorableAt: z.string().nullable(),
  deletionProtection: z.boolean(),
  tags: z.record(z.string(), z.string()),
  kmsKeyArn: z.string().nullable(),
});
export type TableShape = z.infer<typeof tableShapeSchema>;

/** A text by which whoever wrote it finds its manifest again, and its hash. */
export const manifestReferenceSchema = z.object({ name: z.string(), sha256: z.string(), asOf: z.string() });
export type ManifestReference = z.infer<typeof manifestReferenceSchema>;

/** Work that goes on over many invocations; only whoever does it reads it. */
export const progressSchema = z.object({
  done: z.boolean(),
  /** How far it is, 0 to 1, for people. */
  share: z.number(),
  /** Read units that it has taken, whole and half ones. */
  readUnits: z.number(),
  position: z.record(z.string(), z.unknown()),
});
export type Progress = z.infer<typeof progressSchema>;

/** A drill as it is kept: one item, changed only by `step` and by what people ask for. */
export const drillSchema = z.object({
  id: z.string(),
  planId: z.string().nullable(),
  serviceId: z.string().nullable(),
  /** As it was asked for: `operations`, or the name of another table. */
  table: z.string(),
  method: methodSchema,
  /** `fresh` takes a backup of its own first; so does `newest` when there is none that can be used. */
  recoveryPoint: z.enum(['newest', 'fresh']),
  /**
   * The word of whoever asked: nobody writes to the table from the recovery point on until the drill has read it. Without it a
   * difference of another table than the desk's own proves nothing; the desk's own can tell by itself.
   */
  atRest: z.boolean(),
  objectives: objectivesSchema,
  /** Dollars; a drill that would cost more does not restore. Null: no ceiling. */
  costCeiling: z.number().nullable(),
  requestedBy: z.object({ id: z.string(), role: z.string() }),
  requestedAt: z.string(),
  state: z.enum(drillStates),
  /** When the disaster was declared; null while the drill prepares. */
  declaredAt: z.string().nullable(),
  /** Somebody wants it to end early. */
  cancelRequested: z.object({ at: z.string(), by: z.string() }).nullable(),
  legs: z.array(legSchema),
  source: tableShapeSchema.nullable(),
  /** How far the manifest is that is written before a backup of its own. */
  manifestScan: progressSchema.nullable(),
  manifest: manifestReferenceSchema.nullable(),
  backupJobId: z.string().nullable(),
  recoveryPointUsed: recoveryPointSchema.nullable(),
  /** Recovery points that could not be restored, by ARN: the next one is chosen without them. */
  unusable: z.array(z.string()),
  /** The token of the restore that was asked for; written before it is, so that it is never asked for twice. */
  restoreToken: z.string().nullable(),
  restoreJobId: z.string().nullable(),
  /** Whether the job has ended, however: before that the table cannot be removed. */
  restoreOver: z.boolean(),
  /** Until then a restore that was asked for may still bring a table; only a look made later shows that there is none. */
  settlesAt: z.string().nullable(),
  scratchTable: z.object({ name: z.string(), removedAt: z.string().nullable() }),
  /** Whether a table of that name may exist: from before the restore is asked for until its removal was seen. */
  scratchMayExist: z.boolean(),
  copyScan: progressSchema.nullable(),
  sourceScan: progressSchema.nullable(),
  comparison: progressSchema.nullable(),
  integrity: integritySchema.nullable(),
  served: z.object({ readAt: z.string().nullable(), writeAt: z.string().nullable() }),
  /** Set once the outcome is known; the scratch table may still be there. */
  verdict: verdictSchema.nullable(),
  reasons: z.array(z.string()),
  cost: z.object({ estimate: z.number() }),
  /** What is wanted now; null once the drill is over. */
  wants: z.enum(actionNames).nullable(),
  /** Counts what was wanted so far: an observation that was made for an earlier turn is not looked at. */
  turn: z.number().int(),
  /** Not before then; but a look may come sooner, see `sooner`. */
  nextAt: z.string(),
  /** Attempts of the action that is wanted now which met with trouble, and since when it is wanted. */
  attempts: z.number().int(),
  wantedSince: z.string(),
  /** When the last look at what is waited for was: the error bound of what the next one finds. */
  lastLookAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  report: z.object({ html: z.string(), markdown: z.string(), sha256: z.string() }).nullable(),
  version: z.number().int(),
});
export type Drill = z.infer<typeof drillSchema>;

export const isOver = ({ state }: Pick<Drill, 'state'>): boolean => state === 'done' || state === 'cancelled';

export const isOwn = ({ table }: Pick<Drill, 'table'>): boolean => table === ownTable;
