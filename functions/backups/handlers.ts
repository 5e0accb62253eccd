import type { Clock } from '../platform/clock.ts';
import type { BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import { ageSecondsOf, limitSecondsOf, newestOf, staleSince, type TableFreshness } from './domain/freshness.ts';
import * as contract from './routes.ts';
import type { BackupStore } from './store.ts';
import type { WatchPorts } from './use-cases/ports.ts';

export interface BackupsOptions {
  readonly backups: Pick<BackupStore, 'freshness' | 'listRuns'>;
  readonly serviceOf: WatchPorts['serviceOf'];
  readonly cursors: Cursors;
  readonly clock: Clock;
}

const tableBody = async ({ serviceOf, clock }: BackupsOptions, freshness: TableFreshness) => {
  const { table, newestRecoveryPointAt, latestRestorableAt, lastRun } = freshness;
  const now = clock.now();
  const limitSeconds = limitSecondsOf((await serviceOf(table))?.objectives ?? null);
  return {
    table,
    newestRecoveryPointAt,
    continuous: latestRestorableAt === null ? null : { latestRestorableAt },
    method: newestOf(freshness)?.method ?? null,
    ageSeconds: ageSecondsOf(freshness, now),
    limitSeconds,
    stale: staleSince(freshness, limitSeconds, now) !== null,
    lastRun,
  };
};

export const backupsRoutes = (options: BackupsOptions): readonly BoundRoute[] => [
  serve(contract.getBackups, async () => {
    const known = await options.backups.freshness();
    const items = await Promise.all((known?.tables ?? []).map((freshness) => tableBody(options, freshness)));
    return { status: 200, body: { lookedAt: known?.lookedAt ?? null, items } };
  }),
  serve(contract.listBackupRuns, async ({ query: { limit, cursor, table, state } }) => {
    const scope = ['backup-runs', table ?? null, state ?? null];
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
    const { runs, next } = await options.backups.listRuns(limit, after);
    const shown = runs.filter(
      (run) => (table === undefined || run.table === table) && (state === undefined || run.state === state),
    );
    const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
    return { status: 200, body: { items: shown, nextCursor } };
  }),
];
