import type { Action, ActionName, Observation } from '../../../functions/drills/domain/action.ts';
import { type Drill, drillSchema, type Progress, type TableShape } from '../../../functions/drills/domain/drill.ts';
import { checkNames, type Integrity } from '../../../functions/drills/domain/integrity.ts';
import { begin, type DrillOrder, step, wanted } from '../../../functions/drills/domain/step.ts';

export const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`);
export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const order: DrillOrder = {
  id: 'drl_1',
  planId: null,
  serviceId: null,
  table: 'operations',
  method: 'backup',
  recoveryPoint: 'newest',
  atRest: false,
  objectives: { rpoSeconds: 7200, rtoSeconds: 3600 },
  costCeiling: null,
  requestedBy: { id: 'agt_1', role: 'manager' },
  scratchTable: 'desk-drill-drl_1',
};

export const source: TableShape = {
  tableName: 'desk-operations',
  tableArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/desk-operations',
  sizeBytes: 1024 ** 3,
  itemCount: 1000,
  keys: ['PK', 'SK'],
  indexes: [{ name: 'due', keys: ['dueShard', 'dueAt'] }],
  stream: 'NEW_AND_OLD_IMAGES',
  ttl: null,
  pointInTimeRecovery: true,
  latestRestorableAt: iso(at('09:55:00')),
  deletionProtection: true,
  tags: {},
  kmsKeyArn: null,
};

export const done: Progress = { done: true, share: 1, readUnits: 10, position: {} };

export const clean: Integrity = {
  items: 1000,
  compared: 990,
  missing: 0,
  altered: 0,
  torn: 0,
  checks: checkNames.map((name) => ({ name, result: 'passed' as const, detail: '' })),
  lostRecords: 7,
  oldestLostAt: iso(at('09:01:00')),
  newestCanaryAt: iso(at('09:00:00')),
  nextCanaryAt: iso(at('09:01:00')),
};

export const ofOther = (integrity: Integrity): Integrity => ({
  ...integrity,
  checks: integrity.checks.map((check) =>
    ['canaries', 'chains', 'snapshot', 'manifest'].includes(check.name)
      ? { ...check, result: 'not_applicable' }
      : check,
  ),
  newestCanaryAt: null,
  nextCanaryAt: null,
});

/** What the services answer, one list an action, the last one again and again; `now` is the instant of the call. */
export type Answers = { readonly [Name in ActionName]?: readonly ((now: number, action: Action) => Observation)[] };

export const trouble =
  (kind: Extract<Observation, { trouble: unknown }>['trouble'], message = 'so it says') =>
  (_: number, { do: of }: Action): Observation => ({ of, trouble: kind, message });

const job = (state: 'running' | 'completed', completedAt: string | null = null) => ({
  state,
  startedAt: null,
  completedAt,
  message: null,
});

/** All goes well: a backup of 09:00 that takes some looks to restore. */
export const well: Required<Answers> = {
  'describe-source': [() => ({ of: 'describe-source', source })],
  'list-recovery-points': [
    () => ({
      of: 'list-recovery-points',
      recoveryPoints: [
        { arn: 'arn:old', createdAt: iso(at('03:00:10')), sizeBytes: 1 },
        { arn: 'arn:new', createdAt: iso(at('09:00:10')), sizeBytes: 1 },
        { arn: 'arn:later', createdAt: iso(at('10:00:01')), sizeBytes: 1 },
      ],
    }),
  ],
  'write-manifest': [
    () => ({ of: 'write-manifest', progress: { ...done, done: false }, manifest: null }),
    () => ({ of: 'write-manifest', progress: done, manifest: { name: 'm', sha256: 's', asOf: iso(at('09:59:00')) } }),
  ],
  'find-manifest': [() => ({ of: 'find-manifest', manifest: { name: 'm', sha256: 's', asOf: iso(at('02:00:00')) } })],
  'start-backup': [() => ({ of: 'start-backup', jobId: 'backup-1' })],
  'look-at-backup': [
    () => ({ of: 'look-at-backup', job: job('running'), recoveryPoint: null }),
    (now) => ({
      of: 'look-at-backup',
      job: job('completed', iso(now - 4000)),
      recoveryPoint: { arn: 'arn:own', createdAt: iso(now - 20_000), sizeBytes: 1 },
    }),
  ],
  'start-restore': [(now) => ({ of: 'start-restore', jobId: 'restore-1', acceptedAt: iso(now) })],
  'look-at-restore': [
    () => ({ of: 'look-at-restore', job: job('running') }),
    (now) => ({ of: 'look-at-restore', job: job('completed', iso(now - 3000)) }),
  ],
  'look-at-table': [
    () => ({ of: 'look-at-table', table: { active: false, waitingFor: 'index due' } }),
    () => ({ of: 'look-at-table', table: { active: true, waitingFor: '' } }),
  ],
  rearm: [
    () => ({ of: 'rearm', done: false, waitingFor: 'stream' }),
    () => ({ of: 'rearm', done: true, waitingFor: '' }),
  ],
  scan: [(_, action) => ({ of: 'scan', side: action.do === 'scan' ? action.side : 'copy', progress: done })],
  compare: [() => ({ of: 'compare', progress: done, integrity: clean })],
  serve: [(now) => ({ of: 'serve', readAt: iso(now), writeAt: iso(now + 20), message: '' })],
  'remove-table': [() => ({ of: 'remove-table', removed: false }), () => ({ of: 'remove-table', removed: true })],
};

export interface Way {
  readonly drill: Drill;
  readonly performed: readonly Action[];
  readonly endedAt: number;
}

/** Before anything is restored: whether a table of that name is there. */
const firstLook = (foreign: boolean) => (): Observation => ({
  of: 'look-at-table',
  table: foreign ? { active: true, waitingFor: '' } : null,
});

/** What a test does to the drill between two steps. */
export type Meddling = (drill: Drill, now: number) => Drill;

/** Walks a drill to its end, or for `most` turns, through the text that is stored after each step. */
export const walk = (
  drill: Drill,
  answers: Answers = {},
  {
    meddle = (one) => one,
    most = 3000,
    from = at('10:00:00'),
    killedAt = -1,
    foreign = false,
  }: { meddle?: Meddling; most?: number; from?: number; killedAt?: number; foreign?: boolean } = {},
): Way => {
  const performed: Action[] = [];
  const asked = new Map<ActionName, number>();
  let now = from;
  let stored = drill;
  for (let turn = 0; turn < most; turn += 1) {
    stored = drillSchema.parse(JSON.parse(JSON.stringify(meddle(step(stored, now, null), now))));
    const { action, at: next } = wanted(stored, now);
    if (next === Number.POSITIVE_INFINITY) break;
    if (action === null) {
      now = next;
      continue;
    }
    performed.push(action);
    const first = action.do === 'look-at-table' && stored.state === 'declared';
    const count = first ? 0 : (asked.get(action.do) ?? 0);
    if (!first) asked.set(action.do, count + 1);
    const list = first ? [firstLook(foreign)] : (answers[action.do] ?? well[action.do]);
    const observation = list[Math.min(count, list.length - 1)]!(now, action);
    const begunAt = now;
    now += 1000;
    // Killed before what was observed is saved: somebody else takes the drill up from what is stored.
    if (performed.length - 1 === killedAt) continue;
    stored = step(stored, now, observation, { turn: stored.turn, from: begunAt });
  }
  return { drill: stored, performed, endedAt: now };
};

export const begun = (changes: Partial<DrillOrder> = {}): Drill => begin({ ...order, ...changes }, at('10:00:00'));

export const names = ({ performed }: Way): string[] => performed.map(({ do: name }) => name);
