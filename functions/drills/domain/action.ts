import type { Integrity } from './integrity.ts';
import type { ActionName, ManifestReference, Progress, RecoveryPoint, TableShape } from './drill.ts';

export type { ActionName } from './drill.ts';

/**
 * What a drill wants done next. Whoever does it answers with an `Observation`; both may happen twice, since a crash can fall
 * between any two steps: every action is harmless when repeated.
 */
export type Action =
  | { readonly do: 'describe-source'; readonly table: string }
  | { readonly do: 'list-recovery-points'; readonly tableArn: string }
  | { readonly do: 'write-manifest'; readonly tableName: string; readonly progress: Progress | null }
  | { readonly do: 'find-manifest'; readonly tableName: string; readonly before: string }
  | { readonly do: 'start-backup'; readonly tableArn: string; readonly token: string }
  | { readonly do: 'look-at-backup'; readonly jobId: string }
  | {
      readonly do: 'start-restore';
      readonly source: TableShape;
      readonly recoveryPoint: RecoveryPoint;
      readonly scratchTable: string;
      readonly token: string;
      readonly drillId: string;
    }
  | { readonly do: 'look-at-restore'; readonly jobId: string | null; readonly scratchTable: string }
  | { readonly do: 'look-at-table'; readonly scratchTable: string }
  /** One step nearer to what the source has: stream, TTL, PITR, tags, deletion protection. */
  | { readonly do: 'rearm'; readonly scratchTable: string; readonly source: TableShape; readonly drillId: string }
  | {
      readonly do: 'scan';
      readonly side: 'copy' | 'source';
      readonly tableName: string;
      readonly shape: TableShape;
      readonly drillId: string;
      readonly progress: Progress | null;
    }
  | {
      readonly do: 'compare';
      readonly drillId: string;
      readonly own: boolean;
      /** Nobody has written to another table since its copy was made, by the word of whoever asked. */
      readonly atRest: boolean;
      readonly declaredAt: string;
      readonly source: TableShape;
      readonly scratchTable: string;
      readonly recoveryPoint: RecoveryPoint;
      readonly manifest: ManifestReference | null;
      readonly copyScan: Progress;
      readonly sourceScan: Progress;
      readonly progress: Progress | null;
    }
  | { readonly do: 'serve'; readonly scratchTable: string; readonly drillId: string }
  | { readonly do: 'remove-table'; readonly scratchTable: string };

/** The state of a job of AWS Backup, or of a restore by DynamoDB itself. */
export interface Job {
  readonly state: 'running' | 'completed' | 'failed' | 'aborted' | 'expired';
  readonly startedAt: string | null;
  /** Exact, as the service says it. */
  readonly completedAt: string | null;
  readonly message: string | null;
}

/** Why an action could not be done. */
export const troubles = [
  /** Passing: throttling, limits of concurrent jobs, a resource that is just being changed, the network. */
  'busy',
  'denied',
  /** The recovery point has expired, was removed, or cannot be used for another reason of its own. */
  'unusable',
  /** The table or job is not there. */
  'not-found',
  /** The table is there already, and is not of this drill. */
  'exists',
  /** The service calls the request wrong. */
  'refused',
] as const;
export type Trouble = (typeof troubles)[number];

export type Observation =
  | { readonly of: ActionName; readonly trouble: Trouble; readonly message: string }
  | { readonly of: 'describe-source'; readonly source: TableShape }
  | { readonly of: 'list-recovery-points'; readonly recoveryPoints: readonly RecoveryPoint[] }
  | { readonly of: 'write-manifest'; readonly progress: Progress; readonly manifest: ManifestReference | null }
  | { readonly of: 'find-manifest'; readonly manifest: ManifestReference | null }
  | { readonly of: 'start-backup'; readonly jobId: string }
  | { readonly of: 'look-at-backup'; readonly job: Job; readonly recoveryPoint: RecoveryPoint | null }
  /** `jobId` is null for point-in-time recovery. */
  | { readonly of: 'start-restore'; readonly jobId: string | null; readonly acceptedAt: string | null }
  | { readonly of: 'look-at-restore'; readonly job: Job }
  /** Null: there is no such table (yet, or any more). */
  | { readonly of: 'look-at-table'; readonly table: { readonly active: boolean; readonly waitingFor: string } | null }
  | { readonly of: 'rearm'; readonly done: boolean; readonly waitingFor: string }
  | { readonly of: 'scan'; readonly side: 'copy' | 'source'; readonly progress: Progress }
  | { readonly of: 'compare'; readonly progress: Progress; readonly integrity: Integrity | null }
  | { readonly of: 'serve'; readonly readAt: string | null; readonly writeAt: string | null; readonly message: string }
  /** True once the table is no longer there. */
  | { readonly of: 'remove-table'; readonly removed: boolean };

/** Does what a drill wants. Never throws what it can tell as a trouble. */
export interface Doing {
  /** Works until `until` at most, then tells how far it came. */
  perform(action: Action, until: number): Promise<Observation>;
}
