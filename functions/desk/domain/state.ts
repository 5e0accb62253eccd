import type { Clock } from '../../sla/domain/clock.ts';
import type { TermsOf } from '../../sla/domain/cycles.ts';
import { evaluate } from '../../sla/domain/evaluate.ts';
import { nextDueAt, nextMilestoneAt, owedDueAt } from '../../sla/domain/milestones.ts';
import type { Timeline } from '../../sla/domain/timeline.ts';
import { closesAfterMs } from './status.ts';
import type { Ticket } from './ticket.ts';

/** A ticket with the timeline that its clocks are computed from, and the terms that the timeline names. */
export interface TicketState {
  readonly ticket: Ticket;
  readonly timeline: Timeline;
  readonly termsOf: TermsOf;
}

/** The clocks of a ticket at an instant (ms). */
export const clocksAt = ({ timeline, termsOf }: Omit<TicketState, 'ticket'>, at: number): readonly Clock[] =>
  evaluate(timeline, termsOf, at);

/** When the ticket was last touched: time alone changes nothing that is kept of it. */
const lastAt = (timeline: Timeline): number => timeline.at(-1)?.at ?? 0;

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** Fills in what follows from the timeline: the next open deadline. */
export const withDeadline = (state: TicketState, at: number): Ticket => ({
  ...state.ticket,
  nextDueAt: isoOrNull(nextDueAt(clocksAt(state, at))),
});

/**
 * The deadline by which a ticket stands in its queue: the oldest that it owes, missed ones included, so that a ticket keeps
 * its place, in front, when a promise is broken. As of the last entry: time alone moves nobody. Null: nothing is owed.
 */
export const queueDeadline = (state: TicketState): string | null =>
  isoOrNull(owedDueAt(clocksAt(state, lastAt(state.timeline))));

/**
 * When the desk itself has to look at the ticket again: somebody is to be warned or told of a breach, or a resolved ticket is to
 * be closed. As of the last entry, so it may be past: then the look is due at once. Null: never.
 */
export const attentionAt = (state: TicketState): string | null => {
  const { ticket, timeline } = state;
  const closing =
    ticket.status === 'resolved' && ticket.resolvedAt !== null
      ? Date.parse(ticket.resolvedAt) + closesAfterMs
      : Infinity;
  const at = Math.min(closing, nextMilestoneAt(clocksAt(state, lastAt(timeline))) ?? Infinity);
  return at === Infinity ? null : iso(at);
};
