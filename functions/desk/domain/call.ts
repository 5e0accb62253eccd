import type { Actor } from '../../platform/actor.ts';
import type { TimelineEntry } from '../../sla/domain/timeline.ts';
import { conclude, type Decision, statusFields } from './decision.ts';
import type { TicketState } from './state.ts';
import { statusAfterCustomerReply } from './status.ts';

/** A telephone call about a ticket. Instants in ms. */
export interface Call {
  readonly direction: 'inbound' | 'outbound';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly note: string | null;
}

/**
 * Writes down a call, as a rule after it (P-03): a call to the customer is a response, at the instant at which it began, so a
 * promise that it kept is kept however late somebody wrote it down. Somebody who rings was talked to and waits for nothing
 * more; the call opens what waits for the customer and reopens what was resolved, from now on.
 */
export const noteCall = (state: TicketState, call: Call, actor: Actor, now: number): Decision => {
  const { ticket } = state;
  const status = call.direction === 'inbound' ? statusAfterCustomerReply(ticket.status) : ticket.status;
  const moved = status !== ticket.status;
  const entries: TimelineEntry[] = [
    ...(call.direction === 'outbound' ? [{ at: call.startedAt, kind: 'response' as const }] : []),
    ...(moved ? [{ at: now, kind: 'status' as const, status }] : []),
  ];
  return conclude(state, {
    ticket: {
      ...ticket,
      ...(moved ? statusFields(ticket, status, now) : {}),
      updatedAt: new Date(now).toISOString(),
    },
    entries,
    at: call.startedAt,
    actor,
    type: 'ticket.called',
    data: {
      direction: call.direction,
      startedAt: new Date(call.startedAt).toISOString(),
      endedAt: new Date(call.endedAt).toISOString(),
      note: call.note,
      ...(moved ? { status: { from: ticket.status, to: status } } : {}),
    },
  });
};
