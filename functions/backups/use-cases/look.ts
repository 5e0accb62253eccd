import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { BackupRun } from '../domain/backup-run.ts';
import { ageSecondsOf, limitSecondsOf, newestOf, staleSince, type TableFreshness } from '../domain/freshness.ts';
import { missedWindow, nextManifestAt } from '../domain/plan-window.ts';
import { type Found, tellEpisode } from './episodes.ts';
import { clearScratchTables } from './clear-scratch-tables.ts';
import type { WatchedService, WatchedTable, WatchPorts } from './ports.ts';
import { recordRuns } from './record-runs.ts';

/** A job begins within an hour and ends within eight; seen a day later it is over. */
const lookBackMs = 26 * 3_600_000;
const settingsEveryMs = 86_400_000;
const region = 'region';

export interface LookResult {
  readonly tables: number;
  /** Of the table whose newest recovery point is the oldest; a table that has none counts from the first look at it. */
  readonly oldestAgeSeconds: number;
}

interface Seen {
  readonly freshness: TableFreshness;
  readonly service: WatchedService | null;
  readonly runs: readonly BackupRun[];
}

const lastRunOf = (runs: readonly BackupRun[]): TableFreshness['lastRun'] => {
  const last = runs.at(-1);
  if (last === undefined) return null;
  const { id, state, createdAt, completedAt } = last;
  return { id, state, createdAt, completedAt };
};

const looked = async (
  ports: WatchPorts,
  { table, name, planned }: WatchedTable,
  newest: ReadonlyMap<string, { readonly createdAt: string }>,
  before: TableFreshness | undefined,
): Promise<Seen | null> => {
  const { world, clock } = ports;
  const now = clock.now();
  const arn = await world.arnOf(name);
  if (arn === null) return null;
  const service = await ports.serviceOf(table);
  const runs = await recordRuns(ports, { table, service }, await world.jobsSince(arn, isoInstant(now - lookBackMs)));
  const window = await world.pointInTime(name);
  const freshness: TableFreshness = {
    table,
    planned,
    watchedSince: before?.watchedSince ?? isoInstant(now),
    newestRecoveryPointAt: newest.get(arn)?.createdAt ?? null,
    latestRestorableAt: window.enabled ? window.latestAt : null,
    lastRun: lastRunOf(runs) ?? before?.lastRun ?? null,
  };
  return { freshness, service, runs };
};

const staleness = ({ freshness, service }: Seen, now: number): Found => {
  const { table } = freshness;
  const limit = limitSecondsOf(service?.objectives ?? null);
  const since = staleSince(freshness, limit, now);
  const newest = newestOf(freshness);
  return {
    watched: table,
    kind: 'backup.stale',
    service,
    wrong:
      since === null
        ? null
        : {
            since,
            severity: 'critical',
            subject: `The newest recovery point of ${table} is too old`,
            happened: `${newest === null ? `${table} has no recovery point` : `The newest recovery point of ${table} is of ${newest.at}`}; what would be lost now is more than the ${limit} s that are allowed.`,
          },
  };
};

const missing = ({ freshness, service, runs }: Seen, zone: string, now: number): Found => {
  const { table, planned, watchedSince } = freshness;
  const created = runs.filter((run) => run.planned).map(({ createdAt }) => createdAt);
  const window = planned ? missedWindow(zone, { runs: created, watchedSince }, now) : null;
  return {
    watched: table,
    kind: 'backup.missed',
    service,
    wrong:
      window === null
        ? null
        : {
            since: window.to,
            dueAt: window.to,
            severity: 'high',
            subject: `No backup of ${table} was begun last night`,
            happened: `The plan should have begun a backup of ${table} between ${window.from} and ${window.to}; no job was seen.`,
          },
  };
};

/** The switches of the region, once a day: anybody of the account may have turned them. */
const settingsLooked = async (ports: WatchPorts, lookedAt: string | null): Promise<string | null> => {
  const now = ports.clock.now();
  if (lookedAt !== null && now < milliseconds(lookedAt) + settingsEveryMs) return lookedAt;
  const { optedIn, advanced } = await ports.world.settings();
  const at = isoInstant(now);
  const off = [...(optedIn ? [] : ['backups of DynamoDB']), ...(advanced ? [] : ['advanced backups of DynamoDB'])];
  const open = (await ports.backups.watch(region)).watch.episodes['backup.settings'];
  await tellEpisode(ports, {
    watched: region,
    kind: 'backup.settings',
    service: null,
    wrong:
      off.length === 0
        ? null
        : {
            since: open ?? `${at.slice(0, 10)}T00:00:00.000Z`,
            severity: optedIn ? 'high' : 'critical',
            subject: 'AWS Backup is switched off for the tables of this region',
            happened: `Switched off in this region: ${off.join(', ')}.`,
          },
  });
  return at;
};

/** The manifest of the night is due from the first look on. */
const manifestPlanned = async ({ backups, zone, clock }: WatchPorts): Promise<void> => {
  if ((await backups.manifestJob()) !== null) return;
  const dueAt = nextManifestAt(zone, clock.now());
  try {
    await backups.keepManifestJob(null, { progress: null, lastName: null, lastAsOf: null, dueAt });
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
  }
};

/**
 * Looks at the backups of all tables (S-02, S-03): writes new jobs down, and says what is too old, missing or switched off, once
 * each until it is right again. Runs every few minutes, may run late, twice or in parallel. A table that cannot be looked at does
 * not hide the others: it is looked at next time, and the failure is thrown at the end.
 */
export const lookAtBackups = async (ports: WatchPorts): Promise<LookResult> => {
  const { backups, world, tables, clock, zone } = ports;
  const before = await backups.freshness();
  const newest = await world.newestRecoveryPoints();
  const seen: Seen[] = [];
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.error('look at backups failed', { error });
      failures.push(error);
    }
  };
  for (const watched of tables)
    await attempt(async () => {
      const known = before?.tables.find(({ table }) => table === watched.table);
      const one = await looked(ports, watched, newest, known);
      if (one === null) return;
      seen.push(one);
      await tellEpisode(ports, staleness(one, clock.now()));
      await tellEpisode(ports, missing(one, zone, clock.now()));
    });
  let settingsLookedAt = before?.settingsLookedAt ?? null;
  await attempt(async () => {
    settingsLookedAt = await settingsLooked(ports, settingsLookedAt);
  });
  await attempt(() => clearScratchTables(ports));
  await attempt(() => manifestPlanned(ports));
  const now = clock.now();
  const current = seen.map(({ freshness }) => freshness);
  const old = (before?.tables ?? []).filter(
    ({ table }) =>
      tables.some((watched) => watched.table === table) && current.every((freshness) => freshness.table !== table),
  );
  await backups.keepFreshness({ lookedAt: isoInstant(now), settingsLookedAt, tables: [...current, ...old] });
  if (failures.length > 0) throw failures[0];
  const ages = current.map(
    (freshness) => ageSecondsOf(freshness, now) ?? (now - milliseconds(freshness.watchedSince)) / 1000,
  );
  return { tables: current.length, oldestAgeSeconds: Math.max(0, ...ages) };
};
