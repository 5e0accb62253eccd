import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Bodies, inlineBytes } from '../platform/store/bodies.ts';
import type { Change, Committed, Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { dueAttributes } from '../platform/due/due-index.ts';
import { eventKind, type StoredEvent } from '../platform/store/event.ts';
import { type Position, queryPage } from '../platform/store/heads.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { decodeTimeline, encodeTimeline, type TermsLibrary } from '../sla/index.ts';
import type { Decision } from './domain/decision.ts';
import { attentionAt, queueDeadline, type TicketState } from './domain/state.ts';
import { ticketSchema } from './domain/ticket.ts';
import { ticketVersions } from './domain/ticket-versions.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | ticket head | `TKT#<id>` / `T` | by id, consistent |
 * | events | `TKT#<id>` / `EV#00000001` | timeline, in order |
 * | description of 250 to 2,900 bytes | `TKT#<id>` / `T#BODY#<hash>` | in one query with the head: both fit one read unit |
 * | long texts | `TKT#<id>` / `BODY#<hash>` | with their event, or with the head |
 * | index `due` | shard / next attention | sweep |
 * | index `queue` | `T#<team>` / `0#<deadline>#<id>`, `1#<id>` without one, `2#<newest first>#<id>` when solved | work of a team by deadline |
 * | index `customer` | customer / id | a customer's tickets by creation |
 * | counter | `SYS#counter` / `tickets` | next number (gaps allowed) |
 */
export const ticketKey = (id: string): string => `TKT#${id}`;
const headKey = 'T';
export const queueOf = (teamId: string | null): string => `T#${teamId ?? 'none'}`;

/** Solved tickets last, the newest first: the instant counted backwards from the year 2286. */
const backwards = (instant: string): string => String(9_999_999_999_999 - Date.parse(instant)).padStart(13, '0');

/** Where a ticket stands in its team's queue; ends with the id, so it is unique. */
export const queueSortOf = (state: TicketState): string => {
  const { id, resolvedAt } = state.ticket;
  if (resolvedAt !== null) return `2#${backwards(resolvedAt)}#${id}`;
  const deadline = queueDeadline(state);
  return deadline === null ? `1#${id}` : `0#${deadline}#${id}`;
};

/**
 * Up to this many bytes a description lies next to the head, and one query reads both for one unit: 4 KB, of which the head
 * takes at most 1,024 (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
 */
const besideHeadBytes = 2_900;
const besideHead = `${headKey}#`;

const headSchema = ticketSchema.extend({
  customerId: z.string().nullable().default(null),
  description: z.string().default(''),
  descriptionHash: z.string().optional(),
  timeline: z.array(z.string()),
  chain: z.string(),
});
export const ticketKind = itemKind(ticketVersions, headSchema);
export const ticketCounterKind = itemKind('ticket counter', z.object({ value: z.number() }));

/** A ticket as read: its state, and the end of its event chain. */
export interface ReadTicket extends TicketState {
  readonly chain: string;
  /** Where its description lies, when that is not the head. */
  readonly descriptionHash: string | null;
}

const headItem = (state: TicketState): Record<string, unknown> => {
  const { ticket, timeline } = state;
  const { customerId, description, version: _version, ...fields } = ticket;
  const lane = ticket.priority === 'critical' ? 'critical' : 'rest';
  return {
    ...fields,
    ...(customerId === null ? {} : { customerId, customerSort: ticket.id }),
    ...(Buffer.byteLength(description) <= inlineBytes
      ? { description }
      : { descriptionHash: Bodies.hash(description) }),
    timeline: encodeTimeline(timeline),
    queue: queueOf(ticket.teamId),
    queueSort: queueSortOf(state),
    ...ticketVersions.stamp,
    ...dueAttributes(ticketKey(ticket.id), attentionAt(state), lane),
  };
};

const changeOf = (before: ReadTicket | null, { state, event }: Decision, alertId?: string): Change => ({
  entity: { kind: 'ticket', id: state.ticket.id, key: ticketKey(state.ticket.id), headKey },
  head: headItem(state),
  readVersion: before?.ticket.version ?? 0,
  readChain: before?.chain ?? '',
  event: { ...event, ...(alertId === undefined ? {} : { alertId }) },
});

export class TicketStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;
  readonly #terms: TermsLibrary;
  readonly bodies: Bodies;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    committer: Committer;
    terms: TermsLibrary;
  }) {
    this.#terms = options.terms;
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
    this.bodies = new Bodies(options);
  }

  get table(): string {
    return this.#table;
  }

  /** One ticket, consistently: 1 RRU, and half a unit for each 4 KB of a description over 2,900 bytes. */
  async find(id: string): Promise<ReadTicket | null> {
    const { items } = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: ticketKey(id) },
      sort: { name: 'SK', from: headKey, to: `${besideHead}~` },
      consistent: true,
      limit: 10,
    });
    const item = items.find(({ SK }) => SK === headKey);
    if (item === undefined) return null;
    const { timeline, chain, descriptionHash, ...ticket } = ticketKind.read(item);
    const description =
      descriptionHash === undefined ? ticket.description : await this.#description(id, descriptionHash, items);
    const decoded = decodeTimeline(timeline);
    return {
      ticket: { ...ticket, description },
      timeline: decoded,
      termsOf: await this.#terms.termsFor(decoded),
      chain,
      descriptionHash: descriptionHash ?? null,
    };
  }

  /** From beside the head; what is longer, or was written before texts lay there, from among the other texts. */
  async #description(id: string, hash: string, items: readonly Record<string, unknown>[]): Promise<string> {
    const beside = Bodies.textOf(items, `${besideHead}BODY#${hash}`);
    return beside ?? (await this.bodies.read(ticketKey(id), [hash])).get(hash) ?? '';
  }

  /**
   * Commits a decision made on `before` (null for a new ticket), the earlier decisions of the same transaction when history is
   * imported, and a decision about another ticket that stands or falls with it. Long texts go first.
   * @throws LostRace, AlreadyRecorded, AlsoRefused, Busy
   */
  async commit(
    before: ReadTicket | null,
    decision: Decision,
    options: {
      readonly earlier?: readonly Decision[];
      readonly together?: { readonly before: ReadTicket; readonly decision: Decision };
      readonly alertId?: string;
      readonly also?: readonly TransactItem[];
      readonly once?: TransactItem | undefined;
    } = {},
  ): Promise<Committed> {
    const { together } = options;
    await this.#keepDescription(before, decision);
    if (together !== undefined) await this.#keepDescription(together.before, together.decision);
    const change: Change = {
      ...changeOf(before, decision, options.alertId),
      earlierEvents: (options.earlier ?? []).map((earlier) => earlier.event),
      also: options.also ?? [],
      once: options.once,
    };
    return together === undefined
      ? this.#committer.commit(change)
      : this.#committer.commitTogether(change, [changeOf(together.before, together.decision)]);
  }

  /** Heads of the first days keep longer descriptions themselves: their text moves out before the head forgets it. */
  async #keepDescription(before: ReadTicket | null, { state: { ticket } }: Decision): Promise<void> {
    if (before !== null && before.descriptionHash !== null && before.ticket.description === ticket.description) return;
    const near = Buffer.byteLength(ticket.description) <= besideHeadBytes;
    await this.bodies.keep(ticketKey(ticket.id), ticket.description, near ? besideHead : '');
  }

  /** A page of a ticket's events, in order. */
  async events(
    id: string,
    limit: number,
    after: Position | null,
  ): Promise<{ events: StoredEvent[]; next: Position | null }> {
    const page = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: ticketKey(id) },
      sort: { name: 'SK', from: 'EV#', to: 'EV#~' },
      consistent: true,
      limit,
      after,
    });
    return { events: page.items.map((item) => eventKind.read(item)), next: page.next };
  }

  /** The next ticket numbers, `count` of them. What is not used leaves a gap. */
  async nextNumbers(count: number): Promise<string[]> {
    const answer = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { PK: 'SYS#counter', SK: 'tickets' },
        UpdateExpression: 'ADD #value :count',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':count': count },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const last = ticketCounterKind.read(answer.Attributes ?? {}).value;
    return Array.from({ length: count }, (_unused, index) => `T-${last - count + 1 + index}`);
  }
}
