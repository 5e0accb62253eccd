import * as z from 'zod';
import type { TableModel } from '../../model.ts';
import { type Attributes, attributes, keyText } from './attribute-value.ts';

const part = z.object({ TableName: z.string(), Key: attributes.optional(), Item: attributes.optional() });
const valued = part.extend({ ExpressionAttributeValues: attributes.optional() });
const action = valued.optional();
const transaction = z.object({
  ClientRequestToken: z.string().optional(),
  TransactItems: z.array(
    z.object({ Put: action, Update: action, Delete: action, ConditionCheck: action, Get: action }),
  ),
});
const batch = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: attributes }).optional(),
        DeleteRequest: z.object({ Key: attributes }).optional(),
      }),
    ),
  ),
});

export type ItemAction = 'Put' | 'Update' | 'Delete' | 'ConditionCheck' | 'Get';

/** What a request does to one item. */
export interface ItemRequest {
  readonly action: ItemAction;
  readonly table: TableModel;
  readonly key: Attributes;
  /** Names the item among those of all tables. */
  readonly id: string;
  /** The values that the action writes, as far as the request tells: the item of a Put, the values of an Update's expression. */
  readonly values: readonly unknown[];
  /** The item of a Put. */
  readonly item: Attributes | null;
}

export interface ItemRequests {
  readonly items: readonly ItemRequest[];
  /** How the request counts for others: all or nothing, alone, or a batch of ones that are alone. */
  readonly kind: 'transaction' | 'single' | 'batch';
  readonly token: string | null;
}

type Part = z.output<typeof valued>;

/** The items that a write (or TransactGetItems) touches, in the order of the request; null for every other operation. */
export function itemRequests(
  operation: string,
  json: unknown,
  tables: ReadonlyMap<string, TableModel>,
): ItemRequests | null {
  const touch = (kind: ItemAction, one: Part): ItemRequest[] => {
    const table = tables.get(one.TableName);
    if (table === undefined) return []; // The engine says that there is none.
    const key = keyOf(table, one.Key ?? one.Item ?? {});
    const values = Object.values(one.Item ?? one.ExpressionAttributeValues ?? {});
    return [{ action: kind, table, key, id: keyText(table.name, key), values, item: one.Item ?? null }];
  };
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem': {
      const kind = operation === 'PutItem' ? 'Put' : operation === 'UpdateItem' ? 'Update' : 'Delete';
      return { items: touch(kind, valued.parse(json)), kind: 'single', token: null };
    }
    case 'TransactWriteItems':
    case 'TransactGetItems': {
      const { TransactItems, ClientRequestToken = null } = transaction.parse(json);
      const items = TransactItems.flatMap(({ Put, Update, Delete, ConditionCheck, Get }) => [
        ...(Put === undefined ? [] : touch('Put', Put)),
        ...(Update === undefined ? [] : touch('Update', Update)),
        ...(Delete === undefined ? [] : touch('Delete', Delete)),
        ...(ConditionCheck === undefined ? [] : touch('ConditionCheck', ConditionCheck)),
        ...(Get === undefined ? [] : touch('Get', Get)),
      ]);
      return { items, kind: 'transaction', token: ClientRequestToken };
    }
    case 'BatchWriteItem': {
      const items = Object.entries(batch.parse(json).RequestItems).flatMap(([TableName, requests]) =>
        requests.flatMap(({ PutRequest, DeleteRequest }) => [
          ...(PutRequest === undefined ? [] : touch('Put', { TableName, Item: PutRequest.Item })),
          ...(DeleteRequest === undefined ? [] : touch('Delete', { TableName, Key: DeleteRequest.Key })),
        ]),
      );
      return { items, kind: 'batch', token: null };
    }
    default:
      return null;
  }
}

/** The attributes of a table's primary key. */
export function keyOf(table: TableModel, item: Attributes): Attributes {
  const names = table.sortKey === null ? [table.partitionKey] : [table.partitionKey, table.sortKey];
  return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name]]] : [])));
}
