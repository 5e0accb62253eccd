import { importedContact, importedCustomer } from '../../people/index.ts';
import { systemActor } from '../../platform/actor.ts';
import { newId } from '../../platform/ids.ts';
import { AlsoRefused } from '../../platform/store/commit.ts';
import { openTicket, type NewTicket } from '../domain/open.ts';
import type { Ticket } from '../domain/ticket.ts';
import { choiceFor, type DeskPorts } from './ports.ts';

/** The source under which the desk's own tickets are claimed, and those whom they are for. */
const own = 'desk';

export type OwnTicket = Pick<NewTicket, 'subject' | 'description' | 'priority' | 'serviceId' | 'teamId' | 'tags'> & {
  /** What it is about: the same is the same ticket for ever. */
  readonly externalId: string;
  /** Names; both are registered when they are met first. */
  readonly customer: string;
  readonly requester: string;
};

/**
 * Opens a ticket that the desk itself has a reason for, once: whoever comes again, or at the same time, gets the ticket that is
 * there, whatever became of it since. A crash after it leaves a ticket, which the next attempt finds.
 */
export const openOnce = async (ports: DeskPorts, wanted: OwnTicket): Promise<Ticket> => {
  const { externalId, customer, requester, ...fields } = wanted;
  const claimed = `ticket:${own}`;
  const known = async (): Promise<Ticket | null> => {
    const found = await ports.people.externalIds.find(claimed, externalId);
    return found === null ? null : ((await ports.tickets.find(found.id))?.ticket ?? null);
  };
  const before = await known();
  if (before !== null) return before;
  const customerId = await importedCustomer(ports.people, own, customer, systemActor);
  const requesterId = await importedContact(ports.people, own, customerId, requester, systemActor);
  const choice = await choiceFor(ports, customerId);
  const [number = ''] = await ports.tickets.nextNumbers(1);
  const now = ports.clock.now();
  const id = newId('tkt', now);
  const opened = { ...fields, id, number, externalId: null, customerId, requesterId } as const;
  const decision = openTicket({ ...opened, type: 'incident', channel: 'monitor' }, systemActor, now, choice);
  try {
    await ports.tickets.commit(null, decision, { also: [ports.people.externalIds.claim(claimed, externalId, id)] });
    return decision.state.ticket;
  } catch (error) {
    const theirs = error instanceof AlsoRefused ? await known() : null;
    if (theirs === null) throw error;
    return theirs;
  }
};
