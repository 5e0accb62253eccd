import type { Actor, Principal } from '../../platform/actor.ts';
import { NotFound, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { contactByEmail, customers, teams } from '../../people/index.ts';
import { openTicket, type NewTicket } from '../domain/open.ts';
import type { Ticket } from '../domain/ticket.ts';
import { choiceFor, type DeskPorts, maySee } from './ports.ts';

export type OpenCommand = Omit<NewTicket, 'id' | 'number' | 'externalId' | 'requesterId' | 'customerId'> & {
  readonly customerId: string;
  readonly requester: { readonly name: string; readonly email: string; readonly phone: string | null } | null;
};

/** Who the ticket is for: the contact named, found by mail address or registered; a requester who names nobody is it. */
const requesterOf = async (
  ports: DeskPorts,
  principal: Principal,
  command: OpenCommand,
  actor: Actor,
): Promise<string> => {
  if (command.requester !== null) return contactByEmail(ports.people, command.customerId, command.requester, actor);
  if (principal.role === 'requester') return principal.id;
  throw new ValidationFailed([{ path: 'requester', message: 'is required when staff opens a ticket' }]);
};

/**
 * Opens a ticket (S-20, S-41). Not idempotent by itself: with an Idempotency-Key the record stands in the same transaction.
 * @throws NotFound for a customer or team that does not exist, or that the caller may not know of
 */
export const open = async (
  ports: DeskPorts,
  principal: Principal,
  command: OpenCommand,
  remember: (ticket: Ticket) => TransactItem | undefined,
): Promise<Ticket> => {
  if (!maySee(principal, command.customerId)) throw new NotFound('customer', command.customerId);
  if (!(await ports.people.store.exists(customers, command.customerId))) {
    throw new NotFound('customer', command.customerId);
  }
  if (command.teamId !== null && !(await ports.people.store.exists(teams, command.teamId))) {
    throw new NotFound('team', command.teamId);
  }
  const actor: Actor = { id: principal.id, role: principal.role };
  const { requester: _requester, ...fields } = command;
  const requesterId = await requesterOf(ports, principal, command, actor);
  const choice = await choiceFor(ports, command.customerId);
  const [number = ''] = await ports.tickets.nextNumbers(1);
  const now = ports.clock.now();
  const opened = { ...fields, requesterId, id: newId('tkt', now), number, externalId: null };
  const decision = openTicket(opened, actor, now, choice);
  const { ticket } = decision.state;
  await ports.tickets.commit(null, decision, { once: remember(ticket) });
  return ticket;
};
