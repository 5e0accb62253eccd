import { ConditionalCheckFailedException, DeleteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { TableModel } from '../../model.ts';
import { databaseClient } from './database-client.ts';
import { earliestExpiry } from './expiry.ts';

/** How long an item outlives its expiry here, in ms; AWS says "within a few days", so nothing may rely on its end. */
const lateness = 10 * 60_000;

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
export function expirySweeper(
  endpoint: string,
  tables: readonly TableModel[],
  clock: VirtualClock,
  deleted: (tableName: string) => void,
  log: (message: string) => void,
): ExpirySweeper {
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

  function expect(sweep: Sweep, atSeconds: number): void {
    if (stopped || atSeconds >= sweep.next) return;
    sweep.cancel();
    sweep.next = atSeconds;
    sweep.cancel = clock.wakeAt(Math.max(atSeconds * 1000, clock.now()) + lateness, () => {
      sweep.next = Infinity;
      running = running
        .then(() => look(sweep))
        .catch((error: unknown) => log(`expiry of ${sweep.table.name}: ${String(error)}`));
    });
  }

  /** Deletes what has expired, page by page, and plans the next look for the earliest that has not. */
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
    let removed = 0;
    for await (const page of pages) {
      for (const item of page.Items ?? []) {
        const expiry = Number(item[attribute]?.N ?? Number.NaN);
        if (Number.isNaN(expiry)) continue;
        if (expiry >= now) {
          earliest = Math.min(earliest, expiry);
          continue;
        }
        const Key = Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
        removed += await remove(table.name, Key, attribute, String(now));
        if (stopped) return;
      }
    }
    if (removed > 0) deleted(table.name);
    expect(sweep, earliest);
  }

  async function remove(
    TableName: string,
    Key: NonNullable<DeleteItemCommand['input']['Key']>,
    attribute: string,
    now: string,
  ): Promise<number> {
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
      return 1;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 0; // Renewed meanwhile.
      throw error;
    }
  }

  for (const sweep of sweeps.values()) expect(sweep, Math.floor(clock.now() / 1000));
  return {
    written(tableName, body) {
      const sweep = sweeps.get(tableName);
      if (sweep !== undefined) expect(sweep, earliestExpiry(tableName, sweep.attribute, body));
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
