import type { Actor } from '../../platform/actor.ts';
import { isSolved, type Status } from '../../sla/domain/timeline.ts';
import { conclude, type Decision, statusFields } from './decision.ts';
import type { TicketState } from './state.ts';

/**
 * Moves a ticket to a status (S-24). Back from resolved or closed to an active one is a reopen: the resolution clock goes on
 * and does not count the time spent solved. Which moves a person may make is `mayMove`'s decision, not this function's:
 * imported history moves as it moved.
 */
export const moveTicket = (
  state: TicketState,
  to: Status,
  why: { readonly reason: string | null; readonly note: string | null; readonly byMachine: boolean },
  actor: Actor,
  at: number,
): Decision => {
  const { ticket } = state;
  const reopened = isSolved(ticket.status) && !isSolved(to);
  return conclude(state, {
    ticket: { ...ticket, ...statusFields(ticket, to, at), updatedAt: new Date(at).toISOString() },
    entries: [{ at, kind: 'status', status: to, ...(why.byMachine ? { bot: true as const } : {}) }],
    at,
    actor,
    type: reopened ? 'ticket.reopened' : 'ticket.statusChanged',
    data: { from: ticket.status, to, reason: why.reason, note: why.note },
  });
};
