import { ConditionalCheckFailedException, TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ticketCounterKind } from '../../functions/desk/store.ts';
import { readItem } from '../../functions/platform/store/heads.ts';
import type { Desk } from './desk.ts';
import type { RestoredTable } from './restored-table.ts';

const counterKey = { PK: 'SYS#counter', SK: 'tickets' };
/** Tickets of the last moments that neither a list nor an answer knows any more, but a customer's mail may. */
const gap = 1_000;

export interface Counter {
  readonly was: number;
  readonly wanted: number;
}

/** Where the counter shall stand, once that is decided: whoever comes again must not raise it again. */
const decidedTag = 'cloud-service-desk:numbers-after';

/** Where the counter has to stand so that no number is given twice, when the highest that was seen is `seen`. */
export const counterAfter = async (
  { client }: Desk,
  { name, shape }: RestoredTable,
  seen: number,
): Promise<Counter> => {
  const item = await readItem(client, name, counterKey);
  const was = item === undefined ? 0 : ticketCounterKind.read(item).value;
  const decided = Number(shape.tags[decidedTag] ?? 0);
  return { was, wanted: decided > 0 ? decided : Math.max(was, seen) + gap };
};

/** Raises it, once: a number that is higher already stays. */
export const raiseCounter = async (
  { client, tables }: Desk,
  { name, arn }: RestoredTable,
  value: number,
): Promise<void> => {
  await tables.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: decidedTag, Value: String(value) }] }));
  try {
    await client.send(
      new UpdateCommand({
        TableName: name,
        Key: counterKey,
        UpdateExpression: 'SET #value = :value',
        ConditionExpression: 'attribute_not_exists(#value) OR #value < :value',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};
