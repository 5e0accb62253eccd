import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readItem } from '../platform/store/heads.ts';
import { pageReferenceSchema } from './domain/digest-page.ts';
import type { DigestProgress } from './use-cases/write-digest.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | progress of the digests | `SYS#digests` / `P` | each run |
 */
const progressKey = { PK: 'SYS#digests', SK: 'P' };

const progressSchema = z.object({
  version: z.number().int(),
  day: z.string(),
  pages: z.number().int(),
  begunAt: z.string(),
  changedSince: z.string().nullable(),
  previous: pageReferenceSchema.nullable(),
  next: z.string().nullable(),
});

export class DigestProgressStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { readonly client: DynamoDBDocumentClient; readonly table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  async read(): Promise<DigestProgress | null> {
    const item = await readItem(this.#client, this.#table, progressKey);
    return item === undefined ? null : progressSchema.parse(item);
  }

  async write(progress: DigestProgress): Promise<boolean> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...progressKey, ...progress },
          ConditionExpression: 'attribute_not_exists(PK) OR #version = :read',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':read': progress.version - 1 },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
