import type { Clock, ClockState } from './clock.ts';
import { type Cycle, readCycles, type TermsOf } from './cycles.ts';
import { type Pause, stretches } from './pause.ts';
import { firstTerms } from './policy.ts';
import type { Timeline } from './timeline.ts';

/** A response that nobody gave, and what goes on elsewhere or is promised no longer, were neither met nor missed. */
const isCancelled = ({ metric }: Cycle, stoppedBy: Clock['stoppedBy']): boolean =>
  stoppedBy === 'merged' ||
  stoppedBy === 'released' ||
  (stoppedBy === 'solved' && (metric === 'firstResponse' || metric === 'nextResponse'));

/** The pauses of a clock that has stopped; the one that begins with the stop is none of its own. */
const endedBy = (pauses: readonly Pause[], end: number): readonly Pause[] =>
  pauses.filter(({ from }) => from < end).map((pause) => ({ ...pause, to: Math.min(pause.to ?? end, end) }));

const clockOf = (cycle: Cycle, now: number): Clock | null => {
  const { metric, measure, releasedAt, stop, startedAt, claims } = cycle;
  if (measure === null) return null;
  const { terms, target, priority } = measure;
  const calendar = terms.calendarOf(target);
  const stoppedAt = stop?.at ?? releasedAt;
  const stoppedBy = stop?.how ?? (releasedAt === null ? null : 'released');
  const end = stoppedAt ?? now;
  const pauses = stoppedAt === null ? cycle.pauses : endedBy(cycle.pauses, stoppedAt);
  const deducted = stretches(pauses, end);
  const dueAt = calendar.due(startedAt, target.seconds * 1000, deducted);
  const paused = stoppedAt === null && cycle.pauses.at(-1)?.to === null;
  const state = (): ClockState => {
    if (end > dueAt || cycle.breached) return 'breached';
    if (isCancelled(cycle, stoppedBy)) return 'cancelled';
    if (stoppedBy !== null) return 'met';
    return paused ? 'paused' : 'running';
  };
  return {
    metric,
    cycle: cycle.cycle,
    state: state(),
    targetSeconds: target.seconds,
    priority,
    startedAt,
    dueAt,
    stoppedAt,
    stoppedBy,
    elapsedMs: calendar.elapsed(startedAt, end, deducted),
    pauses,
    claims,
    breachRecorded: claims.has('breach'),
    policy: terms.policy,
    target,
    calendar,
  };
};

/**
 * The clocks of a ticket as they stand at `now` (P-03, P-04, S-49; DESIGN section 5), each cycle by the version of policy and
 * calendar that it was measured by. Pure: the same arguments give the same answer for ever, so any due date of the past can be
 * computed and explained again. Entries after `now` are not looked at. Met when the stopping instant is at or before the due
 * date, whenever anybody noticed; a change of priority or policy sets the target from the original start and keeps the pauses
 * that were taken; a reopen does not count the time spent solved.
 */
export const evaluate = (timeline: Timeline, termsOf: TermsOf, now: number): readonly Clock[] =>
  readCycles(timeline, termsOf, firstTerms, now).flatMap((cycle) => clockOf(cycle, now) ?? []);
