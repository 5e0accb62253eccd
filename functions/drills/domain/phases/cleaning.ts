import type { Observation } from '../action.ts';
import type { Drill, Verdict } from '../drill.ts';
import { iso, ms } from '../instants.ts';
import { cleaningOverdueMs, unansweredMs, visibleMs } from '../limits.ts';
import { closeSeen, type Instants, legOf, lookAgain, openLeg, tryAgain, want, withReasons } from './turn.ts';

const over = (drill: Drill, now: number): Drill => ({
  ...drill,
  state: drill.cancelRequested === null ? 'done' : 'cancelled',
  wants: null,
  turn: drill.turn + 1,
  endedAt: iso(now),
});

const later = (first: string | null, second: number): string =>
  iso(first === null ? second : Math.max(ms(first), second));

/** A table that is being created cannot be deleted: a job that runs is waited for first. */
const removal = (drill: Drill, now: number): Drill =>
  drill.restoreJobId === null || drill.restoreOver
    ? want(drill, now, 'remove-table')
    : want(drill, now, 'look-at-restore');

/**
 * The drill comes to its end, with what it came to. Whatever happened, the scratch table goes first; only where none can be
 * there is the drill over at once. A start that was not answered may have been accepted all the same: its table is waited for.
 */
export const clean = (drill: Drill, now: number, verdict: Verdict | null, ...reasons: readonly string[]): Drill => {
  const known = withReasons({ ...drill, verdict }, ...reasons);
  if (!known.scratchMayExist) return over(known, now);
  const answered = (legOf(known, 'restore-accepted')?.endedAt ?? null) !== null;
  const settlesAt = answered ? known.settlesAt : later(known.settlesAt, now + unansweredMs);
  return removal(openLeg({ ...known, state: 'cleaning', settlesAt }, 'scratch-table-removed', now), now);
};

const removed = (drill: Drill, instants: Instants): Drill =>
  over(
    closeSeen(
      { ...drill, scratchMayExist: false, scratchTable: { ...drill.scratchTable, removedAt: iso(instants.now) } },
      'scratch-table-removed',
      null,
      instants,
    ),
    instants.now,
  );

/** That there is no table counts only of looks that were made after every restore of this drill must have shown. */
const gone = (drill: Drill, instants: Instants): Drill => {
  if (drill.settlesAt === null || instants.from >= ms(drill.settlesAt)) return removed(drill, instants);
  return lookAgain(drill, instants);
};

const jobIsOver = (drill: Drill, now: number): Drill => want({ ...drill, restoreOver: true }, now, 'remove-table');

/** Of a job that cannot be found nobody knows whether it brings a table: time tells. */
const jobIsLost = (drill: Drill, now: number): Drill =>
  jobIsOver({ ...drill, settlesAt: later(drill.settlesAt, now + visibleMs) }, now);

/** Never gives up: whoever gets the alert of an overdue cleaning mends what is in its way, and it goes on. */
export const cleaning = (drill: Drill, instants: Instants, observation: Observation): Drill => {
  if ('trouble' in observation) {
    const { of, trouble, message } = observation;
    if (of === 'look-at-restore')
      return trouble === 'busy' || trouble === 'denied' ? tryAgain(drill, instants) : jobIsLost(drill, instants.now);
    if (trouble === 'not-found') return gone(drill, instants);
    if (trouble === 'exists') return foreign(drill, instants.now, message);
    return tryAgain(drill, instants);
  }
  if (observation.of === 'look-at-restore')
    return observation.job.state === 'running' ? lookAgain(drill, instants) : jobIsOver(drill, instants.now);
  if (observation.of !== 'remove-table') return drill;
  return observation.removed ? gone(drill, instants) : lookAgain(drill, instants);
};

/** A table of that name that is not of this drill is somebody's data: it is never removed. */
export const foreign = (drill: Drill, now: number, message: string): Drill =>
  clean(
    { ...drill, scratchMayExist: false },
    now,
    drill.cancelRequested === null ? (drill.verdict === 'failed' ? 'failed' : 'unknown') : null,
    `A table ${drill.scratchTable.name} is there that is not of this drill, and was left alone: ${message}. Look whose it is, and start another drill.`,
  );

/** Whether the scratch table is still there so long after the end that somebody must look. */
export const cleaningOverdue = (drill: Drill, now: number): boolean => {
  const leg = legOf(drill, 'scratch-table-removed');
  return drill.state === 'cleaning' && leg !== null && now - ms(leg.startedAt) > cleaningOverdueMs;
};
