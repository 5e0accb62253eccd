import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isoInstant } from '../platform/clock.ts';
import { dueShardOf } from '../platform/due/due-index.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { parcelKey } from './keys.ts';
import { unlessRefused } from './refused-writes.ts';

/**
 * Opens a closed parcel for its next portion, due at once. When it is not closed, whoever has it looks for new entries after
 * closing it, so nothing is to be done.
 */
export const reopenParcel = async (
  to: {
    readonly client: DynamoDBDocumentClient;
    readonly table: string;
    readonly hints: Pick<DueHints, 'afterCommit'>;
  },
  partition: string,
  now: number,
): Promise<void> => {
  const answer = await unlessRefused(
    to.client.send(
      new UpdateCommand({
        TableName: to.table,
        Key: parcelKey(partition),
        UpdateExpression:
          'SET #state = :open, portion = portion + :one, #size = :none, attempts = :none, marked = :none, dueAttempts = :none, dueAt = :now, dueShard = :shard, dueLane = :lane REMOVE outcome, lastError',
        ConditionExpression: '#state = :closed',
        ExpressionAttributeNames: { '#state': 'state', '#size': 'size' },
        ExpressionAttributeValues: {
          ':open': 'open',
          ':closed': 'closed',
          ':one': 1,
          ':none': 0,
          ':now': isoInstant(now),
          ':shard': dueShardOf(partition),
          ':lane': 'rest',
        },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  );
  if (answer !== null) await to.hints.afterCommit([answer.Attributes]);
};
