import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, isoInstant, milliseconds } from '../clock.ts';
import { logger } from '../logger.ts';
import type { Measurements } from '../metrics.ts';
import { readItem } from '../store/heads.ts';
import type { AfterFailure } from './attend.ts';
import { lookAgainMs } from './look-again.ts';

/** From this attempt on it is no passing trouble: it is counted, and rings. */
const poisonFrom = 3;

const dueSchema = z.object({
  dueAt: z.string(),
  dueAttempts: z.number().int().optional(),
  version: z.number().int().optional(),
});

/** Holds while these attributes are as they were read, those that were not there included. */
const unchanged = (read: Readonly<Record<string, unknown>>) => {
  const names = Object.keys(read);
  return {
    condition: names
      .map((name) => (read[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`))
      .join(' AND '),
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(names.flatMap((name) => (read[name] === undefined ? [] : [[`:${name}`, read[name]]]))),
  };
};

/**
 * Moves an item that could not be attended to further ahead in the due index, ever farther, and counts the attempts on it:
 * otherwise every sweep would hint it again, each minute for good, and what is due behind it would wait for its tries.
 * Only what is still due is moved, and only as it was read, so that a change of the item meanwhile, which says itself when it
 * is due, is not undone; the next change of the item forgets the attempts. It touches neither version nor history. Never throws: the failure that led here is the one to tell.
 */
export const pushBack =
  (ports: {
    readonly client: DynamoDBDocumentClient;
    readonly table: string;
    readonly clock: Clock;
    readonly metrics: Measurements;
  }): AfterFailure =>
  async ({ pk, sk }) => {
    const { client, table, clock, metrics } = ports;
    const key = { PK: pk, SK: sk };
    try {
      const found = dueSchema.safeParse(await readItem(client, table, key)).data;
      const now = clock.now();
      if (found === undefined || milliseconds(found.dueAt) > now) return;
      const { dueAt, dueAttempts, version } = found;
      const attempts = (dueAttempts ?? 0) + 1;
      const asRead = unchanged({ dueAt, dueAttempts, version });
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: key,
          UpdateExpression: 'SET #dueAt = :later, #dueAttempts = :attempts',
          ConditionExpression: asRead.condition,
          ExpressionAttributeNames: asRead.names,
          ExpressionAttributeValues: {
            ...asRead.values,
            ':later': isoInstant(now + lookAgainMs(attempts)),
            ':attempts': attempts,
          },
        }),
      );
      if (attempts >= poisonFrom) metrics.add('DuePushedBack', 1);
      logger.warn('due item pushed back', { attempts });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) logger.error('due item not pushed back', { error });
    }
  };
