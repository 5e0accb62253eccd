import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Actor } from '../platform/actor.ts';
import { AlsoRefused, type Change, type Committer, LostRace } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { type Position, queryHeads, readItem, readItems } from '../platform/store/heads.ts';
import type { Policy } from './domain/policy.ts';
import type { Book, CalendarRecord, CalendarVersion, PolicyRecord } from './item-kinds.ts';
import { bookKind, calendarKind, calendarVersionKind, policyKind, policyVersionKind } from './item-kinds.ts';
import { bookKey, calendarKey, calendarList, headKey, policyKey, policyList, versionKey } from './keys.ts';

/** A record with the end of its event chain. */
export type Read<Record> = Record & { readonly chain: string };

/** What happened to a calendar or policy, and who did it. */
export interface Told {
  readonly type: string;
  readonly at: string;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A calendar or policy as it shall be from now on. `read` is what it replaces; null when it is new. */
interface Wanted<Record> {
  readonly next: Record;
  readonly read: Read<Record> | null;
  readonly told: Told;
}
export type WantedCalendar = Wanted<CalendarRecord>;
export type WantedPolicy = Wanted<PolicyRecord>;

/** The book as it shall be, over the one that was read; `read` null: the first one. */
export interface WantedBook {
  readonly policies: Book['policies'];
  readonly read: Book | null;
}

/** The policy without what only its head says. */
export const contentOf = (record: PolicyRecord & { readonly chain?: string }): Policy => {
  const { archivedAt: _archivedAt, createdAt: _createdAt, updatedAt: _updatedAt, chain: _chain, ...policy } = record;
  return policy;
};

/** Calendars, policies and the book. Versions are written with the change that makes them, and never again. */
export class SlaStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;

  constructor(options: { client: DynamoDBDocumentClient; table: string; committer: Committer }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  async calendar(id: string): Promise<Read<CalendarRecord> | null> {
    const item = await readItem(this.#client, this.#table, { PK: calendarKey(id), SK: headKey });
    return item === undefined ? null : calendarKind.read(item);
  }

  /** Calendars in the order asked for, consistently; at most a hundred. */
  async calendarHeads(ids: readonly string[]): Promise<readonly Read<CalendarRecord>[]> {
    const keys = ids.map((id) => ({ PK: calendarKey(id), SK: headKey }));
    const items = await readItems(this.#client, this.#table, keys, { consistent: true });
    return items.map((item) => calendarKind.read(item));
  }

  async calendarVersion(id: string, version: number): Promise<CalendarVersion | null> {
    const item = await readItem(this.#client, this.#table, { PK: calendarKey(id), SK: versionKey(version) });
    return item === undefined ? null : calendarVersionKind.read(item);
  }

  async policyVersion(id: string, version: number): Promise<Policy | null> {
    const item = await readItem(this.#client, this.#table, { PK: policyKey(id), SK: versionKey(version) });
    return item === undefined ? null : policyVersionKind.read(item);
  }

  async policy(id: string): Promise<Read<PolicyRecord> | null> {
    const item = await readItem(this.#client, this.#table, { PK: policyKey(id), SK: headKey });
    return item === undefined ? null : policyKind.read(item);
  }

  /** Heads of policies, in the order asked for. */
  async policies(ids: readonly string[]): Promise<readonly Read<PolicyRecord>[]> {
    const heads: Read<PolicyRecord>[] = [];
    for (let start = 0; start < ids.length; start += 100) {
      const keys = ids.slice(start, start + 100).map((id) => ({ PK: policyKey(id), SK: headKey }));
      const items = await readItems(this.#client, this.#table, keys, { consistent: true });
      heads.push(...items.map((item) => policyKind.read(item)));
    }
    return heads;
  }

  /** A page of calendars by name. */
  async calendars(
    limit: number,
    after: Position | null,
  ): Promise<{ items: readonly CalendarRecord[]; next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, {
      table: this.#table,
      list: calendarList,
      headKey,
      limit,
      after,
    });
    return { items: heads.map((item) => calendarKind.read(item)), next };
  }

  /** A page of all policies by name, archived ones too. */
  async policiesByName(
    limit: number,
    after: Position | null,
  ): Promise<{ items: readonly PolicyRecord[]; next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, {
      table: this.#table,
      list: policyList,
      headKey,
      limit,
      after,
    });
    return { items: heads.map((item) => policyKind.read(item)), next };
  }

  /**
   * Writes calendars and policies, each with its event and version, and the book, all or nothing.
   * @throws LostRace when one of them was changed meanwhile; AlreadyRecorded, Busy
   */
  async write(
    wanted: { readonly calendars: readonly WantedCalendar[]; readonly policies: readonly WantedPolicy[] },
    book: WantedBook | null,
    once?: TransactItem,
  ): Promise<void> {
    const [first, ...others] = [
      ...wanted.calendars.map((one) => this.#calendarChange(one)),
      ...wanted.policies.map((one) => this.#policyChange(one)),
    ];
    if (first === undefined) return;
    const also = [
      ...wanted.calendars.map(({ next: { id, version, rules } }) =>
        this.#version(calendarKey(id), version, { id, version, rules, ...calendarVersionKind.stamp }),
      ),
      ...wanted.policies.map(({ next }) =>
        this.#version(policyKey(next.id), next.version, { ...contentOf(next), ...policyVersionKind.stamp }),
      ),
      ...(book === null ? [] : [this.#book(book)]),
    ];
    try {
      await this.#committer.commitTogether({ ...first, also, once }, others);
    } catch (error) {
      if (error instanceof AlsoRefused) throw new LostRace(first.entity.key, first.readVersion);
      throw error;
    }
  }

  #calendarChange({ next, read, told }: WantedCalendar): Change {
    const { version: _version, ...head } = next;
    return {
      entity: { kind: 'calendar', id: next.id, key: calendarKey(next.id), headKey },
      head: { ...head, queue: calendarList, queueSort: `${next.name}#${next.id}`, ...calendarKind.stamp },
      readVersion: read?.version ?? 0,
      readChain: read?.chain ?? '',
      event: told,
    };
  }

  #policyChange({ next, read, told }: WantedPolicy): Change {
    const { version: _version, ...head } = next;
    return {
      entity: { kind: 'slaPolicy', id: next.id, key: policyKey(next.id), headKey },
      head: { ...head, queue: policyList, queueSort: `${next.name}#${next.id}`, ...policyKind.stamp },
      readVersion: read?.version ?? 0,
      readChain: read?.chain ?? '',
      event: told,
    };
  }

  #version(PK: string, version: number, content: Readonly<Record<string, unknown>>): TransactItem {
    const Item = { ...content, PK, SK: versionKey(version) };
    return { Put: { TableName: this.#table, Item, ConditionExpression: 'attribute_not_exists(PK)' } };
  }

  #book({ policies, read }: WantedBook): TransactItem {
    const Item = { ...bookKey, policies, version: (read?.version ?? 0) + 1, ...bookKind.stamp };
    return {
      Put: {
        TableName: this.#table,
        Item,
        ...(read === null
          ? { ConditionExpression: 'attribute_not_exists(PK)' }
          : {
              ConditionExpression: '#version = :read',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':read': read.version },
            }),
      },
    };
  }
}
