import * as z from 'zod';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TransactItem } from './commit.ts';
import { readItem } from './heads.ts';

const externalIdSchema = z.object({ id: z.string(), contentHash: z.string().nullable() });
export type ExternalIdRecord = z.infer<typeof externalIdSchema>;

/** `EXT#<source>#<id>` -> our id: claims a foreign identity once, in the transaction of the thing that it names. */
export class ExternalIds {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  async find(source: string, externalId: string): Promise<ExternalIdRecord | null> {
    const item = await readItem(this.#client, this.#table, { PK: `EXT#${source}#${externalId}`, SK: 'X' });
    return item === undefined ? null : externalIdSchema.parse(item);
  }

  claim(source: string, externalId: string, id: string, contentHash: string | null = null): TransactItem {
    return {
      Put: {
        TableName: this.#table,
        Item: { PK: `EXT#${source}#${externalId}`, SK: 'X', id, contentHash },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    };
  }
}
