import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TableShape } from '../../../functions/drills/domain/drill.ts';
import type { Engine } from '../../engine.ts';

export type Item = Record<string, unknown>;

/** How a table of the engine is made. */
export const shapeOf = async (engine: Engine, tableName: string): Promise<TableShape> => {
  const { Table } = await engine.client.send(new DescribeTableCommand({ TableName: tableName }));
  const names = (schema: { AttributeName?: string; KeyType?: string }[] = []) =>
    [...schema].sort(({ KeyType }) => (KeyType === 'HASH' ? -1 : 1)).map(({ AttributeName }) => AttributeName!);
  return {
    tableName,
    tableArn: `arn:aws:dynamodb:eu-central-1:000000000000:table/${tableName}`,
    sizeBytes: 0,
    itemCount: 0,
    keys: names(Table?.KeySchema as never),
    indexes: (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema }) => ({
      name: IndexName!,
      keys: names(KeySchema as never),
    })),
    stream: null,
    ttl: null,
    pointInTimeRecovery: false,
    latestRestorableAt: null,
    deletionProtection: false,
    tags: {},
    kmsKeyArn: null,
  };
};

export const allItems = async (engine: Engine, table: string): Promise<Item[]> => {
  const found: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await engine.client.send(new ScanCommand({ TableName: table, ExclusiveStartKey }));
    found.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
};

export const putAll = async (engine: Engine, table: string, items: readonly Item[]): Promise<void> => {
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await engine.client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
};

let made = 0;

/** An empty table made like another one, as a restore makes it; `indexes` leaves some out. */
export const emptyLike = async (
  engine: Engine,
  like: string,
  keep: (index: string) => boolean = () => true,
): Promise<string> => {
  const { Table } = await engine.client.send(new DescribeTableCommand({ TableName: like }));
  made += 1;
  const name = `cloud-service-desk-local-drill-${made}`;
  const indexes = (Table?.GlobalSecondaryIndexes ?? [])
    .filter(({ IndexName }) => keep(IndexName!))
    .map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  const used = new Set(
    [Table!.KeySchema!, ...indexes.map(({ KeySchema }) => KeySchema!)].flat().map(({ AttributeName }) => AttributeName),
  );
  await engine.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: Table!.KeySchema,
      AttributeDefinitions: Table!.AttributeDefinitions!.filter(({ AttributeName }) => used.has(AttributeName)),
      ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    }),
  );
  return name;
};

/** A copy of a table as it is now, item by item; `change` plants a fault, and null leaves an item out. */
export const copyOf = async (
  engine: Engine,
  table: string,
  change: (item: Item) => Item | null = (item) => item,
): Promise<string> => {
  const name = await emptyLike(engine, table);
  const items = (await allItems(engine, table)).map((item) => change({ ...item })).filter((item) => item !== null);
  await putAll(engine, name, items);
  return name;
};
