import type { Action, Observation } from './action.ts';
import { type Drill, isOver, isOwn, type ActionName, type Method, type Objectives } from './drill.ts';
import { inWords, iso, ms } from './instants.ts';
import { limits } from './limits.ts';
import { choosing } from './phases/choosing.ts';
import { clean, cleaning } from './phases/cleaning.ts';
import { restoring, sideOf } from './phases/restoring.ts';
import { endEarly, names, troubled } from './phases/troubles.ts';
import { type Instants, openLeg } from './phases/turn.ts';

export { cleaningOverdue } from './phases/cleaning.ts';

/** What somebody, or a plan, asks for. */
export interface DrillOrder {
  readonly id: string;
  readonly planId: string | null;
  readonly serviceId: string | null;
  readonly table: string;
  readonly method: Method;
  readonly recoveryPoint: 'newest' | 'fresh';
  readonly atRest: boolean;
  readonly objectives: Objectives;
  readonly costCeiling: number | null;
  readonly requestedBy: { readonly id: string; readonly role: string };
  /** The name that the restored table gets. */
  readonly scratchTable: string;
}

/** `fresh` means a backup of its own; point-in-time recovery has no such thing and always takes the newest instant. */
export const begin = (order: DrillOrder, now: number): Drill => {
  const { scratchTable, requestedBy, objectives, ...asked } = order;
  const prepares = order.method === 'backup' && order.recoveryPoint === 'fresh';
  const drill: Drill = {
    ...asked,
    objectives: { ...objectives },
    requestedBy: { ...requestedBy },
    requestedAt: iso(now),
    state: prepares ? 'preparing' : 'declared',
    declaredAt: prepares ? null : iso(now),
    cancelRequested: null,
    legs: [],
    source: null,
    manifestScan: null,
    manifest: null,
    backupJobId: null,
    recoveryPointUsed: null,
    unusable: [],
    restoreToken: null,
    restoreJobId: null,
    restoreOver: false,
    settlesAt: null,
    scratchTable: { name: scratchTable, removedAt: null },
    scratchMayExist: false,
    copyScan: null,
    sourceScan: null,
    comparison: null,
    integrity: null,
    served: { readAt: null, writeAt: null },
    verdict: null,
    reasons: [],
    cost: { estimate: 0 },
    wants: 'describe-source',
    turn: 1,
    nextAt: iso(now),
    attempts: 0,
    wantedSince: iso(now),
    lastLookAt: null,
    endedAt: null,
    report: null,
    version: 0,
  };
  return prepares ? drill : openLeg(drill, 'recovery-point-chosen', now);
};

const tableOf = (drill: Drill): string => drill.source?.tableName ?? drill.table;

/** The action that is wanted, with all that it needs; null where that is not known, which only the time limit ends. */
const actionOf = (drill: Drill, wants: ActionName): Action | null => {
  const { id, source, recoveryPointUsed: recoveryPoint, restoreToken: token, declaredAt, copyScan, sourceScan } = drill;
  const scratchTable = drill.scratchTable.name;
  switch (wants) {
    case 'describe-source':
      return { do: wants, table: drill.table };
    case 'list-recovery-points':
      return source === null ? null : { do: wants, tableArn: source.tableArn };
    case 'write-manifest':
      return { do: wants, tableName: tableOf(drill), progress: drill.manifestScan };
    case 'find-manifest':
      return recoveryPoint === null ? null : { do: wants, tableName: tableOf(drill), before: recoveryPoint.createdAt };
    case 'start-backup':
      return source === null ? null : { do: wants, tableArn: source.tableArn, token: `${id}-backup` };
    case 'look-at-backup':
      return drill.backupJobId === null ? null : { do: wants, jobId: drill.backupJobId };
    case 'start-restore':
      if (source === null || recoveryPoint === null || token === null) return null;
      return { do: wants, source, recoveryPoint, scratchTable, token, drillId: id };
    case 'look-at-restore':
      return { do: wants, jobId: drill.restoreJobId, scratchTable };
    case 'look-at-table':
    case 'remove-table':
      return { do: wants, scratchTable };
    case 'rearm':
      return source === null ? null : { do: wants, scratchTable, source, drillId: id };
    case 'scan': {
      if (source === null) return null;
      const side = sideOf(drill);
      const tableName = side === 'copy' ? scratchTable : source.tableName;
      const progress = side === 'copy' ? copyScan : sourceScan;
      return { do: wants, side, tableName, shape: source, drillId: id, progress };
    }
    case 'compare': {
      if (source === null || recoveryPoint === null || copyScan === null || sourceScan === null || declaredAt === null)
        return null;
      const { atRest, manifest, comparison: progress } = drill;
      const own = isOwn(drill);
      const scans = { copyScan, sourceScan, progress };
      return {
        do: wants,
        drillId: id,
        own,
        atRest,
        declaredAt,
        source,
        scratchTable,
        recoveryPoint,
        manifest,
        ...scans,
      };
    }
    case 'serve':
      return { do: wants, scratchTable, drillId: id };
    default:
      return wants satisfies never;
  }
};

const limitAt = ({ wants, wantedSince, state }: Drill): number =>
  wants === null || state === 'cleaning' ? Number.POSITIVE_INFINITY : ms(wantedSince) + limits[wants];

/** What is to be done now, or when to look next; `at` is infinite once the drill is over. */
export const wanted = (drill: Drill, now: number): { readonly action: Action | null; readonly at: number } => {
  if (isOver(drill) || drill.wants === null) return { action: null, at: Number.POSITIVE_INFINITY };
  const nextAt = ms(drill.nextAt);
  if (now < nextAt) return { action: null, at: Math.min(nextAt, limitAt(drill)) };
  const action = actionOf(drill, drill.wants);
  return { action, at: action === null ? limitAt(drill) : now };
};

/** For which turn of the drill an observation was made, and when that was begun. */
export interface Made {
  readonly turn: number;
  readonly from: number;
}

const observed = (drill: Drill, instants: Instants, observation: Observation): Drill => {
  if (drill.state === 'cleaning') return cleaning(drill, instants, observation);
  if ('trouble' in observation) return troubled(drill, instants, observation);
  const choosesStill = drill.state === 'preparing' || drill.state === 'declared';
  return choosesStill ? choosing(drill, instants, observation) : restoring(drill, instants, observation);
};

const givenUp = (drill: Drill, now: number): Drill => {
  const { wants } = drill;
  if (wants === null || now < limitAt(drill)) return drill;
  const { name, verdict } = names[wants];
  // Before anything is asked for nothing has failed.
  return endEarly(
    drill,
    now,
    drill.state === 'declared' ? 'unknown' : verdict,
    `${name} did not come to an end within ${inWords(limits[wants] / 1000)}.`,
  );
};

/**
 * A drill, after what was observed; null when only time has passed, which is asked first by whoever takes up a drill, so that one
 * whose action never comes to an answer ends too. An observation of what is not wanted (any more) changes nothing, and the
 * same drill comes back. Whoever performs saves over exactly the version that was read before it does what is wanted next;
 * `made` says for which turn an observation is, where that is not plainly this one.
 */
export const step = (
  drill: Drill,
  now: number,
  observation: Observation | null,
  made: Made = { turn: drill.turn, from: now },
): Drill => {
  if (isOver(drill)) return drill;
  const fits = observation !== null && observation.of === drill.wants && made.turn === drill.turn;
  const next = fits ? observed(drill, { now, from: Math.min(made.from, now) }, observation) : drill;
  return next.turn === drill.turn ? givenUp(next, now) : next;
};

const looks: ReadonlySet<ActionName | null> = new Set<ActionName>([
  'look-at-backup',
  'look-at-restore',
  'look-at-table',
]);

/** An event says that something has happened: what is only looked at may be looked at now. */
export const sooner = (drill: Drill, now: number): Drill =>
  looks.has(drill.wants) && ms(drill.nextAt) > now ? { ...drill, nextAt: iso(now) } : drill;

/**
 * Somebody wants it to end. What was started is waited for as far as it must be to remove it; then the drill is `cancelled`.
 * One that is cleaning already has its outcome, and keeps it.
 */
export const requestCancel = (drill: Drill, now: number, by: string): Drill => {
  if (isOver(drill) || drill.state === 'cleaning') return drill;
  const after = inWords((now - ms(drill.requestedAt)) / 1000);
  const asked: Drill = { ...drill, cancelRequested: { at: iso(now), by } };
  return clean(asked, now, null, `Cancelled by ${by} after ${after}, while it was ${drill.state}; nothing was proven.`);
};
