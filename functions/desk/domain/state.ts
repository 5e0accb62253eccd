import { defaultPolicy } from '../../sla/domain/policy.ts';
import { roundTheClock } from '../../sla/domain/calendar.ts';
import type { Clock } from '../../sla/domain/clock.ts';
import { nextDueAt, owedDueAt } from '../../sla/domain/due.ts';
import { evaluate } from '../../sla/domain/evaluate.ts';
import type { Timeline } from '../../sla/domain/timeline.ts';
import { closesAfterMs } from './status.ts';
import type { Ticket } from './ticket.ts';

/** A ticket with the timeline that its clocks are computed from. */
export interface TicketState {
  readonly ticket: Ticket;
  readonly timeline: Timeline;
}

/** The clocks of a timeline at an instant (ms). One policy and calendar for now; the ticket will name its own. */
export const clocksAt = (timeline: Timeline, at: number): readonly Clock[] =>
  evaluate(timeline, defaultPolicy, roundTheClock, at);

const iso = (at: number): string => new Date(at).toISOString();

/** Fills in what follows from the timeline: the next open deadline. */
export const withDeadline = (ticket: Ticket, timeline: Timeline, at: number): Ticket => {
  const due = nextDueAt(clocksAt(timeline, at));
  return { ...ticket, nextDueAt: due === null ? null : iso(due) };
};

/**
 * The deadline by which a ticket stands in its queue: the oldest that it owes, missed ones included, so that a ticket keeps
 * its place, in front, when a promise is broken. As of the last entry: time alone moves nobody. Null: nothing is owed.
 */
export const queueDeadline = ({ timeline }: TicketState): string | null => {
  const owed = owedDueAt(clocksAt(timeline, timeline.at(-1)?.at ?? 0));
  return owed === null ? null : iso(owed);
};

/** When the desk itself has to look at the ticket again: a deadline, or the closing of a resolved ticket. Null: never. */
export const attentionAt = (ticket: Ticket): string | null => {
  const closing =
    ticket.status === 'resolved' && ticket.resolvedAt !== null
      ? iso(Date.parse(ticket.resolvedAt) + closesAfterMs)
      : null;
  if (closing === null || ticket.nextDueAt === null) return closing ?? ticket.nextDueAt;
  return closing < ticket.nextDueAt ? closing : ticket.nextDueAt;
};
