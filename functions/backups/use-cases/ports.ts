import type { Clock } from '../../platform/clock.ts';
import type { Trouble } from '../../desk/index.ts';
import type { SeenJob } from '../domain/backup-run.ts';
import type { BackupStore, Raised } from '../store.ts';

/** A table that is watched. */
export interface WatchedTable {
  /** As drills call it. */
  readonly table: string;
  /** Its own name. */
  readonly name: string;
  /** Whether the stage's plan backs it up. */
  readonly planned: boolean;
}

export interface WatchedService {
  readonly id: string;
  readonly ownerTeamId: string | null;
  readonly objectives: { readonly rpoSeconds: number } | null;
}

/** What AWS is asked. */
export interface BackupWorld {
  arnOf(tableName: string): Promise<string | null>;
  jobsSince(tableArn: string, instant: string): Promise<readonly SeenJob[]>;
  /** When the newest recovery point of each table was made, by ARN. */
  newestRecoveryPoints(): Promise<ReadonlyMap<string, { readonly createdAt: string }>>;
  pointInTime(tableName: string): Promise<{ readonly enabled: boolean; readonly latestAt: string | null }>;
  settings(): Promise<{ readonly optedIn: boolean; readonly advanced: boolean }>;
}

/** Scratch tables, and the drills that they are of. */
export interface ScratchTables {
  list(): Promise<
    readonly { readonly name: string; readonly createdAt: string | null; readonly drillId: string | null }[]
  >;
  /** Whether the drill still has something to do with its table. */
  isWanted(table: { readonly name: string; readonly drillId: string | null }): Promise<boolean>;
  remove(name: string): Promise<{ readonly removed: boolean; readonly message: string }>;
}

export interface WatchPorts {
  readonly backups: Pick<
    BackupStore,
    'runs' | 'commitRun' | 'watch' | 'commitWatch' | 'freshness' | 'keepFreshness' | 'manifestJob' | 'keepManifestJob'
  >;
  readonly world: BackupWorld;
  readonly scratch: ScratchTables;
  readonly tables: readonly WatchedTable[];
  readonly serviceOf: (table: string) => Promise<WatchedService | null>;
  readonly report: (trouble: Trouble) => Promise<Raised>;
  readonly zone: string;
  readonly clock: Clock;
}
