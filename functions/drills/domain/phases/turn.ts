import type { Drill, ActionName, LegName } from '../drill.ts';
import { iso, ms, plusSeconds, secondsBetween } from '../instants.ts';
import { delayOf, paceOf } from '../limits.ts';

/** An instant of a step: `now` it is taken, `from` then what was observed was begun. */
export interface Instants {
  readonly now: number;
  readonly from: number;
}

/** Another action is wanted from now on (or not before `at`); observations of the one before are not looked at any more. */
export const want = (drill: Drill, now: number, wants: ActionName, at = now): Drill => ({
  ...drill,
  wants,
  turn: drill.turn + 1,
  nextAt: iso(at),
  attempts: 0,
  wantedSince: iso(now),
  lastLookAt: null,
});

/** It goes on at once: an invocation has done a part of the work. */
export const goOn = (drill: Drill, { now }: Instants): Drill => ({ ...drill, attempts: 0, nextAt: iso(now) });

/** Not yet what is waited for: the next look comes by its pace. */
export const lookAgain = (drill: Drill, { now, from }: Instants): Drill => ({
  ...drill,
  attempts: 0,
  lastLookAt: iso(Math.max(from, drill.lastLookAt === null ? 0 : ms(drill.lastLookAt))),
  nextAt: iso(now + paceOf(now - ms(drill.wantedSince))),
});

/** Trouble that passes. It saw nothing, so the last look stays where it was. */
export const tryAgain = (drill: Drill, { now }: Instants): Drill => ({
  ...drill,
  attempts: drill.attempts + 1,
  nextAt: iso(now + delayOf(drill.attempts)),
});

/** A leg that was gone into before and is gone into again, with another recovery point, begins where it first did. */
export const openLeg = (drill: Drill, name: LegName, startedAt: number): Drill => {
  const first = drill.legs.find((leg) => leg.name === name);
  const leg = { name, startedAt: first?.startedAt ?? iso(startedAt), endedAt: null, errorBoundSeconds: 0 };
  return { ...drill, legs: [...drill.legs.filter((one) => one.name !== name), leg] };
};

export const withoutLegs = (drill: Drill, ...names: readonly LegName[]): Drill => ({
  ...drill,
  legs: drill.legs.filter(({ name }) => !names.includes(name)),
});

export const legOf = ({ legs }: Pick<Drill, 'legs'>, name: LegName) => legs.find((leg) => leg.name === name) ?? null;

const changeLeg = (
  drill: Drill,
  name: LegName,
  change: (leg: Drill['legs'][number]) => Drill['legs'][number],
): Drill => ({
  ...drill,
  legs: drill.legs.map((leg) => (leg.name === name && leg.endedAt === null ? change(leg) : leg)),
});

export const closeLeg = (drill: Drill, name: LegName, endedAt: number, errorBoundSeconds = 0): Drill =>
  changeLeg(drill, name, (leg) => ({
    ...leg,
    endedAt: iso(Math.max(endedAt, ms(leg.startedAt))),
    errorBoundSeconds: plusSeconds(leg.errorBoundSeconds, errorBoundSeconds),
  }));

/** Time that passed between two calls, each of which did a part: it may not have been needed. */
export const widenLeg = (drill: Drill, name: LegName, seconds: number): Drill =>
  changeLeg(drill, name, (leg) => ({ ...leg, errorBoundSeconds: plusSeconds(leg.errorBoundSeconds, seconds) }));

export const endOf = (drill: Drill, name: LegName, otherwise: number): number => {
  const endedAt = legOf(drill, name)?.endedAt ?? null;
  return endedAt === null ? otherwise : ms(endedAt);
};

/** Since when what is waited for may have been there: since the last look that did not see it, or since the leg began. */
export const unseenSince = (drill: Drill, name: LegName, otherwise: number): number => {
  if (drill.lastLookAt !== null) return ms(drill.lastLookAt);
  const leg = legOf(drill, name);
  return leg === null ? otherwise : ms(leg.startedAt);
};

/** A leg ends at the instant that the service says, or now, with the time that nobody looked as its bound. */
export const closeSeen = (drill: Drill, name: LegName, exact: string | null, { now }: Instants): Drill =>
  exact === null
    ? closeLeg(drill, name, now, secondsBetween(unseenSince(drill, name, now), now))
    : closeLeg(drill, name, Math.min(ms(exact), now));

export const withReasons = (drill: Drill, ...reasons: readonly string[]): Drill => ({
  ...drill,
  reasons: [...drill.reasons, ...reasons.filter((reason) => !drill.reasons.includes(reason))],
});
