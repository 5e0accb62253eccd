import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isGroupName } from '../domain/group.ts';
import { type Clock, isoInstant, systemClock } from '../../platform/clock.ts';
import { queryPage, readItem } from '../../platform/store/heads.ts';
import { type Item, itemKind } from '../../platform/store/item-kind.ts';
import type { DirtyHour, Mark } from '../use-cases/mark.ts';
import { stringSet } from './items.ts';
import { markKey, markPartition, markShards } from './keys.ts';

/** `since` came later: marks of before have none. */
export const markKind = itemKind(
  'dirty mark',
  z.object({ SK: z.string(), token: z.string(), since: z.string().optional(), groups: stringSet }),
);

const readMark = (item: Item): Mark => {
  const { SK, token, since = null, groups } = markKind.read(item);
  const [kpi = '', hour = ''] = SK.split('#');
  return { kpi, hour, token, since, groups: [...groups].filter(isGroupName) };
};

/** Dirty marks: which groups of which hours have facts that the rollups do not know yet. */
export class MarkStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  /** Without a clock the system's tells since when an hour is dirty. */
  constructor(options: { client: DynamoDBDocumentClient; table: string; clock?: Clock }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#clock = options.clock ?? systemClock;
  }

  /** Adds the groups to the hour's mark and gives it a new token. Repeating it is harmless. 1 WRU. */
  async add({ kpi, hour, groups }: DirtyHour): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: markKey(kpi, hour),
        UpdateExpression: 'SET #token = :token, #since = if_not_exists(#since, :now) ADD #groups :groups',
        ExpressionAttributeNames: { '#token': 'token', '#since': 'since', '#groups': 'groups' },
        ExpressionAttributeValues: {
          ':token': randomUUID(),
          ':now': isoInstant(this.#clock.now()),
          ':groups': new Set<string>(groups),
        },
      }),
    );
  }

  /** Up to `atMost` marks as they are now, from every shard the same number; `more` when a shard has others. */
  async list(atMost: number): Promise<{ readonly marks: readonly Mark[]; readonly more: boolean }> {
    const pages = await Promise.all(
      Array.from({ length: markShards }, (_unused, shard) =>
        queryPage(this.#client, {
          table: this.#table,
          partition: { name: 'PK', value: markPartition(shard) },
          consistent: true,
          limit: Math.ceil(atMost / markShards),
        }),
      ),
    );
    return { marks: pages.flatMap((page) => page.items).map(readMark), more: pages.some((page) => page.next !== null) };
  }

  /** Whether the hour is going to be computed. */
  async has(kpi: string, hour: string): Promise<boolean> {
    return (await readItem(this.#client, this.#table, markKey(kpi, hour))) !== undefined;
  }

  /** Removes the mark, unless facts arrived since it was read: then it stays, and the hour is computed once more. */
  async clear({ kpi, hour, token }: Mark): Promise<void> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: markKey(kpi, hour),
          ConditionExpression: '#token = :token',
          ExpressionAttributeNames: { '#token': 'token' },
          ExpressionAttributeValues: { ':token': token },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
