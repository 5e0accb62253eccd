import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceNotFoundException,
  type StreamViewType,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import type { TableModel } from '../../model.ts';
import { databaseClient } from './database-client.ts';

const streamViews: readonly StreamViewType[] = ['KEYS_ONLY', 'NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE'];

/**
 * Makes the tables of the model that are absent, and brings the secondary indexes of the others into line, so that a changed
 * template takes effect on kept data. May run again at any time.
 *
 * @throws when the primary key of a kept table changed: as on AWS that needs a new table.
 */
export async function createTables(endpoint: string, tables: readonly TableModel[]): Promise<void> {
  const client = databaseClient(endpoint);
  try {
    for (const table of tables) {
      const existing = await describe(client, table.name);
      if (existing === null) await create(client, table);
      else await align(client, table, existing);
    }
  } finally {
    client.destroy();
  }
}

/** Removes the tables of the model that are there. */
export async function dropTables(endpoint: string, tables: readonly TableModel[]): Promise<void> {
  const client = databaseClient(endpoint);
  try {
    for (const table of tables) {
      if ((await describe(client, table.name)) !== null)
        await client.send(new DeleteTableCommand({ TableName: table.name }));
      while ((await describe(client, table.name)) !== null) await pause(20);
    }
  } finally {
    client.destroy();
  }
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | null> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

async function create(client: DynamoDBClient, table: TableModel): Promise<void> {
  const view = streamViews.find((one) => one === table.streamViewType);
  await client.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributeDefinitions(table),
      KeySchema: keySchema(table),
      ...(table.indexes.length > 0 && { GlobalSecondaryIndexes: table.indexes.map(indexDefinition) }),
      ...(view !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: view } }),
    }),
  );
  while ((await describe(client, table.name))?.TableStatus !== 'ACTIVE') await pause(20);
  if (table.ttlAttribute === null) return;
  const TimeToLiveSpecification = { AttributeName: table.ttlAttribute, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
}

async function align(client: DynamoDBClient, table: TableModel, existing: TableDescription): Promise<void> {
  if (fingerprint(keySchema(table)) !== fingerprint(existing.KeySchema)) {
    throw new Error(
      `table ${table.name} has another primary key in the template than on disk: start with a new data folder`,
    );
  }
  const wanted = new Map(table.indexes.map((index) => [index.name, indexDefinition(index)]));
  const present = new Map((existing.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName ?? '', index]));
  for (const [name, index] of present) {
    const same = wanted.get(name);
    if (
      same !== undefined &&
      fingerprint([same.KeySchema, same.Projection]) === fingerprint([index.KeySchema, index.Projection])
    )
      continue;
    await client.send(
      new UpdateTableCommand({ TableName: table.name, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] }),
    );
    present.delete(name);
  }
  for (const [name, index] of wanted) {
    if (present.has(name)) continue;
    await client.send(
      new UpdateTableCommand({
        TableName: table.name,
        AttributeDefinitions: attributeDefinitions(table),
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      }),
    );
  }
}

function attributeDefinitions(table: TableModel) {
  const keys = new Set([table, ...table.indexes].flatMap((key) => [key.partitionKey, key.sortKey]));
  return table.attributes
    .filter((attribute) => keys.has(attribute.name))
    .map((attribute) => ({ AttributeName: attribute.name, AttributeType: attribute.type }));
}

function keySchema(key: { readonly partitionKey: string; readonly sortKey: string | null }): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: key.partitionKey, KeyType: 'HASH' };
  return key.sortKey === null ? [hash] : [hash, { AttributeName: key.sortKey, KeyType: 'RANGE' }];
}

function indexDefinition(index: TableModel['indexes'][number]): GlobalSecondaryIndex {
  const NonKeyAttributes = [...index.nonKeyAttributes].sort();
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: index.projection, ...(index.projection === 'INCLUDE' && { NonKeyAttributes }) },
  };
}

/** The same text for the same content, whatever the order of fields and of projected attributes. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (key === 'NonKeyAttributes' && Array.isArray(part)) return [...part].sort();
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
