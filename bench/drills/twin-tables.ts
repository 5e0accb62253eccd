import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { TableModel } from '../../local/model.ts';
import { createTables } from '../../local/services/dynamodb/create-tables.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';
import { canaryItems, livedItems } from './lived-items.ts';
import type { Bench } from '../row.ts';

const atOnce = 8;
const countRow = z.object({ items: z.number(), bytes: z.number() });

export interface Twins {
  readonly client: DynamoDBDocumentClient;
  readonly source: TableModel;
  readonly copy: string;
  readonly items: number;
  /** As DynamoDB counts the size of items, without indexes. */
  readonly bytes: number;
  stop(): Promise<void>;
}

/** A table with `count` items of tickets, and its copy, which the file of the engine makes at once. */
export const twinTables = async (bench: Bench, count: number, from: number, canariesAt: number): Promise<Twins> => {
  const model = bench.model.tables.find(({ id }) => id.toLowerCase().includes('operations'));
  if (model === undefined) throw new Error('there is no operations table');
  const source = { ...model, streamArn: null, streamViewType: null };
  const copy = `${model.name}-copy`;
  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  const filling = await startDatabase({ dataDir: folder });
  await createTables(filling.endpoint, [source, { ...source, name: copy }]);
  const writer = clientOf(filling.endpoint);
  await fill(writer, source.name, [...canaryItems(source.name, canariesAt)]);
  const times = count > 50_000 ? 50 : 1;
  await fill(writer, source.name, livedItems(count / times, from));
  writer.destroy();
  await filling.stop();
  const file = new DatabaseSync(join(folder, 'dynamodb.sqlite'));
  file.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN');
  const parts = ['', ...source.indexes.map(({ name }) => `::gsi::${name}`)];
  for (let time = 1; time < times; time += 1) for (const part of parts) multiply(file, `${source.name}${part}`, time);
  for (const part of parts) file.exec(`INSERT INTO "${copy}${part}" SELECT * FROM "${source.name}${part}"`);
  // The engine sorts what it scans in segments by this, the whole table for each page; DynamoDB does not.
  for (const table of [source.name, copy])
    file.exec(`CREATE INDEX "${table}::segments" ON "${table}" (hash_prefix, pk, sk)`);
  file.exec('COMMIT; PRAGMA journal_mode = WAL');
  const sizes = countRow.parse(
    file.prepare(`SELECT count(*) AS items, sum(item_size) AS bytes FROM "${source.name}"`).get(),
  );
  file.close();
  const database = await startDatabase({ dataDir: folder });
  const client = clientOf(database.endpoint);
  return {
    client,
    source,
    copy,
    ...sizes,
    stop: async () => {
      client.destroy();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/**
 * The same items once more under other keys: neither chains nor sums are made of keys, so all of them hold. A hundred times as
 * fast as writing them.
 */
const multiply = (file: DatabaseSync, table: string, time: number): void => {
  // Ids of tickets begin with 01 for the next thousand years.
  const mark = 9 + time;
  const renamed = (column: string): string =>
    `replace(replace(${column}, 'TKT#tkt_01', 'TKT#tkt_${mark}'), 'ALT#alt_', 'ALT#alt_${mark}')`;
  const columns = file
    .prepare(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name));
  const keys = new Set(['pk', 'table_pk', 'item_json']);
  const values = columns.map((name) => (keys.has(name) ? renamed(name) : name)).join(', ');
  const key = columns.includes('table_pk') ? 'table_pk' : 'pk';
  const first = `(${key} GLOB 'S:TKT#tkt_01*' OR ${key} GLOB 'S:ALT#alt_${'?'.repeat(26)}')`;
  file.exec(`INSERT INTO "${table}" (${columns.join(', ')}) SELECT ${values} FROM "${table}" WHERE ${first}`);
};

const clientOf = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );

const fill = async (
  client: DynamoDBDocumentClient,
  table: string,
  items: Iterable<Readonly<Record<string, unknown>>>,
): Promise<void> => {
  const iterator = items[Symbol.iterator]();
  const write = async (): Promise<void> => {
    for (;;) {
      const requests = Array.from(take(iterator, 25), (Item) => ({ PutRequest: { Item } }));
      if (requests.length === 0) return;
      await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, write));
};

function* take<One>(iterator: Iterator<One>, count: number): Generator<One> {
  for (let taken = 0; taken < count; taken += 1) {
    const { done, value } = iterator.next();
    if (done === true) return;
    yield value;
  }
}
