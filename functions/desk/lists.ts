import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Position, queryPage } from '../platform/store/heads.ts';
import type { SortedPartition } from '../platform/store/merge.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { ticketRowSchema } from './domain/ticket.ts';
import { ticketRowVersions } from './domain/ticket-versions.ts';
import { ticketKey } from './store.ts';

/** A row of the lists table; the stream of the KPI context writes it. */
export const ticketRowKind = itemKind(ticketRowVersions, ticketRowSchema);

/** The orders in which tickets are listed, and the index that has each. Every sort key ends with the ticket's id. */
export const orders = {
  deadline: { index: 'queue', partitionKey: 'queue', sortKey: 'queueSort', descending: false },
  updated: { index: 'updated', partitionKey: 'listKey', sortKey: 'listSort', descending: true },
  created: { index: 'customer', partitionKey: 'customerId', sortKey: 'customerSort', descending: true },
} as const;
export type TicketOrder = keyof typeof orders;

/** The indexes of tickets: `queue` and `customer` on the operations table, `updated` on the lists table. */
export class TicketLists {
  readonly #client: DynamoDBDocumentClient;
  readonly #operations: string;
  readonly #lists: string;

  constructor(options: { client: DynamoDBDocumentClient; operationsTable: string; listsTable: string }) {
    this.#client = options.client;
    this.#operations = options.operationsTable;
    this.#lists = options.listsTable;
  }

  /** One partition of an order: a team (`none` for no team) or, by creation, a customer. Begins after the sort key `after`. */
  partition(
    sort: TicketOrder,
    name: string,
    page: { readonly after: string | null; readonly chunk: number },
  ): SortedPartition {
    const order = orders[sort];
    const value = sort === 'created' ? name : `T#${name}`;
    const begin: Position | null =
      page.after === null
        ? null
        : {
            PK: ticketKey(page.after.slice(page.after.lastIndexOf('#') + 1)),
            SK: sort === 'updated' ? 'ROW' : 'T',
            [order.partitionKey]: value,
            [order.sortKey]: page.after,
          };
    return {
      read: (after) =>
        queryPage(this.#client, {
          table: sort === 'updated' ? this.#lists : this.#operations,
          index: order.index,
          partition: { name: order.partitionKey, value },
          descending: order.descending,
          limit: page.chunk,
          after: after ?? begin,
        }),
    };
  }
}
