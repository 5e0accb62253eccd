import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type TicketRow, ticketRowOfItem, ticketRowStamp } from '../domain/ticket-row.ts';
import { readItems } from '../../platform/store/heads.ts';

/**
 * Ticket rows of the lists table: `TKT#id` / `ROW`, and by index `updated`: `T#<team or none>` / `<updatedAt>#<id>`. One item
 * for a ticket, so that a ticket that changes its team leaves the old list by itself.
 */
export class TicketRowStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** Keeps the row unless the same or a later version is there. */
  async put(row: TicketRow): Promise<void> {
    await this.#put(row, 'attribute_not_exists(PK) OR #version < :version', row.version);
  }

  /** Puts the row right: over any older one; over the same or a later version only if it is the one that was read. False when it is not. */
  async putOver(row: TicketRow, over: number | null): Promise<boolean> {
    return over === null || over < row.version
      ? this.#put(row, 'attribute_not_exists(PK) OR #version < :version', row.version)
      : this.#put(row, '#version = :version', over);
  }

  /** The row as it is, perhaps a moment old. */
  async find(ticketId: string): Promise<TicketRow | null> {
    const [item] = await readItems(this.#client, this.#table, [{ PK: `TKT#${ticketId}`, SK: 'ROW' }]);
    return item === undefined ? null : ticketRowOfItem(item);
  }

  async #put(row: TicketRow, condition: string, version: number): Promise<boolean> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: {
            ...row,
            PK: `TKT#${row.id}`,
            SK: 'ROW',
            listKey: `T#${row.teamId ?? 'none'}`,
            listSort: `${row.updatedAt}#${row.id}`,
            ...ticketRowStamp,
          },
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': version },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
