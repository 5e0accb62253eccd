import { type AttributeValue, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { newId } from '../../functions/platform/ids.ts';
import { type DueLane, dueAttributes } from '../../functions/platform/due/due-index.ts';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Puts `count` heads like `head` directly into the operations table, each with an id and a deadline of its own, far away:
 * `dueAt` and a second more for each.
 */
export const seedHeads = async (
  client: DynamoDBClient,
  table: string,
  head: Readonly<Record<string, AttributeValue>>,
  seed: {
    readonly count: number;
    readonly createdAt: number;
    readonly dueAt: number;
    /** From one to the next; left out: a second. */
    readonly stepMs?: number;
    readonly lane?: DueLane;
    /** What lies beside the head (its description) and is put beside each; left out: only the heads. */
    readonly beside?: readonly Readonly<Record<string, AttributeValue>>[];
  },
): Promise<void> => {
  const one = (index: number): Record<string, AttributeValue> => {
    const id = newId('tkt', seed.createdAt + index);
    const PK = `TKT#${id}`;
    const at = new Date(seed.dueAt + index * (seed.stepMs ?? 1000)).toISOString();
    const { lane = 'rest' } = seed;
    const due = dueAttributes(PK, at, lane);
    return {
      ...head,
      PK: { S: PK },
      id: { S: id },
      number: { S: `T-seed-${index}` },
      customerSort: { S: id },
      nextDueAt: { S: at },
      queueSort: { S: `0#${at}#${id}` },
      dueShard: { N: String(due.dueShard) },
      dueAt: { S: at },
      dueLane: { S: lane },
    };
  };
  const { beside = [] } = seed;
  const tickets = Math.floor(25 / (1 + beside.length));
  for (let start = 0; start < seed.count; start += tickets) {
    const length = Math.min(tickets, seed.count - start);
    const heads = Array.from({ length }, (_unused, offset) => one(start + offset));
    const items = heads.flatMap((item) => [
      item,
      ...beside.map((other) => ({ ...other, PK: item['PK'] ?? { S: '' } })),
    ]);
    const requests = items.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
};
