import type { Principal } from '../../platform/actor.ts';
import { Forbidden, IllegalTransition } from '../../platform/errors.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { type Reply, replyToTicket } from '../domain/reply.ts';
import type { Ticket } from '../domain/ticket.ts';
import { ticketKey } from '../store.ts';
import { changeExisting } from './change-existing.ts';
import { type DeskPorts, readFor } from './ports.ts';

/**
 * Adds a public reply or an internal note. Bodies are kept first when long; a crash in between leaves a text nobody mentions.
 * @throws NotFound, StaleVersion, Forbidden (a requester writing an internal note), IllegalTransition (closed ticket)
 */
export const reply = async (
  ports: DeskPorts,
  principal: Principal,
  command: Omit<Reply, 'body'> & { readonly ticketId: string; readonly ifMatch: number | null; readonly body: string },
  remember: (ticket: Ticket) => TransactItem | undefined,
): Promise<Ticket> => {
  if (principal.role === 'requester' && (command.visibility === 'internal' || command.onBehalfOf !== null)) {
    throw new Forbidden('A requester writes public replies in the own name only.');
  }
  await readFor(ports, principal, command.ticketId);
  const body = await ports.tickets.bodies.keep(ticketKey(command.ticketId), command.body);
  const actor = { id: principal.id, role: principal.role };
  return changeExisting(
    ports,
    { principal, ...command },
    (read, now) => {
      if (read.ticket.status === 'closed' && command.visibility === 'public') {
        throw new IllegalTransition(
          'The ticket is closed, and that is final: open a new ticket that mentions this one.',
        );
      }
      return replyToTicket(read, { ...command, body }, actor, now);
    },
    remember,
  );
};
