import { ConditionalCheckFailedException, DeleteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { TableModel } from '../../model.ts';
import { databaseClient } from './database-client.ts';
import type { Attributes } from './attribute-value.ts';
import { earliestExpiry } from './expiry.ts';
import type { Lateness } from './lateness.ts';

export interface ExpirySweeper {
  /** To be called after each write to a table. */
  written(tableName: string, body: unknown): void;
  /** Forgets what it knew; the tables are empty. */
  reset(): void;
  stop(): Promise<void>;
}

/**
 * Removes expired items of tables with a TTL attribute, by virtual time and late, as AWS does
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html). It looks only when an item that it
 * has seen must have expired; a first look after the start finds what an earlier run left.
 */
export function expirySweeper(options: {
  readonly endpoint: string;
  readonly tables: readonly TableModel[];
  readonly clock: VirtualClock;
  readonly lateness: Lateness;
  /** Called before an item is removed. */
  readonly beforeWrite: () => void;
  readonly deleted: (tableName: string, key: Attributes) => void;
  readonly log: (message: string) => void;
}): ExpirySweeper {
  const { endpoint, tables, clock, lateness, beforeWrite, deleted, log } = options;
  const client = databaseClient(endpoint);
  const sweeps = new Map(
    tables.flatMap((table) => {
      const attribute = table.ttlAttribute;
      return attribute === null ? [] : [[table.name, { table, attribute, next: Infinity, cancel: () => {} }]];
    }),
  );
  let stopped = false;
  let running = Promise.resolve();

  type Sweep = typeof sweeps extends Map<string, infer S> ? S : never;

  /** Plans a look at this instant, unless there is one before. */
  function expect(sweep: Sweep, atSeconds: number): void {
    if (stopped || atSeconds >= sweep.next) return;
    sweep.cancel();
    sweep.next = atSeconds;
    sweep.cancel = clock.wakeAt(atSeconds * 1000, () => {
      sweep.next = Infinity;
      running = running
        .then(() => look(sweep))
        .catch((error: unknown) => log(`expiry of ${sweep.table.name}: ${String(error)}`));
    });
  }

  /** Deletes what is to go by now, page by page, and plans the next look for the first of the rest. */
  async function look(sweep: Sweep): Promise<void> {
    if (stopped) return;
    const { table, attribute } = sweep;
    const now = Math.floor(clock.now() / 1000);
    const keys = [table.partitionKey, ...(table.sortKey === null ? [] : [table.sortKey])];
    const names = Object.fromEntries([...keys, attribute].map((name, index) => [`#${index}`, name]));
    const pages = paginateScan(
      { client, pageSize: 1000 },
      { TableName: table.name, ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names },
    );
    let earliest = Infinity;
    for await (const page of pages) {
      for (const item of page.Items ?? []) {
        const expiry = Number(item[attribute]?.N ?? Number.NaN);
        if (Number.isNaN(expiry)) continue;
        const Key = Object.fromEntries(keys.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
        const goes = lateness.of(table.name, Key, expiry);
        if (goes > now) {
          earliest = Math.min(earliest, goes);
          continue;
        }
        if (await remove(table.name, Key, attribute, String(now))) deleted(table.name, Key);
        if (stopped) return;
      }
    }
    expect(sweep, earliest);
  }

  async function remove(
    TableName: string,
    Key: NonNullable<DeleteItemCommand['input']['Key']>,
    attribute: string,
    now: string,
  ): Promise<boolean> {
    beforeWrite();
    try {
      await client.send(
        new DeleteItemCommand({
          TableName,
          Key,
          ConditionExpression: '#expiry < :now',
          ExpressionAttributeNames: { '#expiry': attribute },
          ExpressionAttributeValues: { ':now': { N: now } },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false; // Renewed meanwhile.
      throw error;
    }
  }

  for (const sweep of sweeps.values()) expect(sweep, lateness.earliest(Math.floor(clock.now() / 1000)));
  return {
    written(tableName, body) {
      const sweep = sweeps.get(tableName);
      if (sweep === undefined) return;
      const now = Math.floor(clock.now() / 1000);
      const expiry = earliestExpiry(tableName, sweep.attribute, body);
      // Never in the past: a look that finds nothing to remove would be followed by the next at once.
      expect(sweep, lateness.earliest(Math.max(expiry, now)));
    },
    reset() {
      for (const sweep of sweeps.values()) {
        sweep.cancel();
        sweep.next = Infinity;
      }
    },
    async stop() {
      stopped = true;
      for (const sweep of sweeps.values()) sweep.cancel();
      await running;
      client.destroy();
    },
  };
}
