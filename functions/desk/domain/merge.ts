import type { Actor } from '../../platform/actor.ts';
import { conclude, type Decision, statusFields } from './decision.ts';
import type { TicketState } from './state.ts';

/**
 * Ends a ticket that goes on in another one: its clocks are cancelled, it never escalates again, and it is closed for good. What
 * was promised about it and missed before stays missed.
 */
export const mergeTicket = (state: TicketState, into: { readonly id: string }, actor: Actor, at: number): Decision =>
  conclude(state, {
    ticket: {
      ...state.ticket,
      ...statusFields(state.ticket, 'closed', at),
      mergedInto: into.id,
      updatedAt: new Date(at).toISOString(),
    },
    entries: [
      { at, kind: 'merged' },
      { at, kind: 'status', status: 'closed' },
    ],
    at,
    actor,
    type: 'ticket.merged',
    data: { into: into.id },
  });

/** Tells the ticket in which another one goes on. */
export const receiveMerged = (
  state: TicketState,
  from: { readonly id: string; readonly number: string; readonly subject: string },
  actor: Actor,
  at: number,
): Decision =>
  conclude(state, {
    ticket: { ...state.ticket, updatedAt: new Date(at).toISOString() },
    entries: [],
    at,
    actor,
    type: 'ticket.mergedFrom',
    data: { ticketId: from.id, number: from.number, subject: from.subject },
  });
