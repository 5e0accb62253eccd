import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type TicketRow, ticketRowOf, ticketRowOfItem } from '../../functions/kpis/domain/ticket-row.ts';
import { TicketRowStore } from '../../functions/kpis/store/ticket-row-store.ts';
import { canonicalJson } from '../../functions/platform/store/event.ts';
import { readItems } from '../../functions/platform/store/heads.ts';
import type { Desk } from './desk.ts';

export interface RowsFound {
  readonly looked: number;
  /** Of tickets that are lost. */
  readonly removed: number;
  /** Ahead of their tickets: the stream would not write over them. */
  readonly putBack: number;
  /** The highest number of a ticket in any of them. */
  readonly highestNumber: number;
}

const atOnce = 100;

const remove = async ({ client, settings }: Desk, { id, version }: TicketRow): Promise<boolean> => {
  try {
    await client.send(
      new DeleteCommand({
        TableName: settings.lists,
        Key: { PK: `TKT#${id}`, SK: 'ROW' },
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': version },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** Whether a row shows what its ticket is no longer, or not yet: it is ahead, or says something else of the same version. */
const isWrong = (row: TicketRow, right: TicketRow): boolean =>
  row.version > right.version || (row.version === right.version && canonicalJson(row) !== canonicalJson(right));

/**
 * The rows of the ticket lists follow the stream and never fall back to an older version, so after a restore they are put right
 * here: those of lost tickets go, those that are ahead of their tickets get what the ticket says. A row is read before its
 * ticket, so that a ticket made meanwhile is there.
 */
export const putRowsRight = async (desk: Desk, table: string, really: boolean): Promise<RowsFound> => {
  const store = new TicketRowStore({ client: desk.client, table: desk.settings.lists });
  const counts = { looked: 0, removed: 0, putBack: 0, highestNumber: 0 };
  let position: Record<string, unknown> | undefined;
  do {
    const page = await desk.client.send(
      new ScanCommand({
        TableName: desk.settings.lists,
        ConsistentRead: true,
        FilterExpression: 'SK = :row',
        ExpressionAttributeValues: { ':row': 'ROW' },
        ...(position && { ExclusiveStartKey: position }),
      }),
    );
    const rows = (page.Items ?? []).map((item) => ticketRowOfItem(item));
    for (let start = 0; start < rows.length; start += atOnce) {
      const some = rows.slice(start, start + atOnce);
      const keys = some.map(({ id }) => ({ PK: `TKT#${id}`, SK: 'T' }));
      const heads = new Map(
        (await readItems(desk.client, table, keys, { consistent: true })).map((head) => [String(head['PK']), head]),
      );
      for (const row of some) {
        counts.looked += 1;
        counts.highestNumber = Math.max(counts.highestNumber, Number(/^T-(\d+)$/.exec(String(row.number))?.[1] ?? 0));
        const head = heads.get(`TKT#${row.id}`);
        if (head === undefined) {
          if (!really || (await remove(desk, row))) counts.removed += 1;
          continue;
        }
        const right = ticketRowOf(head);
        if (isWrong(row, right) && (!really || (await store.putOver(right, row.version)))) counts.putBack += 1;
      }
    }
    position = page.LastEvaluatedKey;
  } while (position !== undefined);
  return counts;
};
