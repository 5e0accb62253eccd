import { type Clock, isLive } from './clock.ts';

/** The clocks that are overdue at `now` without a breach event, the earliest first: each wants exactly one. */
export const unrecordedBreaches = (clocks: readonly Clock[]): readonly Clock[] =>
  clocks.filter((clock) => clock.state === 'breached' && !clock.breachRecorded).sort((a, b) => a.dueAt - b.dueAt);

/** The oldest promise that is still owed, missed ones included, or null: paused and stopped clocks owe nothing now. */
export const owedDueAt = (clocks: readonly Clock[]): number | null => {
  const instants = clocks.filter((clock) => isLive(clock) && clock.state !== 'paused').map((clock) => clock.dueAt);
  return instants.length === 0 ? null : Math.min(...instants);
};

/** The next instant at which a clock needs attention, or null: paused, stopped and already recorded ones need none. */
export const nextDueAt = (clocks: readonly Clock[]): number | null => {
  const instants = clocks
    .filter((clock) => isLive(clock) && !clock.breachRecorded && clock.state !== 'paused')
    .map((clock) => clock.dueAt);
  return instants.length === 0 ? null : Math.min(...instants);
};
