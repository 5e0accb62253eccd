import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { dueShardOf, dueShards } from '../../functions/platform/due/due-index.ts';
import { newId } from '../../functions/platform/ids.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';
import { seedHeads } from '../capacity/seed-tickets.ts';
import type { Bench } from '../row.ts';

const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
const headRow = z.object({ item_json: z.string(), item_size: z.number(), hash_prefix: z.string() });
const indexRow = z.object({ gsi_pk: z.string(), item_json: z.string() });
type Item = z.infer<typeof itemSchema>;

/** Some heads are written by the engine, so that it has said how it writes each shard of the index `due`. */
const firstHeads = 200;
const indexes = ['due', 'queue', 'customer'] as const;
const sortOf = { due: 'dueAt', queue: 'queueSort', customer: 'customerSort' } as const;

const read = (item: Item, name: string): string => String(item[name]?.['S'] ?? item[name]?.['N'] ?? '');

/** The attributes that differ from head to head: one every second from `dueAt` on. */
const attributesOf = (index: number, seed: { readonly createdAt: number; readonly dueAt: number }): Item => {
  const id = newId('tkt', seed.createdAt + index);
  const PK = `TKT#${id}`;
  const at = new Date(seed.dueAt + index * 1000).toISOString();
  return {
    PK: { S: PK },
    id: { S: id },
    number: { S: `T-seed-${index}` },
    customerSort: { S: id },
    nextDueAt: { S: at },
    queueSort: { S: `0#${at}#${id}` },
    dueShard: { N: String(dueShardOf(PK)) },
    dueAt: { S: at },
    dueLane: { S: 'rest' },
  };
};

/** Puts into `like` what `attributes` has of it. */
const merged = (like: Item, attributes: Item): string =>
  JSON.stringify(Object.fromEntries(Object.entries(like).map(([name, value]) => [name, attributes[name] ?? value])));

/**
 * Puts `count` heads like a ticket's straight into the kept database of a desk that does not run: the rows of the table and of
 * its three indexes as the engine writes them, without its locks, and without stream records, since nobody is to read them.
 * Ten times as fast as BatchWriteItem.
 */
export const seedFile = async (
  bench: Pick<Bench, 'model'>,
  folder: string,
  like: string,
  seed: { readonly count: number; readonly createdAt: number; readonly dueAt: number },
): Promise<void> => {
  const table = bench.model.tables.find(({ id }) => id.toLowerCase().includes('operations'))?.name ?? '';
  await seedFirst(bench, folder, table, like, seed);
  const file = new DatabaseSync(join(folder, 'dynamodb.sqlite'));
  try {
    file.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN');
    const head = headRow.parse(
      file.prepare(`SELECT * FROM "${table}" WHERE pk = ? AND sk = 'S:T'`).get(`S:TKT#${like}`),
    );
    const item = itemSchema.parse(JSON.parse(head.item_json));
    const putHead = file.prepare(
      `INSERT INTO "${table}" (pk, sk, item_json, item_size, hash_prefix) VALUES (?, 'S:T', ?, ?, ?)`,
    );
    const putRows = indexes.map((name) => {
      const rows = `"${table}::gsi::${name}"`;
      const example = indexRow.parse(file.prepare(`SELECT * FROM ${rows} WHERE table_pk = ?`).get(`S:TKT#${like}`));
      return {
        name,
        partition: example.gsi_pk,
        item: itemSchema.parse(JSON.parse(example.item_json)),
        put: file.prepare(
          `INSERT INTO ${rows} (gsi_pk, gsi_sk, table_pk, table_sk, item_json) VALUES (?, ?, ?, 'S:T', ?)`,
        ),
      };
    });
    const shards = shardKeys(file, table);
    for (let index = firstHeads; index < seed.count; index += 1) {
      const attributes = attributesOf(index, seed);
      const key = `S:${read(attributes, 'PK')}`;
      putHead.run(key, merged(item, attributes), head.item_size, head.hash_prefix);
      for (const { name, partition, item: row, put } of putRows) {
        const shard = shards.get(read(attributes, 'dueShard')) ?? '';
        put.run(
          name === 'due' ? shard : partition,
          `S:${read(attributes, sortOf[name])}`,
          key,
          merged(row, attributes),
        );
      }
    }
    file.exec('COMMIT; PRAGMA journal_mode = WAL');
  } finally {
    file.close();
  }
};

const seedFirst = async (
  bench: Pick<Bench, 'model'>,
  folder: string,
  table: string,
  like: string,
  seed: { readonly count: number; readonly createdAt: number; readonly dueAt: number },
): Promise<void> => {
  const database = await startDatabase({ dataDir: folder });
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: bench.model.region,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    const key: Record<string, AttributeValue> = { PK: { S: `TKT#${like}` }, SK: { S: 'T' } };
    const { Item: head = {} } = await client.send(new GetItemCommand({ TableName: table, Key: key }));
    await seedHeads(client, table, head, { ...seed, count: Math.min(seed.count, firstHeads) });
  } finally {
    client.destroy();
    await database.stop();
  }
};

/** How the engine writes the numbers of the shards. */
const shardKeys = (file: DatabaseSync, table: string): ReadonlyMap<string, string> => {
  const rows = file.prepare(`SELECT gsi_pk, item_json FROM "${table}::gsi::due"`).all();
  const found = new Map<string, string>();
  for (const row of rows) {
    const { gsi_pk, item_json } = indexRow.parse(row);
    found.set(read(itemSchema.parse(JSON.parse(item_json)), 'dueShard'), gsi_pk);
    if (found.size === dueShards) return found;
  }
  throw new Error(`only ${found.size} shards of the index have an item`);
};
