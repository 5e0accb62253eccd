import type { Override, Pattern, Period, Rota } from './rota.ts';
import { dayOfLastHandoverTime, dayOfTurn, handoverTo, turnAt, turnDays } from './turns.ts';

/** What a caller wants to be otherwise; what is left out stays. */
export type WantedPattern = { readonly [Field in keyof Pattern]?: Pattern[Field] | undefined };

/** The period that holds at an instant, or the first one when none does yet. */
export const periodAt = (rota: Rota, at: string): Period | undefined =>
  rota.periods.findLast(({ effectiveFrom }) => effectiveFrom <= at) ?? rota.periods[0];

/** A rota's first period begins with its first hand-over, which may lie in the past: nobody is contradicted by it. */
export const firstPeriod = (pattern: Pattern): Period => ({
  ...pattern,
  effectiveFrom: new Date(handoverTo(pattern, 0)).toISOString(),
});

/** The list turned until the one who is on call stands first. */
const turned = (agentIds: readonly string[], turn: number): string[] => {
  const first = turn % agentIds.length;
  return [...agentIds.slice(first), ...agentIds.slice(0, first)];
};

/**
 * The period that follows `base` from `since` on. Without `startsOn` the first of a new list takes over at `since` and whoever
 * is on call stays so when the list is the old one; hand-overs keep their days unless turns get another length.
 */
const following = (base: Period, wanted: WantedPattern, since: string): Period => {
  const at = Date.parse(since);
  const { number } = turnAt(base, at);
  const timezone = wanted.timezone ?? base.timezone;
  const handover = wanted.handover ?? base.handover;
  const kept = { timezone, handover, effectiveFrom: since };
  if (wanted.startsOn !== undefined)
    return { ...kept, agentIds: wanted.agentIds ?? base.agentIds, startsOn: wanted.startsOn };
  return {
    ...kept,
    agentIds: wanted.agentIds ?? turned(base.agentIds, number),
    startsOn:
      turnDays(handover) === turnDays(base.handover)
        ? dayOfTurn(base, number)
        : dayOfLastHandoverTime({ timezone, handover }, at),
  };
};

/** What a rota that has not begun will do: it begins with its first hand-over, but not before `since`. */
const instead = (base: Period, wanted: WantedPattern, since: string): Period => {
  const begins = firstPeriod({
    timezone: wanted.timezone ?? base.timezone,
    agentIds: wanted.agentIds ?? base.agentIds,
    startsOn: wanted.startsOn ?? base.startsOn,
    handover: wanted.handover ?? base.handover,
  });
  return begins.effectiveFrom < since ? { ...begins, effectiveFrom: since } : begins;
};

/** The period that a change asks for from `since` on, which must not lie in the past. */
export const nextPeriod = (rota: Rota, wanted: WantedPattern, since: string): Period => {
  const base = rota.periods.findLast(({ effectiveFrom }) => effectiveFrom <= since);
  if (base !== undefined) return following(base, wanted, since);
  const first = rota.periods[0];
  if (first === undefined) throw new RangeError(`${rota.id} has no period`);
  return instead(first, wanted, since);
};

/** What was planned for later than a change holds no longer; what has held stays. */
export const withPeriod = (rota: Rota, since: string, period: Period): Rota => ({
  ...rota,
  periods: [...rota.periods.filter(({ effectiveFrom }) => effectiveFrom < since), period],
});

export const withOverride = (rota: Rota, override: Override): Rota => ({
  ...rota,
  overrides: [...rota.overrides, override],
});

/** An override holds until `at` at most; one that has not begun then never does. */
export const withoutOverride = (rota: Rota, overrideId: string, at: string): Rota => ({
  ...rota,
  overrides: rota.overrides.map((one) => {
    if (one.id !== overrideId || one.to <= at) return one;
    return { ...one, to: at < one.from ? one.from : at };
  }),
});

/** The overrides that are not over. */
export const liveOverrides = (rota: Rota, at: string): readonly Override[] =>
  rota.overrides.filter(({ from, to }) => from < to && at < to);

/**
 * What the head keeps: all that says who is on call from the beginning of the present shift on. What was over before leaves
 * it, and `keptFrom` says so.
 */
export const kept = (rota: Rota, present: string): Rota => {
  const periods = rota.periods.filter((_one, index) => {
    const next = rota.periods[index + 1];
    return next === undefined || next.effectiveFrom > present;
  });
  const overrides = rota.overrides.filter(({ from, to }) => from < to && to >= present);
  const over = rota.overrides.filter(({ from, to }) => from < to && to < present);
  const leaves = over.length > 0 || periods.length < rota.periods.length;
  return { ...rota, periods, overrides, keptFrom: leaves ? present : rota.keptFrom };
};
