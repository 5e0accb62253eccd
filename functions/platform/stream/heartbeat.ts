import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, isoInstant } from '../clock.ts';
import { itemKind } from '../store/item-kind.ts';
import type { TableChange } from './pipeline.ts';

/** The one item whose changes do nothing but go through the stream; the filters of both readers let them pass. */
export const heartbeatKey = { PK: 'SYS#heartbeat', SK: 'B' } as const;

const heartbeatSchema = z.object({
  PK: z.literal(heartbeatKey.PK),
  /** Counts up by one: a reader that misses a number has lost what was in the stream beside it. */
  beat: z.number().int().positive(),
  at: z.string(),
});
export const heartbeatKind = itemKind('heartbeat', heartbeatSchema);
export type Heartbeat = Omit<z.infer<typeof heartbeatSchema>, 'PK'>;

/**
 * Sends a heartbeat through the stream of the table: one write unit. Each minute by the sweep, so that both readers are called
 * although nobody works, and one that is not called is switched off or refused. Sent twice it is two, which is harmless.
 */
export const sendHeartbeat = async (options: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
}): Promise<void> => {
  await options.client.send(
    new UpdateCommand({
      TableName: options.table,
      Key: heartbeatKey,
      UpdateExpression: 'SET #at = :now ADD #beat :one',
      ExpressionAttributeNames: { '#at': 'at', '#beat': 'beat' },
      ExpressionAttributeValues: { ':now': isoInstant(options.clock.now()), ':one': 1 },
    }),
  );
};

/** The heartbeat that a change is, or null. */
export const heartbeatOf = ({ newImage }: TableChange): Heartbeat | null => {
  if (newImage?.['PK'] !== heartbeatKey.PK) return null;
  const { beat, at } = heartbeatKind.read(newImage);
  return { beat, at };
};
