import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor } from '../platform/actor.ts';
import { AlsoRefused, type Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { type Position, queryHeads, readItem } from '../platform/store/heads.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { type Service, serviceSchema } from './domain/service.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | service | `SVC#<id>` / `H` | by id; its events beside it |
 * | list | index `queue`: `L#service` / `<name>#<id>` | page by name |
 * | service of a table | `SVT#<table>` / `S` | which service's data a table is: one has it |
 */
const listKey = 'L#service';
const key = (id: string): string => `SVC#${id}`;
const tableKey = (table: string) => ({ PK: `SVT#${table}`, SK: 'S' });

export const serviceKind = itemKind('service', serviceSchema.extend({ chain: z.string() }));
export const tableServiceKind = itemKind('service of a table', z.object({ serviceId: z.string(), live: z.boolean() }));

export interface ReadService {
  readonly service: Service;
  readonly chain: string;
}

/** Another service has that table already. */
export class TableTaken extends Error {
  override readonly name = 'TableTaken';
}

export class ServiceStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;

  constructor(options: { client: DynamoDBDocumentClient; table: string; committer: Committer }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  async find(id: string): Promise<ReadService | null> {
    const item = await readItem(this.#client, this.#table, { PK: key(id), SK: 'H' });
    if (item === undefined) return null;
    const { chain, ...service } = serviceKind.read(item);
    return { service, chain };
  }

  /** The service whose data lies in a table, or null. */
  async ofTable(table: string): Promise<Service | null> {
    const item = await readItem(this.#client, this.#table, tableKey(table));
    if (item === undefined) return null;
    const { serviceId, live } = tableServiceKind.read(item);
    return live ? ((await this.find(serviceId))?.service ?? null) : null;
  }

  /** A page by name. */
  async list(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly services: readonly Service[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, { table: this.#table, list: listKey, limit, after });
    return { services: heads.map((head) => serviceSchema.parse(serviceKind.read(head))), next };
  }

  /**
   * Writes a service over the one that was read (null: it is new), with its event and its claim of the table.
   * @throws LostRace, AlreadyRecorded, TableTaken, Busy
   */
  async commit(
    before: ReadService | null,
    service: Service,
    event: {
      readonly type: `service.${string}`;
      readonly actor: Actor;
      readonly data: Readonly<Record<string, unknown>>;
    },
    once: TransactItem | undefined,
  ): Promise<void> {
    const { version: _version, ...attributes } = service;
    const had = before?.service.table ?? null;
    try {
      await this.#committer.commit({
        entity: { kind: 'service', id: service.id, key: key(service.id), headKey: 'H' },
        head: { ...attributes, queue: listKey, queueSort: `${service.name}#${service.id}`, ...serviceKind.stamp },
        readVersion: before?.service.version ?? 0,
        readChain: before?.chain ?? '',
        event: { ...event, at: service.updatedAt },
        also: had === service.table ? [] : [...this.#claim(service), ...this.#release(had, service.id)],
        once,
      });
    } catch (error) {
      if (error instanceof AlsoRefused) throw new TableTaken();
      throw error;
    }
  }

  #claim({ id, table }: Service): readonly TransactItem[] {
    if (table === null) return [];
    const Item = { ...tableKey(table), serviceId: id, live: true, ...tableServiceKind.stamp };
    const ConditionExpression = 'attribute_not_exists(PK) OR live = :no';
    const ExpressionAttributeValues = { ':no': false };
    return [{ Put: { TableName: this.#table, Item, ConditionExpression, ExpressionAttributeValues } }];
  }

  #release(table: string | null, id: string): readonly TransactItem[] {
    if (table === null) return [];
    return [
      {
        Update: {
          TableName: this.#table,
          Key: tableKey(table),
          UpdateExpression: 'SET live = :no',
          ConditionExpression: 'serviceId = :id',
          ExpressionAttributeValues: { ':id': id, ':no': false },
        },
      },
    ];
  }
}
