import { addDays, dayMs, instantOf, localTime } from '../../sla/domain/zone.ts';
import type { Handover, Pattern } from './rota.ts';

/** One turn of a pattern. The first one has no beginning: whoever stands first is on call before `startsOn` too. */
export interface Turn {
  readonly number: number;
  readonly agentId: string;
  readonly from: number;
  readonly to: number;
}

/** Local days of a turn: a week is seven of them, and not 168 hours. */
export const turnDays = ({ every, days }: Handover): number => (every === 'week' ? 7 : days);

const timeOfDay = ({ at }: Handover): number => (Number(at.slice(0, 2)) * 60 + Number(at.slice(3))) * 60_000;

/** The local day on which a turn begins. */
export const dayOfTurn = (pattern: Pattern, turn: number): string =>
  addDays(pattern.startsOn, turn * turnDays(pattern.handover));

/** The instant at which a turn begins: each is looked up in the zone by itself, so no change of the clocks adds up. */
export const handoverTo = (pattern: Pattern, turn: number): number =>
  instantOf(pattern.timezone, { date: dayOfTurn(pattern, turn), ms: timeOfDay(pattern.handover) });

/** Whose turn it is. The days since the start give the turn but for one, which the instants of hand-over decide. */
export const turnAt = (pattern: Pattern, at: number): Turn => {
  const days = Math.round((Date.parse(localTime(pattern.timezone, at).date) - Date.parse(pattern.startsOn)) / dayMs);
  let number = Math.max(0, Math.floor(days / turnDays(pattern.handover)));
  while (number > 0 && handoverTo(pattern, number) > at) number -= 1;
  while (handoverTo(pattern, number + 1) <= at) number += 1;
  return {
    number,
    agentId: pattern.agentIds[number % pattern.agentIds.length] ?? '',
    from: number === 0 ? Number.NEGATIVE_INFINITY : handoverTo(pattern, number),
    to: handoverTo(pattern, number + 1),
  };
};

/** The local day of the last time of hand-over up to an instant. */
export const dayOfLastHandoverTime = ({ timezone, handover }: Pick<Pattern, 'timezone' | 'handover'>, at: number) => {
  const { date, ms } = localTime(timezone, at);
  return ms < timeOfDay(handover) ? addDays(date, -1) : date;
};
