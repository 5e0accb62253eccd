import * as z from 'zod';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TransactItem } from './transact.ts';
import { readItem } from './heads.ts';
import { itemKind } from './item-kind.ts';

const externalIdSchema = z.object({ id: z.string(), contentHash: z.string().nullable() });
export type ExternalIdRecord = z.infer<typeof externalIdSchema>;
export const externalIdKind = itemKind('external id', externalIdSchema);

const rememberedAtMost = 10_000;

/**
 * `EXT#<source>#<id>` -> our id: claims a foreign identity once, in the transaction of the thing that it names. A claim is
 * never changed, so what was found is remembered for the function's life.
 */
export class ExternalIds {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #remembered = new Map<string, ExternalIdRecord>();

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  async find(source: string, externalId: string): Promise<ExternalIdRecord | null> {
    const key = `EXT#${source}#${externalId}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const item = await readItem(this.#client, this.#table, { PK: key, SK: 'X' });
    if (item === undefined) return null;
    const record = externalIdKind.read(item);
    if (this.#remembered.size >= rememberedAtMost) this.#remembered.clear();
    this.#remembered.set(key, record);
    return record;
  }

  claim(source: string, externalId: string, id: string, contentHash: string | null = null): TransactItem {
    return {
      Put: {
        TableName: this.#table,
        Item: { PK: `EXT#${source}#${externalId}`, SK: 'X', id, contentHash, ...externalIdKind.stamp },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    };
  }
}
