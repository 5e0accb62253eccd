import { createHash } from 'node:crypto';
import type { Actor } from '../../platform/actor.ts';
import { type FieldError, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { AlsoRefused } from '../../platform/store/commit.ts';
import { canonicalJson } from '../../platform/store/event.ts';
import { importedAgent, importedContact, importedCustomer, importedTeam } from '../../people/index.ts';
import { type HistoryEntry, replayHistory } from '../domain/imported-history.ts';
import { type ImportTicket, importTicketSchema } from '../import-schema.ts';
import { ticketKey } from '../store.ts';
import type { DeskPorts } from './ports.ts';

export interface ImportResult {
  readonly externalId: string | null;
  readonly outcome: 'created' | 'unchanged' | 'rejected';
  readonly ticketId: string | null;
  readonly errors: readonly FieldError[];
}

/** Finds each name once a request. */
type Named = (kind: string, name: string, find: () => Promise<string>) => Promise<string>;

const namesOnce = (): Named => {
  const known = new Map<string, Promise<string>>();
  return (kind, name, find) => {
    const key = `${kind} ${name}`;
    const found = known.get(key) ?? find();
    known.set(key, found);
    return found;
  };
};

/** What a history must keep to be one: in order, not before the creation, not in the future. */
const historyErrors = (ticket: ImportTicket, now: number): FieldError[] => {
  const created = Date.parse(ticket.createdAt);
  const errors: FieldError[] = created > now ? [{ path: 'createdAt', message: 'lies in the future; imported history is past' }] : [];
  // An id carries the instant of creation, and begins with the epoch.
  if (created < 0) errors.push({ path: 'createdAt', message: 'lies before 1970' });
  let before = created;
  for (const [index, entry] of ticket.history.entries()) {
    const at = Date.parse(entry.at);
    const path = `history.${index}.at`;
    if (at < created) errors.push({ path, message: 'is before createdAt' });
    else if (at < before) errors.push({ path, message: 'is before the entry that stands in front of it' });
    else if (at > now) errors.push({ path, message: 'lies in the future; imported history is past' });
    before = Math.max(before, at);
  }
  return errors;
};

const importOne = async (ports: DeskPorts, actor: Actor, ticket: ImportTicket, named: Named): Promise<ImportResult> => {
  const { source, externalId } = ticket;
  const errors = historyErrors(ticket, ports.clock.now());
  if (errors.length > 0) throw new ValidationFailed(errors);
  const contentHash = createHash('sha256').update(canonicalJson(ticket)).digest('base64url');
  const claimed = `ticket:${source}`;
  const known = async (): Promise<ImportResult | null> => {
    const found = await ports.people.externalIds.find(claimed, externalId);
    if (found === null) return null;
    if (found.contentHash === contentHash) return { externalId, outcome: 'unchanged', ticketId: found.id, errors: [] };
    const message = 'was imported before with other content; imported history is never rewritten';
    return { externalId, outcome: 'rejected', ticketId: found.id, errors: [{ path: 'externalId', message }] };
  };
  const before = await known();
  if (before !== null) return before;

  const { people } = ports;
  const team = (name: string | null) =>
    name === null ? null : named('team', name, () => importedTeam(people, source, name, actor));
  const agent = (name: string | null) =>
    name === null ? null : named('agent', name, () => importedAgent(people, source, name, actor));
  const customerName = ticket.customer;
  const customerId =
    customerName === null
      ? null
      : await named('customer', customerName, () => importedCustomer(people, source, customerName, actor));
  const requesterName = ticket.requester;
  const requesterId =
    requesterName === null
      ? null
      : await named(`contact ${customerId}`, requesterName, () =>
          importedContact(people, source, customerId, requesterName, actor),
        );

  const createdAt = Date.parse(ticket.createdAt);
  const id = newId('tkt', createdAt);
  const history: HistoryEntry[] = [];
  for (const entry of ticket.history) {
    const at = Date.parse(entry.at);
    switch (entry.type) {
      case 'status':
        history.push({ at, type: 'status', status: entry.status });
        break;
      case 'assigned':
        history.push({ at, type: 'assigned', teamId: await team(entry.team), assigneeId: await agent(entry.assignee) });
        break;
      case 'reply':
        history.push({ ...entry, at, body: await ports.tickets.bodies.keep(ticketKey(id), entry.body) });
        break;
    }
  }
  const number = await ports.tickets.nextNumber();
  const { subject, description, type, priority, channel } = ticket;
  const fresh = { id, number, externalId, subject, description, requesterId, customerId, serviceId: null, type, priority, channel, teamId: await team(ticket.team), tags: [] };
  const decisions = replayHistory(fresh, createdAt, history, actor, ports.clock.now());
  const last = decisions.at(-1);
  if (last === undefined) throw new Error('a history has at least its creation');
  try {
    await ports.tickets.commit(null, last, {
      earlier: decisions.slice(0, -1),
      also: [people.externalIds.claim(claimed, externalId, id, contentHash)],
    });
    return { externalId, outcome: 'created', ticketId: id, errors: [] };
  } catch (error) {
    const theirs = error instanceof AlsoRefused ? await known() : null;
    if (theirs === null) throw error;
    return theirs;
  }
};

const rejectedBy = (error: unknown, externalId: string | null): ImportResult => {
  if (error instanceof ValidationFailed) return { externalId, outcome: 'rejected', ticketId: null, errors: error.errors };
  throw error;
};

const externalIdOf = (input: unknown): string | null =>
  typeof input === 'object' && input !== null && 'externalId' in input && typeof input.externalId === 'string'
    ? input.externalId
    : null;

/**
 * Imports tickets with their history (K-11a). Each ticket is one transaction claimed by (source, externalId): repeated, killed
 * and parallel imports make it once; a ticket that cannot be taken is `rejected` and does not spoil the others.
 */
export const importTickets = async (ports: DeskPorts, actor: Actor, inputs: readonly unknown[]): Promise<readonly ImportResult[]> => {
  const named = namesOnce();
  const results: ImportResult[] = [];
  for (const input of inputs) {
    const parsed = importTicketSchema.safeParse(input);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      results.push({ externalId: externalIdOf(input), outcome: 'rejected', ticketId: null, errors });
      continue;
    }
    try {
      results.push(await importOne(ports, actor, parsed.data, named));
    } catch (error) {
      results.push(rejectedBy(error, parsed.data.externalId));
    }
  }
  return results;
};
