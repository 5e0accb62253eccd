import { createHash } from 'node:crypto';
import type { Actor } from '../../platform/actor.ts';
import { type FieldError, ValidationFailed } from '../../platform/errors.ts';
import { fieldErrors } from '../../platform/field-errors.ts';
import { newId } from '../../platform/ids.ts';
import { AlsoRefused } from '../../platform/store/commit.ts';
import { canonicalJson } from '../../platform/store/event.ts';
import { replayHistory } from '../domain/imported-history.ts';
import { type ImportTicket, importTicketSchema } from '../import-schema.ts';
import { ImportNames } from './import-names.ts';
import { choiceFor, type DeskPorts } from './ports.ts';

export interface ImportResult {
  readonly externalId: string | null;
  readonly outcome: 'created' | 'unchanged' | 'rejected';
  readonly ticketId: string | null;
  readonly errors: readonly FieldError[];
}

/** Ticket numbers for the tickets of one request: taken from the counter when the first is needed, not when all are known. */
class Numbers {
  readonly #tickets: DeskPorts['tickets'];
  readonly #most: number;
  #left: string[] = [];

  constructor(tickets: DeskPorts['tickets'], most: number) {
    this.#tickets = tickets;
    this.#most = most;
  }

  async next(): Promise<string> {
    if (this.#left.length === 0) this.#left = await this.#tickets.nextNumbers(this.#most);
    return this.#left.shift() ?? '';
  }
}

/** What a history must keep to be one: in order, not before the creation, not in the future. */
const historyErrors = (ticket: ImportTicket, now: number): FieldError[] => {
  const created = Date.parse(ticket.createdAt);
  const errors: FieldError[] =
    created > now ? [{ path: 'createdAt', message: 'lies in the future; imported history is past' }] : [];
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

const importOne = async (
  ports: DeskPorts,
  actor: Actor,
  ticket: ImportTicket,
  numbers: Numbers,
): Promise<ImportResult> => {
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

  const names = new ImportNames(ports, source, actor);
  const customerId = await names.customer(ticket.customer);
  const createdAt = Date.parse(ticket.createdAt);
  const id = newId('tkt', createdAt);
  const { subject, description, type, priority, channel } = ticket;
  const fresh = {
    id,
    externalId,
    subject,
    description,
    customerId,
    type,
    priority,
    channel,
    serviceId: null,
    tags: [],
    number: await numbers.next(),
    requesterId: await names.contact(customerId, ticket.requester),
    teamId: await names.team(ticket.team),
  };
  const history = await names.history(id, ticket.history);
  const choice = await choiceFor(ports, customerId);
  const decisions = replayHistory(fresh, createdAt, history, { actor, now: ports.clock.now(), choice });
  const last = decisions.at(-1);
  if (last === undefined) throw new Error('a history has at least its creation');
  try {
    await ports.tickets.commit(null, last, {
      earlier: decisions.slice(0, -1),
      also: [ports.people.externalIds.claim(claimed, externalId, id, contentHash)],
    });
    return { externalId, outcome: 'created', ticketId: id, errors: [] };
  } catch (error) {
    const theirs = error instanceof AlsoRefused ? await known() : null;
    if (theirs === null) throw error;
    return theirs;
  }
};

const rejectedBy = (error: unknown, externalId: string | null): ImportResult => {
  if (error instanceof ValidationFailed)
    return { externalId, outcome: 'rejected', ticketId: null, errors: error.errors };
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
export const importTickets = async (
  ports: DeskPorts,
  actor: Actor,
  inputs: readonly unknown[],
): Promise<readonly ImportResult[]> => {
  const numbers = new Numbers(ports.tickets, inputs.length);
  const results: ImportResult[] = [];
  for (const input of inputs) {
    const parsed = importTicketSchema.safeParse(input);
    if (!parsed.success) {
      const errors = fieldErrors(parsed.error);
      results.push({ externalId: externalIdOf(input), outcome: 'rejected', ticketId: null, errors });
      continue;
    }
    try {
      results.push(await importOne(ports, actor, parsed.data, numbers));
    } catch (error) {
      results.push(rejectedBy(error, parsed.data.externalId));
    }
  }
  return results;
};
