import type { Actor } from '../../platform/actor.ts';
import type { StoredText } from '../../platform/store/stored-text.ts';
import type { TimelineEntry } from '../../sla/domain/timeline.ts';
import { conclude, type Decision, statusFields } from './decision.ts';
import type { TicketState } from './state.ts';
import { statusAfterCustomerReply } from './status.ts';
import type { Ticket } from './ticket.ts';

export interface Reply {
  readonly body: StoredText;
  readonly visibility: 'public' | 'internal';
  readonly channel: Ticket['channel'];
  /** The contact for whom staff wrote this down; it then counts as the customer's word. */
  readonly onBehalfOf: string | null;
}

/** Staff answering in public is a response; the customer's word, whoever wrote it down, is not. */
const isCustomersWord = (reply: Reply, actor: Actor): boolean =>
  actor.role === 'requester' || reply.onBehalfOf !== null;

/**
 * Adds a reply or note. Every public channel moves the clocks alike (P-03): a public reply by staff is the first response.
 * A customer's reply opens what waits for the customer and reopens what was resolved; the event then carries `status`.
 */
export const replyToTicket = (state: TicketState, reply: Reply, actor: Actor, at: number): Decision => {
  const { ticket } = state;
  const fromCustomer = isCustomersWord(reply, actor);
  const response = reply.visibility === 'public' && !fromCustomer;
  const status =
    reply.visibility === 'public' && fromCustomer ? statusAfterCustomerReply(ticket.status) : ticket.status;
  const moved = status !== ticket.status;
  const entries: TimelineEntry[] = [
    ...(response ? [{ at, kind: 'response' as const }] : []),
    ...(moved ? [{ at, kind: 'status' as const, status }] : []),
  ];
  return conclude(state, {
    ticket: {
      ...ticket,
      ...(moved ? statusFields(ticket, status, at) : {}),
      updatedAt: new Date(at).toISOString(),
    },
    entries,
    at,
    actor,
    type: 'ticket.replied',
    data: {
      ...reply.body,
      visibility: reply.visibility,
      channel: reply.channel,
      onBehalfOf: reply.onBehalfOf,
      ...(moved ? { status: { from: ticket.status, to: status } } : {}),
    },
  });
};
