import type { Principal } from '../../platform/actor.ts';
import { IllegalTransition, StaleVersion, ValidationFailed } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { mergeTicket, receiveMerged } from '../domain/merge.ts';
import type { Ticket } from '../domain/ticket.ts';
import { type DeskPorts, readFor } from './ports.ts';
import { settle } from './settle.ts';

const attempts = 8;

const refuse = (source: Ticket, target: Ticket): void => {
  if (source.status === 'closed') throw new IllegalTransition('The ticket is closed, and that is final.');
  if (target.customerId !== source.customerId) {
    throw new ValidationFailed([{ path: 'intoTicketId', message: 'belongs to another customer' }]);
  }
  if (target.mergedInto !== null) {
    throw new IllegalTransition(`${target.id} was merged itself, into ${target.mergedInto}: merge into that one.`);
  }
};

/**
 * Lets a ticket go on in another one: both are told in one transaction. What either missed before is recorded first; a
 * repetition finds it done. @throws NotFound, StaleVersion, ValidationFailed, IllegalTransition
 */
export const merge = async (
  ports: DeskPorts,
  principal: Principal,
  command: { readonly ticketId: string; readonly ifMatch: number | null; readonly intoTicketId: string },
  remember: (ticket: Ticket) => TransactItem | undefined,
): Promise<Ticket> => {
  const { ticketId, ifMatch, intoTicketId } = command;
  const actor = { id: principal.id, role: principal.role };
  if (ticketId === intoTicketId)
    throw new ValidationFailed([{ path: 'intoTicketId', message: 'is the ticket itself' }]);
  for (let attempt = 1; ; attempt += 1) {
    const [source, target] = await Promise.all([
      readFor(ports, principal, ticketId),
      readFor(ports, principal, intoTicketId),
    ]);
    if (ifMatch !== null && ifMatch !== source.ticket.version) throw new StaleVersion(source.ticket.version);
    if (source.ticket.mergedInto === intoTicketId) return source.ticket;
    refuse(source.ticket, target.ticket);
    try {
      const [from, into] = [await settle(ports, source), await settle(ports, target)];
      const now = ports.clock.now();
      const decision = mergeTicket(from, into.ticket, actor, now);
      await ports.tickets.commit(from, decision, {
        together: { before: into, decision: receiveMerged(into, from.ticket, actor, now) },
        once: remember(decision.state.ticket),
      });
      return decision.state.ticket;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};
