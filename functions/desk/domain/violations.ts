import type { Contribution } from '../../platform/store/contribution.ts';
import type { Calendar } from '../../sla/domain/calendar.ts';
import { type Clock, refOf } from '../../sla/domain/clock.ts';
import type { Status, Timeline } from '../../sla/domain/timeline.ts';
import { type Cause, detailOf, subjectOf, type Violation } from '../../violations/domain/violation.ts';
import { clocksAt, type TicketState } from './state.ts';

const iso = (at: number): string => new Date(at).toISOString();
const seconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));

/** Whose turn it is while a ticket has this status. */
const waitsOn = (status: Status): Cause =>
  status === 'waiting_vendor' ? 'vendor' : status === 'waiting_customer' ? 'customer' : 'us';

interface Turn {
  readonly who: Cause;
  readonly from: number;
  readonly to: number;
}

/** Whose turn it was, when, between two instants. */
const turnsOf = (timeline: Timeline, from: number, to: number): readonly Turn[] => {
  const moves = timeline.flatMap((entry) => (entry.kind === 'created' || entry.kind === 'status' ? [entry] : []));
  return moves.flatMap(({ at, status }, index) => {
    const turn = { who: waitsOn(status), from: Math.max(from, at), to: Math.min(to, moves[index + 1]?.at ?? to) };
    return turn.from < turn.to ? [turn] : [];
  });
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Of a turn, what the clock counted: open time without the clock's pauses. */
const countedOf = (turn: Turn, clock: Clock, calendar: Pick<Calendar, 'elapsed'>): number =>
  calendar.elapsed(turn.from, turn.to) -
  sum(
    clock.pauses.map((pause) =>
      calendar.elapsed(Math.max(pause.from, turn.from), Math.min(pause.to ?? turn.to, turn.to)),
    ),
  );

/**
 * To whom a missed deadline is put down, from how the ticket's open time was spent since the clock started:
 * - `causeSeconds`: the time in `waiting_vendor` is the vendor's and that in `waiting_customer` the customer's, whether the
 *   clock paused for it or not; all the rest is ours, `waiting_internal` and the time before a reopen too.
 * - `cause`: the vendor's, when the clock went on counting while the ticket waited for the vendor, and would have met its
 *   target without that; the customer's likewise; of both, who took longer. Everything else is ours: time for which the clock
 *   paused excuses nothing, for it was never counted.
 */
export const attribute = (timeline: Timeline, clock: Clock, now: number): Pick<Violation, 'cause' | 'causeSeconds'> => {
  const { calendar } = clock;
  const turns = turnsOf(timeline, clock.startedAt, clock.stoppedAt ?? now);
  const spent = (who: Cause) => sum(turns.map((turn) => (turn.who === who ? calendar.elapsed(turn.from, turn.to) : 0)));
  const counted = (who: Cause) => sum(turns.map((turn) => (turn.who === who ? countedOf(turn, clock, calendar) : 0)));
  const excuses = (['vendor', 'customer'] as const)
    .map((who) => ({ who, ms: counted(who) }))
    .filter(({ ms }) => ms > 0 && clock.elapsedMs - ms <= clock.targetSeconds * 1000)
    .sort((a, b) => b.ms - a.ms);
  return {
    cause: excuses[0]?.who ?? 'us',
    causeSeconds: {
      us: seconds(spent('us')),
      vendor: seconds(spent('vendor')),
      customer: seconds(spent('customer')),
    },
  };
};

const same = (clock: Clock, { metric, cycle }: { readonly metric: string; readonly cycle: number }): boolean =>
  clock.metric === metric && clock.cycle === cycle;

/**
 * The deadline that a recorded breach was about, from the timeline up to that record, which nothing changes any more: pauses
 * and targets of later do not move a violation into another month.
 */
const missedDeadline = (state: TicketState, clock: Clock): number | null => {
  const index = state.timeline.findIndex((entry) => entry.kind === 'breach' && same(clock, entry));
  const record = state.timeline[index];
  if (record === undefined) return null;
  const upToThen = { ...state, timeline: state.timeline.slice(0, index + 1) };
  return clocksAt(upToThen, record.at).find((one) => same(one, clock))?.dueAt ?? record.at;
};

/** Whether the promise is broken by the target of today. While the clock runs, from the very instant at which it was due. */
const isOver = ({ state, stoppedAt, elapsedMs, targetSeconds }: Clock): boolean =>
  state === 'breached' &&
  (stoppedAt === null ? Math.ceil(elapsedMs / 1000) >= targetSeconds : elapsedMs > targetSeconds * 1000);

interface Standing {
  readonly contribution: Contribution;
  /** The same text for what need not be said again. */
  readonly meaning: string;
}

/** The violations of a ticket as they stand at an instant, by subject: at most one for each metric and cycle. */
const standing = (state: TicketState, now: number): ReadonlyMap<string, Standing> => {
  const { ticket, timeline } = state;
  const found = new Map<string, Standing>();
  for (const clock of clocksAt(state, now)) {
    const deadline = clock.breachRecorded && isOver(clock) ? missedDeadline(state, clock) : null;
    if (deadline === null) continue;
    const { metric, cycle, targetSeconds, stoppedAt } = clock;
    const actualSeconds = stoppedAt === null ? null : seconds(clock.elapsedMs);
    const violation: Violation = {
      metric,
      cycle,
      targetSeconds,
      dueAt: iso(deadline),
      actualSeconds,
      overrunSeconds: actualSeconds === null ? null : actualSeconds - targetSeconds,
      ...attribute(timeline, clock, now),
      policy: refOf(clock.policy),
      calendar: refOf(clock.calendar),
    };
    const contribution: Contribution = {
      kpi: 'sla-violations',
      subject: subjectOf(ticket.id, violation),
      ticketId: ticket.id,
      at: violation.dueAt,
      value: 1,
      excluded: null,
      team: ticket.teamId,
      customer: ticket.customerId,
      priority: ticket.priority,
      detail: detailOf(violation),
    };
    // Seconds that merely pass are no news; that it is another's turn is.
    const running = { cause: waitsOn(ticket.status), causeSeconds: null };
    const meaning = { ...contribution, detail: stoppedAt === null ? { ...violation, ...running } : violation };
    found.set(contribution.subject, { contribution, meaning: JSON.stringify(meaning) });
  }
  return found;
};

/** When the last event of a ticket was: what stood then has been said. */
const lastToldAt = ({ ticket, timeline }: TicketState): number =>
  Math.max(Date.parse(ticket.updatedAt), timeline.at(-1)?.at ?? 0);

const takenBack = ({ detail: _detail, ...contribution }: Contribution): Contribution => ({
  ...contribution,
  value: null,
  retracted: true,
});

/**
 * What a change says about the violations of the ticket (S-50): a promise that was recorded as broken, said again when the
 * clock stops or runs again, when its target, team or priority changes and when it becomes another's turn, and taken back when
 * the clock is no longer over its target. It lies at the deadline that was missed. Derived from the two states alone, so
 * the same change always says the same.
 */
export const violationsOf = (before: TicketState | null, after: TicketState, at: number): readonly Contribution[] => {
  const told = before === null ? new Map<string, Standing>() : standing(before, lastToldAt(before));
  const now = standing(after, Math.max(at, after.timeline.at(-1)?.at ?? at));
  const gone = [...told.entries()].flatMap(([subject, { contribution }]) =>
    now.get(subject)?.contribution.at === contribution.at ? [] : [takenBack(contribution)],
  );
  const news = [...now.entries()].flatMap(([subject, { contribution, meaning }]) =>
    told.get(subject)?.meaning === meaning ? [] : [contribution],
  );
  return [...gone, ...news];
};
