import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type TicketRow, ticketRowStamp } from '../domain/ticket-row.ts';

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
          ConditionExpression: 'attribute_not_exists(PK) OR #version < :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': row.version },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
