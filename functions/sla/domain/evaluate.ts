import type { Calendar } from './calendar.ts';
import type { Clock, ClockState, Pause } from './clock.ts';
import { explainClock } from './explain.ts';
import type { Policy } from './policy.ts';
import { isSolved, type Metric, metrics, type Priority, type Status, type Timeline } from './timeline.ts';

interface Reading {
  readonly startedAt: number;
  readonly priority: Priority;
  /** What stopped it, with the priority of that moment: a finished clock keeps the target it was measured by. */
  readonly stop: { readonly at: number; readonly how: 'answered' | 'solved'; readonly priority: Priority } | null;
  readonly pauses: readonly Pause[];
  readonly breachRecorded: boolean;
}

/** Opens or closes the pause that `status` means for a metric. A solved ticket pauses resolution, so that a reopen does not count it. */
const pausesAfter = (
  pauses: readonly Pause[],
  status: Status,
  pausing: readonly Status[],
  at: number,
): readonly Pause[] => {
  const last = pauses.at(-1);
  const reason = isSolved(status) ? 'solved' : pausing.includes(status) ? status : null;
  const running = last !== undefined && last.to === null ? last : null;
  if (running !== null && running.reason === reason) return pauses;
  const closed = running === null ? pauses : [...pauses.slice(0, -1), { ...running, to: at }];
  return reason === null ? closed : [...closed, { from: at, to: null, reason }];
};

/** Reads what the timeline says about one metric up to `now`. Null before the ticket exists. */
const read = (timeline: Timeline, policy: Policy, metric: Metric, now: number): Reading | null => {
  const pausing = policy.pausedBy[metric];
  let reading: Reading | null = null;
  for (const entry of timeline) {
    if (entry.at > now) break;
    if (entry.kind === 'created') {
      reading = {
        startedAt: entry.at,
        priority: entry.priority,
        stop: isSolved(entry.status) ? { at: entry.at, how: 'solved', priority: entry.priority } : null,
        pauses: pausesAfter([], entry.status, pausing, entry.at),
        breachRecorded: false,
      };
      continue;
    }
    if (reading === null) continue;
    const current: Reading = reading;
    switch (entry.kind) {
      case 'priority':
        reading = { ...current, priority: entry.priority };
        break;
      case 'response':
        if (metric === 'firstResponse' && current.stop === null) {
          reading = { ...current, stop: { at: entry.at, how: 'answered', priority: current.priority } };
        }
        break;
      case 'breach':
        if (entry.metric === metric) reading = { ...current, breachRecorded: true };
        break;
      case 'status': {
        if (metric === 'firstResponse') {
          if (current.stop === null && isSolved(entry.status)) {
            reading = { ...current, stop: { at: entry.at, how: 'solved', priority: current.priority } };
          }
          break;
        }
        const pauses = pausesAfter(current.pauses, entry.status, pausing, entry.at);
        // Closing a resolved ticket does not change when it was resolved; leaving both is a reopen, which takes the stop back.
        const solved = { at: entry.at, how: 'solved', priority: current.priority } as const;
        const stop = isSolved(entry.status) ? (current.stop ?? solved) : null;
        reading = { ...current, stop, pauses };
        break;
      }
    }
  }
  return reading;
};

const stateOf = (metric: Metric, reading: Reading, overdue: boolean, paused: boolean): ClockState => {
  if (overdue || reading.breachRecorded) return 'breached';
  if (metric === 'firstResponse' && reading.stop?.how === 'solved') return 'cancelled';
  if (reading.stop !== null) return 'met';
  return paused ? 'paused' : 'running';
};

const clockOf = (metric: Metric, reading: Reading, policy: Policy, calendar: Calendar, now: number): Clock => {
  const priority = reading.stop?.priority ?? reading.priority;
  const targetSeconds = policy.targets[metric][priority];
  const end = reading.stop?.at ?? now;
  // The pause that begins with the stop itself is not a pause of this clock, unless a reopen ended it.
  const pauses = reading.pauses.filter((pause) => pause.from < end || pause.to !== null);
  const counted = pauses.filter((pause) => pause.from < end);
  const pausedMs = counted.reduce(
    (sum, pause) => sum + calendar.elapsed(pause.from, Math.min(pause.to ?? end, end)),
    0,
  );
  const dueAt = calendar.due(reading.startedAt, targetSeconds * 1000 + pausedMs);
  const paused = reading.stop === null && reading.pauses.at(-1)?.to === null;
  const overdue = end > dueAt;
  const clock = {
    metric,
    cycle: 1,
    state: stateOf(metric, reading, overdue, paused),
    targetSeconds,
    startedAt: reading.startedAt,
    dueAt,
    stoppedAt: reading.stop?.at ?? null,
    elapsedMs: calendar.elapsed(reading.startedAt, end) - pausedMs,
    pauses,
    breachRecorded: reading.breachRecorded,
  };
  return { ...clock, explain: explainClock(clock, priority) };
};

/**
 * The clocks of a ticket as they stand at `now` (P-03, P-04; DESIGN section 5). Pure: the same arguments give the same answer
 * for ever, so any due date of the past can be computed and explained again. Entries after `now` are not looked at.
 * Met when the stopping instant is at or before the due date; a reopen does not count the time spent solved.
 */
export const evaluate = (timeline: Timeline, policy: Policy, calendar: Calendar, now: number): readonly Clock[] =>
  metrics.flatMap((metric) => {
    const reading = read(timeline, policy, metric, now);
    return reading === null ? [] : [clockOf(metric, reading, policy, calendar, now)];
  });
