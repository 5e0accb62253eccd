import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { IdempotencyMismatch } from '../errors.ts';
import type { TransactItem } from './transact.ts';
import { canonicalJson } from './event.ts';
import { itemKind } from './item-kind.ts';

/** How long a repeated Idempotency-Key replays its answer: 24 hours are promised, a little more is kept. */
export const keptSeconds = 25 * 3600;

export const recordedAnswerSchema = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});
/** An answer as it is replayed. */
export type RecordedAnswer = z.infer<typeof recordedAnswerSchema>;

export const onceKind = itemKind(
  'idempotency record',
  z.object({ PK: z.string(), payloadHash: z.string(), answer: z.instanceof(Uint8Array), expiresAt: z.number() }),
);

/** One use of an Idempotency-Key: who, where, which key, and what was asked. */
export interface OnceKey {
  readonly principalId: string;
  readonly route: string;
  readonly key: string;
  readonly payload: unknown;
}

const hashed = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/**
 * Idempotency records (table of their own, out of backup and stream; TTL). The record is written in the transaction of the
 * change it belongs to, so a repeated request either finds it or fails on it; it keeps the deflated answer (about 400 bytes).
 */
export class OnceRecords {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(options: { client: DynamoDBDocumentClient; table: string; clock: Clock }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#clock = options.clock;
  }

  /** The answer to replay, or null when the key is new. @throws IdempotencyMismatch for another payload. */
  async find(once: OnceKey): Promise<RecordedAnswer | null> {
    const found = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { PK: this.#key(once) }, ConsistentRead: true }),
    );
    if (found.Item === undefined) return null;
    const record = onceKind.read(found.Item);
    if (record.expiresAt < this.#clock.now() / 1000) return null;
    if (record.payloadHash !== hashed(canonicalJson(once.payload))) throw new IdempotencyMismatch(once.key);
    return recordedAnswerSchema.parse(JSON.parse(inflateRawSync(record.answer).toString('utf8')));
  }

  /** The transaction item that records `answer`; it fails when the key was recorded meanwhile. */
  item(once: OnceKey, answer: RecordedAnswer): TransactItem {
    return {
      Put: {
        ...this.#put(once, answer),
        ConditionExpression: 'attribute_not_exists(PK) OR expiresAt < :now',
        ExpressionAttributeValues: { ':now': Math.floor(this.#clock.now() / 1000) },
      },
    };
  }

  /** Records the answer of a request that is idempotent by itself (an import), after it is done. */
  async remember(once: OnceKey, answer: RecordedAnswer): Promise<void> {
    await this.#client.send(new PutCommand(this.#put(once, answer)));
  }

  #key(once: OnceKey): string {
    return hashed(once.principalId, once.route, once.key);
  }

  #put(once: OnceKey, answer: RecordedAnswer): { TableName: string; Item: Record<string, unknown> } {
    return {
      TableName: this.#table,
      Item: {
        PK: this.#key(once),
        payloadHash: hashed(canonicalJson(once.payload)),
        answer: new Uint8Array(deflateRawSync(JSON.stringify(answer))),
        expiresAt: Math.floor(this.#clock.now() / 1000) + keptSeconds,
        ...onceKind.stamp,
      },
    };
  }
}
