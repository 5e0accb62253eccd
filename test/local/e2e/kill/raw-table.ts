import { DynamoDBDocumentClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import { createHash } from 'node:crypto';
import { readAssembly } from '../../../../local/assembly/read-assembly.ts';
import { databaseClient } from '../../../../local/services/dynamodb/database-client.ts';
import { startDatabase } from '../../../../local/services/dynamodb/start-database.ts';
import type { Json } from '../running-desk.ts';

export type Item = Record<string, Json>;

/** One partition of the operations table: an entity with its history. */
export interface Entity {
  readonly key: string;
  readonly heads: readonly Item[];
  readonly events: readonly Item[];
  readonly others: readonly Item[];
}

/** Every item of the operations table, read from the engine's file while no desk runs. */
export const readOperations = async (assemblyDir: string, dataDir: string): Promise<readonly Entity[]> => {
  const table = readAssembly(assemblyDir).tables.find(({ streamArn }) => streamArn !== null);
  if (table === undefined) throw new Error('the assembly has no table with a stream');
  const database = await startDatabase({ dataDir });
  const engine = databaseClient(database.endpoint);
  const client = DynamoDBDocumentClient.from(engine);
  const items: Item[] = [];
  try {
    for (let from: Item | undefined, first = true; first || from !== undefined; first = false) {
      const page: ScanCommandOutput = await client.send(
        new ScanCommand({
          TableName: table.name,
          ConsistentRead: true,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    }
  } finally {
    engine.destroy();
    await database.stop();
  }
  return [...Map.groupBy(items, (item) => String(item['PK']))].map(([key, own]) => ({
    key,
    heads: own.filter((item) => item['chain'] !== undefined),
    events: own
      .filter((item) => String(item['SK']).startsWith('EV#'))
      .sort((a, b) => (String(a['SK']) < String(b['SK']) ? -1 : 1)),
    others: own.filter((item) => item['chain'] === undefined && !String(item['SK']).startsWith('EV#')),
  }));
};

/** Keys sorted at every depth. */
const canonical = (value: Json): Json =>
  value === null || typeof value !== 'object'
    ? value
    : Array.isArray(value)
      ? value.map(canonical)
      : Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((name) => [name, canonical(value[name])]),
        );

const digestOf = (...lines: readonly string[]): string =>
  createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('base64url');

/** What is wrong with an entity's history: versions, head and hash chain, counted here anew. */
export const faultsOfHistory = ({ key, heads, events }: Entity): readonly string[] => {
  if (events.length === 0) return [];
  const faults: string[] = [];
  const [head] = heads;
  if (heads.length !== 1) faults.push(`${key}: ${heads.length} heads`);
  if (head?.['version'] !== events.length)
    faults.push(`${key}: head version ${head?.['version']}, ${events.length} events`);
  let previous = '';
  for (const [index, event] of events.entries()) {
    const version = index + 1;
    if (event['version'] !== version || event['SK'] !== `EV#${String(version).padStart(8, '0')}`)
      faults.push(`${key}: ${event['SK']} stands at ${version}`);
    const payload = [event['actor'], event['data']].map((part) => JSON.stringify(canonical(part)));
    const digest = digestOf(event['salt'], event['type'], event['at'], ...payload);
    previous = digestOf(previous, String(version), digest);
    if (event['digest'] !== digest || event['hash'] !== previous)
      faults.push(`${key}: the chain breaks at ${event['SK']}`);
  }
  if (head?.['chain'] !== previous) faults.push(`${key}: the head's chain is not the last event's`);
  return faults;
};
