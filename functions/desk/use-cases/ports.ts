import type { Principal } from '../../platform/actor.ts';
import type { Clock } from '../../platform/clock.ts';
import { NotFound } from '../../platform/errors.ts';
import type { RegisterPorts } from '../../people/index.ts';
import type { ReadTicket, TicketStore } from '../store.ts';

/** What the ticket use cases work with. */
export interface DeskPorts {
  readonly tickets: TicketStore;
  readonly people: RegisterPorts;
  readonly clock: Clock;
}

/** Whether the caller may know of this ticket: requesters know their own customer's (S-31). */
export const maySee = (principal: Principal, customerId: string | null): boolean =>
  principal.role !== 'requester' || (customerId !== null && customerId === principal.customerId);

/** Reads a ticket for a caller. @throws NotFound also when it belongs to another customer. */
export const readFor = async (ports: DeskPorts, principal: Principal, id: string): Promise<ReadTicket> => {
  const read = await ports.tickets.find(id);
  if (read === null || !maySee(principal, read.ticket.customerId)) throw new NotFound('ticket', id);
  return read;
};
