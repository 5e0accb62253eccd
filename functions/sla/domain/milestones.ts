import { type Clock, isLive } from './clock.ts';
import { type Interval, stretches } from './pause.ts';
import { type EscalationTarget, offsetsOf } from './policy.ts';

/** An instant of a clock at which somebody is told. */
export type Milestone = {
  readonly at: number;
  /** As the timeline says that it was told, see `claimOf`. */
  readonly claim: string;
  readonly told: boolean;
} & (
  | { readonly kind: 'warning'; readonly share: number }
  | { readonly kind: 'breach' }
  | {
      readonly kind: 'level';
      readonly level: number;
      /** 0: at the level's own offset; 1: told again for the first time. */
      readonly repetition: number;
      /** Of this repetition, from the deadline. */
      readonly offsetSeconds: number;
      readonly targets: readonly EscalationTarget[];
    }
);

/**
 * The instants of a clock, in order: warnings at their share of the target, levels at their distance from the deadline, the
 * deadline itself. A level that is told again has an instant for each repetition, at an offset of its own. All are counted by
 * the clock, so holds and closed hours move them as they move the deadline; what would fall on a closing waits for the next
 * opening, because nobody reads it before. Infinity: not before the pause that lasts ends.
 */
export const milestonesOf = (clock: Clock): readonly Milestone[] => {
  const { calendar, startedAt, policy, metric, claims, targetSeconds } = clock;
  const end = clock.stoppedAt ?? Infinity;
  const pauses = stretches(clock.pauses, end);
  const whileOpen = (seconds: number): number =>
    firstCounted(clock, calendar.due(startedAt, seconds * 1000, pauses), pauses);
  const milestones: Milestone[] = [
    ...policy.warnings.map((share) => {
      const claim = `warning ${share}`;
      const at = whileOpen((targetSeconds * share) / 100);
      return { kind: 'warning' as const, share, at, claim, told: claims.has(claim) };
    }),
    {
      kind: 'breach',
      at: calendar.due(startedAt, targetSeconds * 1000, pauses),
      claim: 'breach',
      told: clock.breachRecorded,
    },
    ...policy.levels.flatMap((level, index) => {
      if (!level.metrics.includes(metric)) return [];
      const { targets } = level;
      return offsetsOf(level).flatMap((offsetSeconds, repetition) => {
        if (targetSeconds + offsetSeconds <= 0) return [];
        const claim = `level ${offsetSeconds}`;
        const at = whileOpen(targetSeconds + offsetSeconds);
        const told = claims.has(claim);
        return [{ kind: 'level' as const, level: index + 1, repetition, offsetSeconds, targets, at, claim, told }];
      });
    }),
  ];
  return milestones.sort((a, b) => a.at - b.at);
};

const firstCounted = ({ calendar }: Clock, at: number, pauses: readonly Interval[]): number => {
  if (at === Infinity) return Infinity;
  for (const { from } of calendar.counted(at, Infinity, pauses)) return from;
  return Infinity;
};

/** What only makes sense before the deadline has passed. */
const isAhead = (milestone: Milestone): boolean =>
  milestone.kind === 'warning' || (milestone.kind === 'level' && milestone.offsetSeconds < 0);

/** Whether a milestone is a repetition of a level of which one of these is a later one: then it has nothing to say any more. */
const isOvertaken = (milestone: Milestone, others: readonly Milestone[]): boolean =>
  milestone.kind === 'level' &&
  milestone.repetition > 0 &&
  others.some(
    (other) => other.kind === 'level' && other.level === milestone.level && other.repetition > milestone.repetition,
  );

/** What of a clock wants to be told yet, in order: of a stopped one a breach that nobody recorded, and nothing else. */
const untold = (clock: Clock): readonly Milestone[] => {
  const breached = clock.state === 'breached';
  if (!isLive(clock) && (!breached || clock.breachRecorded)) return [];
  const milestones = milestonesOf(clock);
  const told = milestones.filter((milestone) => milestone.told);
  return milestones.filter((milestone) => {
    if (isOvertaken(milestone, told)) return false;
    if (milestone.told) return false;
    if (milestone.kind === 'breach') return true;
    if (!isLive(clock) || (milestone.kind === 'level' && clock.claims.has('acknowledged'))) return false;
    return !breached || !isAhead(milestone);
  });
};

/** Something that has to be told now. */
export interface DueMilestone {
  readonly clock: Clock;
  readonly milestone: Milestone;
}

/**
 * What is past at `now` and was not told yet, the earliest first: each wants exactly one event. Of the repetitions of a level
 * that a late look finds past only the last one, so that nobody is called twenty times in a minute.
 */
export const dueMilestones = (clocks: readonly Clock[], now: number): readonly DueMilestone[] =>
  clocks
    .flatMap((clock) => {
      const past = untold(clock).filter(({ at }) => at < now);
      return past.filter((milestone) => !isOvertaken(milestone, past)).map((milestone) => ({ clock, milestone }));
    })
    .sort((a, b) => a.milestone.at - b.milestone.at);

const earliest = (instants: readonly number[]): number | null => {
  const least = Math.min(...instants);
  return least === Infinity ? null : least;
};

/** The next instant at which a clock has something to tell, or null: paused and stopped ones have not. */
export const nextMilestoneAt = (clocks: readonly Clock[]): number | null =>
  earliest(clocks.flatMap((clock) => untold(clock).map(({ at }) => at)));

/** What the desk itself owes to customers and colleagues; a provider's clock is the provider's. */
const isOwed = (clock: Clock): boolean => isLive(clock) && clock.state !== 'paused' && clock.metric !== 'provider';

/** The oldest promise that is still owed, missed ones included, or null: paused and stopped clocks owe nothing now. */
export const owedDueAt = (clocks: readonly Clock[]): number | null =>
  earliest(clocks.filter(isOwed).map(({ dueAt }) => dueAt));

/** The next deadline that can still be kept or was not recorded as missed yet, or null. */
export const nextDueAt = (clocks: readonly Clock[]): number | null =>
  earliest(clocks.filter((clock) => isOwed(clock) && !clock.breachRecorded).map(({ dueAt }) => dueAt));
