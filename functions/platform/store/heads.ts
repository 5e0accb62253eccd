import { BatchGetCommand, GetCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

export interface ItemKey {
  readonly PK: string;
  readonly SK: string;
}

/** One item, consistently, or undefined. */
export const readItem = async (
  client: DynamoDBDocumentClient,
  table: string,
  key: ItemKey,
): Promise<Record<string, unknown> | undefined> =>
  (await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;

/** Up to 100 items by key, in the order asked for; what is missing is left out, and unless asked consistently also what is new. Unprocessed keys are asked for again. */
export const readItems = async (
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly ItemKey[],
  how: { readonly consistent: boolean } = { consistent: false },
): Promise<readonly Record<string, unknown>[]> => {
  const found = new Map<string, Record<string, unknown>>();
  let wanted: Record<string, unknown>[] = [...new Map(keys.map((key) => [`${key.PK} ${key.SK}`, { ...key }])).values()];
  for (let attempt = 0; wanted.length > 0; attempt += 1) {
    if (attempt > 0) await pause(Math.min(1000, 2 ** attempt * 10));
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: how.consistent } } }),
    );
    for (const item of answer.Responses?.[table] ?? []) found.set(`${item['PK']} ${item['SK']}`, item);
    wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return keys.flatMap((key) => {
    const item = found.get(`${key.PK} ${key.SK}`);
    return item === undefined ? [] : [item];
  });
};

/** The last evaluated key of a query, as cursors carry it. */
export const positionSchema = z.record(z.string(), z.union([z.string(), z.number()]));
export type Position = z.infer<typeof positionSchema>;

export interface QueryPage {
  readonly items: readonly Record<string, unknown>[];
  readonly next: Position | null;
}

/** One page of one partition, of the table or of an index. */
export const queryPage = async (
  client: DynamoDBDocumentClient,
  query: {
    readonly table: string;
    readonly index?: string;
    readonly partition: { readonly name: string; readonly value: string };
    readonly sort?: { readonly name: string; readonly from: string; readonly to: string };
    readonly descending?: boolean;
    readonly consistent?: boolean;
    /** The attributes that are wanted; left out: all. */
    readonly only?: readonly string[];
    readonly limit: number;
    readonly after?: Position | null;
  },
): Promise<QueryPage> => {
  const answer = await client.send(
    new QueryCommand({
      TableName: query.table,
      ...(query.index === undefined ? {} : { IndexName: query.index }),
      KeyConditionExpression: query.sort === undefined ? '#p = :p' : '#p = :p AND #s BETWEEN :from AND :to',
      ExpressionAttributeNames: {
        '#p': query.partition.name,
        ...(query.sort === undefined ? {} : { '#s': query.sort.name }),
        ...Object.fromEntries((query.only ?? []).map((name, index) => [`#only${index}`, name])),
      },
      ExpressionAttributeValues: {
        ':p': query.partition.value,
        ...(query.sort === undefined ? {} : { ':from': query.sort.from, ':to': query.sort.to }),
      },
      ScanIndexForward: query.descending !== true,
      ConsistentRead: query.consistent === true,
      ...(query.only === undefined
        ? {}
        : { ProjectionExpression: query.only.map((_name, index) => `#only${index}`).join(', ') }),
      Limit: query.limit,
      ...(query.after == null ? {} : { ExclusiveStartKey: query.after }),
    }),
  );
  return {
    items: answer.Items ?? [],
    next: answer.LastEvaluatedKey === undefined ? null : positionSchema.parse(answer.LastEvaluatedKey),
  };
};

/**
 * A page of a list that lies in index `queue`, as the heads of its records in the order of the list, of which the index may be a
 * second behind.
 */
export const queryHeads = async (
  client: DynamoDBDocumentClient,
  query: {
    readonly table: string;
    readonly list: string;
    /** Where a record of the list keeps its head; left out: `H`. */
    readonly headKey?: string;
    readonly descending?: boolean;
    readonly limit: number;
    readonly after: Position | null;
  },
): Promise<{ readonly heads: readonly Record<string, unknown>[]; readonly next: Position | null }> => {
  const { table, list, headKey = 'H', descending = false, limit, after } = query;
  const partition = { name: 'queue', value: list };
  const page = await queryPage(client, { table, index: 'queue', partition, descending, limit, after });
  const keys = page.items.map((item) => ({ PK: String(item['PK']), SK: headKey }));
  return { heads: await readItems(client, table, keys), next: page.next };
};
