import type { Override, Period, Rota } from './rota.ts';
import { turnAt } from './turns.ts';

/** A time in which one person is on call for one reason: `from` is in it, `to` no longer. */
export interface Shift {
  readonly agentId: string;
  readonly from: string;
  readonly to: string;
  readonly source: 'rotation' | 'override';
  readonly overrideId: string | null;
}

/** Who is on call, and who takes over; null when the rota ends with this shift. */
export interface OnCall extends Shift {
  readonly next: { readonly agentId: string; readonly from: string } | null;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const spanOf = ({ from, to }: { readonly from: string; readonly to: string }): Span => ({
  from: Date.parse(from),
  to: Date.parse(to),
});

/** What is left of a span around an instant that none of the cuts covers. */
const cutBy = (span: Span, cuts: readonly Span[], at: number): Span => ({
  from: Math.max(span.from, ...cuts.filter(({ to }) => to <= at).map(({ to }) => to)),
  to: Math.min(span.to, ...cuts.filter(({ from }) => from > at).map(({ from }) => from)),
});

const shift = (span: Span, of: Pick<Shift, 'agentId' | 'source' | 'overrideId'>): Shift => ({
  agentId: of.agentId,
  from: new Date(span.from).toISOString(),
  to: new Date(span.to).toISOString(),
  source: of.source,
  overrideId: of.overrideId,
});

/** The time in which a rota has somebody on call, to `to` exclusively. */
const lifeOf = (rota: Rota): Span => ({
  from: Date.parse(rota.periods[0]?.effectiveFrom ?? ''),
  to: rota.archivedAt === null ? Number.POSITIVE_INFINITY : Date.parse(rota.archivedAt),
});

/** The turn of the period that holds, as long as that period holds. */
const turnOf = (periods: readonly Period[], at: number): Span & { readonly agentId: string } => {
  const index = periods.findLastIndex(({ effectiveFrom }) => Date.parse(effectiveFrom) <= at);
  const period = periods[index];
  if (period === undefined) throw new RangeError('no period holds yet');
  const turn = turnAt(period, at);
  const next = periods[index + 1];
  return {
    agentId: turn.agentId,
    from: Math.max(turn.from, Date.parse(period.effectiveFrom)),
    to: Math.min(turn.to, next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.effectiveFrom)),
  };
};

/** Overrides that were ever in force, the newest last. */
const inForce = (overrides: readonly Override[]) =>
  overrides.map((override) => ({ ...spanOf(override), override })).filter(({ from, to }) => from < to);

/** The shift at an instant; null before the rota begins and after its end. @throws RangeError before `keptFrom` */
export const shiftAt = (rota: Rota, at: number): Shift | null => {
  if (rota.keptFrom !== null && at < Date.parse(rota.keptFrom))
    throw new RangeError(`Who was on call before ${rota.keptFrom} is told by the history of ${rota.id} only.`);
  const life = lifeOf(rota);
  if (!(life.from <= at && at < life.to)) return null;
  const cuts = inForce(rota.overrides);
  const winner = cuts.findLastIndex(({ from, to }) => from <= at && at < to);
  const won = cuts[winner];
  const newer = cuts.slice(winner + 1);
  // What is not the rota's life, before it and after it, cuts like an override.
  const outside = { from: life.to, to: life.from };
  const within = (span: Span): Span => cutBy(span, [...newer, outside], at);
  if (won !== undefined)
    return shift(within(won), { agentId: won.override.agentId, source: 'override', overrideId: won.override.id });
  const turn = turnOf(rota.periods, at);
  return shift(within(turn), { agentId: turn.agentId, source: 'rotation', overrideId: null });
};

/**
 * Who is on call at an instant: the newest override that covers it, else whose turn it is. Exactly one person from the
 * rota's first hand-over to its end, and null outside of that. @throws RangeError for a time that the rota no longer keeps
 */
export const onCallAt = (rota: Rota, at: number): OnCall | null => {
  const now = shiftAt(rota, at);
  if (now === null) return null;
  const next = shiftAt(rota, Date.parse(now.to));
  return { ...now, next: next === null ? null : { agentId: next.agentId, from: next.from } };
};

/**
 * Who is to be called now. A machine whose clock is behind that of the one that changed the rota asks of the instant of that
 * change, and is not told that it asks of the past.
 */
export const onCallNow = (rota: Rota, now: number): OnCall | null =>
  onCallAt(rota, rota.keptFrom === null ? now : Math.max(now, Date.parse(rota.keptFrom)));

/** The first shift of a rota; null when it ended before it began. */
export const firstShift = (rota: Rota): Shift | null => shiftAt(rota, lifeOf(rota).from);

/** All shifts that touch `[from, to)`, whole, in order and without gaps. */
export const shiftsBetween = (rota: Rota, from: number, to: number): readonly Shift[] => {
  const shifts: Shift[] = [];
  let at = Math.max(from, lifeOf(rota).from);
  while (at < to) {
    const one = shiftAt(rota, at);
    if (one === null) break;
    shifts.push(one);
    at = Date.parse(one.to);
  }
  return shifts;
};
