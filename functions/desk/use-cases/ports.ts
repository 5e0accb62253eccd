import type { Principal } from '../../platform/actor.ts';
import { NotFound } from '../../platform/errors.ts';
import { customers, type RegisterPorts } from '../../people/index.ts';
import type { PolicyBook } from '../../sla/index.ts';
import type { PolicyChoice } from '../domain/policy-choice.ts';
import type { ReadTicket, TicketStore } from '../store.ts';
import type { AlertPeoplePorts } from './alert-people.ts';

/** What telling of a ticket's clocks works with. */
export interface SettlePorts extends AlertPeoplePorts {
  readonly tickets: TicketStore;
}

/** What the ticket use cases work with. */
export interface DeskPorts extends SettlePorts {
  readonly people: RegisterPorts;
  readonly policies: { current(): Promise<PolicyBook> };
}

/** By what the policy of a customer's tickets is chosen now: the book, and the tier when a policy asks for it. */
export const choiceFor = async (
  { policies, people }: Pick<DeskPorts, 'policies'> & { readonly people: Pick<DeskPorts['people'], 'store'> },
  customerId: string | null,
): Promise<PolicyChoice> => {
  const book = await policies.current();
  const asksForTier = book.policies.some(({ conditions }) => conditions.tier.length > 0);
  const customer = customerId === null || !asksForTier ? null : await people.store.find(customers, customerId);
  return { book, tier: customer?.tier ?? null };
};

/** Whether the caller may know of this ticket: requesters know their own customer's (S-31). */
export const maySee = (principal: Principal, customerId: string | null): boolean =>
  principal.role !== 'requester' || (customerId !== null && customerId === principal.customerId);

/** Reads a ticket for a caller. @throws NotFound also when it belongs to another customer. */
export const readFor = async (ports: DeskPorts, principal: Principal, id: string): Promise<ReadTicket> => {
  const read = await ports.tickets.find(id);
  if (read === null || !maySee(principal, read.ticket.customerId)) throw new NotFound('ticket', id);
  return read;
};
