import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Clock, isoInstant } from '../clock.ts';
import { dueIndexName, dueShards } from './due-index.ts';
import { type DueHints, dueItemSchema, hintHorizonSeconds } from './hints.ts';

export interface SweepResult {
  readonly hinted: number;
  /** The oldest instant that was due already, or null: how far behind the desk is. */
  readonly oldestDueAt: string | null;
}

/**
 * Reads each shard of the due index for what is due within the horizon and sends its hints. Runs every minute, may run late
 * or twice (repeated hints are harmless), and reads only what is due: an idle sweep is eight empty queries, 4 RRU.
 */
export const sweep = async (options: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly hints: DueHints;
  readonly clock: Clock;
}): Promise<SweepResult> => {
  const until = isoInstant(options.clock.now() + hintHorizonSeconds * 1000);
  const shards = await Promise.all(
    Array.from({ length: dueShards }, async (_unused, shard) => {
      let hinted = 0;
      let oldest: string | null = null;
      let from: Record<string, unknown> | undefined;
      do {
        const page = await options.client.send(
          new QueryCommand({
            TableName: options.table,
            IndexName: dueIndexName,
            KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
            ExpressionAttributeValues: { ':shard': shard, ':until': until },
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        );
        const items = (page.Items ?? []).map((item) => dueItemSchema.parse(item));
        oldest ??= items[0]?.dueAt ?? null;
        await options.hints.send(items);
        hinted += items.length;
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return { hinted, oldest };
    }),
  );
  const oldest = shards.flatMap((shard) => (shard.oldest === null ? [] : [shard.oldest])).sort()[0] ?? null;
  return {
    hinted: shards.reduce((sum, shard) => sum + shard.hinted, 0),
    oldestDueAt: oldest !== null && oldest < isoInstant(options.clock.now()) ? oldest : null,
  };
};
