import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Actor } from '../platform/actor.ts';
import { AlreadyExists } from '../platform/errors.ts';
import { AlsoRefused, type Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { type Position, queryHeads, queryPage, readItem } from '../platform/store/heads.ts';
import { type ItemKind, itemKind } from '../platform/store/item-kind.ts';
import {
  type Agent,
  agentSchema,
  type Contact,
  contactSchema,
  type Customer,
  customerSchema,
  type PrincipalRecord,
  type Team,
  teamSchema,
} from './domain/records.ts';
import { loginKind } from './principals.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | record head | `<KIND>#<id>` / `H` | by id |
 * | lists | index `queue`: `L#<kind>` (contacts: also by customer, `L#contact#<customerId>`) / `<name>#<id>` | page by name |
 * | login | `PRN#<sub or client id>` / `P` | who is calling |
 * | contact of a mail address | `EXT#contact:<customerId>#<email>` / `X` | requester of a new ticket |
 */
export interface RecordKind<Record extends PersonRecord> extends ItemKind<Record> {
  /** Prefix of the partition key. */
  readonly key: string;
}

interface PersonRecord {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly createdAt: string;
}

export const customers: RecordKind<Customer> = { ...itemKind('customer', customerSchema), key: 'CUS' };
export const contacts: RecordKind<Contact> = { ...itemKind('contact', contactSchema), key: 'CTC' };
export const teams: RecordKind<Team> = { ...itemKind('team', teamSchema), key: 'TEM' };
export const agents: RecordKind<Agent> = { ...itemKind('agent', agentSchema), key: 'AGT' };

/** `customerId` is a key of an index, and a key cannot be null: it is left out instead. */
const indexable = (attributes: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([name, value]) => name !== 'customerId' || value !== null));

const seenAtMost = 10_000;

export class PeopleStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;
  readonly #seen = new Set<string>();

  constructor(options: { client: DynamoDBDocumentClient; table: string; committer: Committer }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  /** Writes a new record with its event. @throws AlreadyExists when the login or the external identity is taken. */
  async create<R extends PersonRecord>(
    kind: RecordKind<R>,
    record: R,
    options: {
      readonly actor: Actor;
      readonly listKey: string;
      readonly login?: { readonly subject: string; readonly principal: PrincipalRecord } | null;
      readonly claims?: readonly TransactItem[];
      readonly once?: TransactItem | undefined;
    },
  ): Promise<void> {
    const login = options.login ?? null;
    const also: TransactItem[] = [
      ...(login === null ? [] : [this.#loginItem(login.subject, login.principal)]),
      ...(options.claims ?? []),
    ];
    const { version: _version, ...attributes } = record;
    try {
      await this.#committer.commit({
        entity: { kind: kind.name, id: record.id, key: `${kind.key}#${record.id}`, headKey: 'H' },
        head: {
          ...indexable(attributes),
          queue: options.listKey,
          queueSort: `${record.name}#${record.id}`,
          ...kind.stamp,
        },
        readVersion: 0,
        readChain: '',
        event: { type: `${kind.name}.created`, at: record.createdAt, actor: options.actor, data: { ...attributes } },
        also,
        once: options.once,
      });
    } catch (error) {
      if (error instanceof AlsoRefused) {
        throw new AlreadyExists(
          login !== null && error.index === 0
            ? `The login ${login.subject} belongs to somebody already.`
            : `This ${kind.name} exists already.`,
        );
      }
      throw error;
    }
  }

  async find<R extends PersonRecord>(kind: RecordKind<R>, id: string): Promise<R | null> {
    const item = await readItem(this.#client, this.#table, { PK: `${kind.key}#${id}`, SK: 'H' });
    return item === undefined ? null : kind.read(item);
  }

  /** Whether a record exists. Records are never removed, so one that was seen is remembered for the function's life. */
  async exists<R extends PersonRecord>(kind: RecordKind<R>, id: string): Promise<boolean> {
    const key = `${kind.key}#${id}`;
    if (this.#seen.has(key)) return true;
    if ((await this.find(kind, id)) === null) return false;
    if (this.#seen.size >= seenAtMost) this.#seen.clear();
    this.#seen.add(key);
    return true;
  }

  /** One page of a list, by name. */
  async list<R extends PersonRecord>(
    kind: RecordKind<R>,
    listKey: string,
    limit: number,
    after: Position | null,
  ): Promise<{ readonly items: readonly R[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, { table: this.#table, list: listKey, limit, after });
    return { items: heads.map((head) => kind.read(head)), next };
  }

  /** Every agent; staff are few. */
  async allAgents(): Promise<readonly Agent[]> {
    const found: Agent[] = [];
    let after: Position | null = null;
    do {
      const page: { readonly items: readonly Agent[]; readonly next: Position | null } = await this.list(
        agents,
        'L#agent',
        100,
        after,
      );
      found.push(...page.items);
      after = page.next;
    } while (after !== null);
    return found;
  }

  /** Ids of a whole list; teams only, which are few. */
  async teamIds(): Promise<readonly string[]> {
    const ids: string[] = [];
    let after: Position | null = null;
    do {
      const page = await queryPage(this.#client, {
        table: this.#table,
        index: 'queue',
        partition: { name: 'queue', value: 'L#team' },
        limit: 1000,
        after,
      });
      ids.push(...page.items.map((item) => String(item['PK']).slice('TEM#'.length)));
      after = page.next;
    } while (after !== null);
    return ids;
  }

  #loginItem(subject: string, principal: PrincipalRecord): TransactItem {
    return {
      Put: {
        TableName: this.#table,
        Item: { PK: `PRN#${subject}`, SK: 'P', ...indexable(principal), ...loginKind.stamp },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    };
  }
}
