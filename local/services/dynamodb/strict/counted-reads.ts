import * as z from 'zod';
import type { TableModel } from '../../../model.ts';
import type { Attributes } from '../attribute-value.ts';
import { queriedValue } from '../leading-keys.ts';
import { itemRequest } from '../requests.ts';
import type { ReadOfKey } from './throughput.ts';
import { countedKey } from './write-units.ts';

const consistency = z.object({ ConsistentRead: z.boolean().optional() });

/** The one partition key that a GetItem or a Query reads; null for reads of several, which are not counted. */
export const countedRead = (
  operation: string,
  json: unknown,
  tables: ReadonlyMap<string, TableModel>,
): ReadOfKey | null => {
  if (operation !== 'GetItem' && operation !== 'Query') return null;
  const request = itemRequest.parse(json);
  const table = tables.get(request.TableName);
  if (table === undefined) return null;
  const name = request.IndexName ?? null;
  const partitionKey =
    name === null ? table.partitionKey : table.indexes.find((index) => index.name === name)?.partitionKey;
  if (partitionKey === undefined) return null;
  const key: Attributes = request.Key ?? {};
  const value = key[partitionKey] ?? queriedValue(request, partitionKey);
  const { ConsistentRead = false } = consistency.parse(json);
  return { key: countedKey(table, name, value), factor: ConsistentRead ? 1 : 0.5 };
};
