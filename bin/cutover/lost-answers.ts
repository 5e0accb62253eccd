import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { canonicalJson, eventKey } from '../../functions/platform/store/event.ts';
import { readItem } from '../../functions/platform/store/heads.ts';
import {
  keptSeconds,
  onceKind,
  type RecordedAnswer,
  recordedAnswerSchema,
} from '../../functions/platform/store/once.ts';
import { type AnsweredWrite, answeredWrites, numberIn } from './answered-writes.ts';
import type { Desk } from './desk.ts';

/** What was recorded so long before the oldest canary had been committed, or had failed, when that was written. */
const marginMs = 35_000;
/** The record of a key and its event are made in one attempt of one invocation. */
const toleranceMs = 5_000;
const atOnce = 16;

export interface AnswersFound {
  /** Records of the time in question that were looked at. */
  readonly looked: number;
  /** Of these, answers to what the table does not have. */
  readonly lost: number;
  /** What could not be read: left as it is. */
  readonly unread: number;
  /** The highest number of a ticket in any of them. */
  readonly highestNumber: number;
}

type Judgement = 'kept' | 'lost' | 'unread';

interface Found {
  readonly PK: string;
  readonly expiresAt: number;
  readonly recordedAt: number;
  readonly answer: RecordedAnswer | null;
}

const eventSchema = z.object({ recordedAt: z.iso.datetime() });

const readAnswer = (bytes: Uint8Array): RecordedAnswer | null => {
  try {
    return recordedAnswerSchema.parse(JSON.parse(inflateRawSync(bytes).toString('utf8')));
  } catch {
    return null;
  }
};

const foundOf = (item: Record<string, unknown>): Found => {
  const { PK, answer, expiresAt } = onceKind.read(item);
  return { PK, expiresAt, recordedAt: (expiresAt - keptSeconds) * 1000, answer: readAnswer(answer) };
};

const isThere = async ({ client }: Desk, table: string, write: AnsweredWrite, recordedAt: number): Promise<boolean> => {
  switch (write.of) {
    case 'event': {
      const event = await readItem(client, table, { PK: write.partition, SK: eventKey(write.version) });
      if (event === undefined) return false;
      // After the cut-over the same version is given again, to another change.
      const wroteAt = Math.floor(Date.parse(eventSchema.parse(event).recordedAt) / 1000) * 1000;
      return Math.abs(wroteAt - recordedAt) <= toleranceMs;
    }
    case 'partition': {
      const { Count = 0 } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'PK = :p',
          ExpressionAttributeValues: { ':p': write.partition },
          ConsistentRead: true,
          Limit: 1,
        }),
      );
      return Count > 0;
    }
    case 'acknowledgement': {
      const alert = await readItem(client, table, { PK: `ALT#${write.alertId}`, SK: 'A' });
      return alert !== undefined && canonicalJson(alert['acknowledgement']) === canonicalJson(write.acknowledgement);
    }
  }
};

const judge = async (desk: Desk, table: string, { answer, recordedAt }: Found): Promise<Judgement> => {
  const writes = answer === null ? null : answeredWrites(answer);
  if (writes === null) return 'unread';
  for (const write of writes) if (!(await isThere(desk, table, write, recordedAt))) return 'lost';
  return 'kept';
};

/** False when the key was used again meanwhile: then its answer is a new one. */
const forget = async ({ client, settings }: Desk, { PK, expiresAt }: Found): Promise<boolean> => {
  try {
    await client.send(
      new DeleteCommand({
        TableName: settings.idempotency,
        Key: { PK },
        ConditionExpression: 'expiresAt = :expiresAt',
        ExpressionAttributeValues: { ':expiresAt': expiresAt },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/**
 * Idempotency records survive the disaster, and would replay answers to writes that are lost with it: a client that repeats its
 * request would believe them. Walks the records that were made since the copy may lack something (null: all), and removes
 * those whose writes the table does not have; what it has goes on being replayed. Killed, the next walk finds the rest.
 */
export const forgetLostAnswers = async (
  desk: Desk,
  table: string,
  { oldestCanary, really }: { readonly oldestCanary: string | null; readonly really: boolean },
): Promise<AnswersFound> => {
  const since = oldestCanary === null ? 0 : Math.floor((Date.parse(oldestCanary) - marginMs) / 1000) + keptSeconds;
  const counts = { looked: 0, lost: 0, unread: 0, highestNumber: 0 };
  let position: Record<string, unknown> | undefined;
  do {
    const page = await desk.client.send(
      new ScanCommand({
        TableName: desk.settings.idempotency,
        ConsistentRead: true,
        FilterExpression: 'expiresAt >= :since',
        ExpressionAttributeValues: { ':since': since },
        ...(position && { ExclusiveStartKey: position }),
      }),
    );
    const records = (page.Items ?? []).map(foundOf);
    for (let start = 0; start < records.length; start += atOnce)
      await Promise.all(
        records.slice(start, start + atOnce).map(async (record) => {
          counts.looked += 1;
          counts.highestNumber = Math.max(counts.highestNumber, record.answer === null ? 0 : numberIn(record.answer));
          const judgement = await judge(desk, table, record);
          if (judgement === 'unread') counts.unread += 1;
          if (judgement !== 'lost') return;
          if (!really || (await forget(desk, record))) counts.lost += 1;
        }),
      );
    position = page.LastEvaluatedKey;
  } while (position !== undefined);
  return counts;
};
