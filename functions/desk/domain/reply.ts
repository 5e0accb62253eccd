import { type Actor, isMachine } from '../../platform/actor.ts';
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
  /** Written by nobody: out of office, a receipt. */
  readonly automatic: boolean;
}

/** Whose word it is: the customer's, also when staff wrote it down; or that of a person of the staff. */
const wordOf = (reply: Reply, actor: Actor): 'customer' | 'staff' | 'nobody' => {
  if (reply.visibility === 'internal' || reply.automatic) return 'nobody';
  if (actor.role === 'requester' || reply.onBehalfOf !== null) return 'customer';
  return isMachine(actor) ? 'nobody' : 'staff';
};

/**
 * Adds a reply or note. Every public channel moves the clocks alike (P-03): a public reply by a person of the staff is a
 * response. A customer's reply waits for the next one, opens what waits for the customer and reopens what was resolved; the
 * event then carries `status`. Notes, machines and automatic replies (out of office) move nothing.
 */
export const replyToTicket = (state: TicketState, reply: Reply, actor: Actor, at: number): Decision => {
  const { ticket } = state;
  const word = wordOf(reply, actor);
  const status = word === 'customer' ? statusAfterCustomerReply(ticket.status) : ticket.status;
  const moved = status !== ticket.status;
  const entries: TimelineEntry[] = [
    ...(word === 'staff' ? [{ at, kind: 'response' as const }] : []),
    ...(word === 'customer' ? [{ at, kind: 'message' as const }] : []),
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
      ...(reply.automatic ? { automatic: true } : {}),
      ...(moved ? { status: { from: ticket.status, to: status } } : {}),
    },
  });
};
