import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { readItems } from './heads.ts';
import { itemKind } from './item-kind.ts';
import type { StoredText } from './stored-text.ts';

/** Longer texts leave their event, so that head and event stay within one write unit each. */
export const inlineBytes = 250;

export const longTextKind = itemKind('long text', z.object({ SK: z.string(), text: z.string() }));

/**
 * Long texts in content-addressed items `BODY#<hash>` beside the events that mention them. Written plainly before the
 * transaction: a crash in between leaves an item that nothing mentions, and a repetition writes the same item again.
 */
export class Bodies {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** The address of a text. */
  static hash(text: string): string {
    return createHash('sha256').update(text).digest('base64url');
  }

  async keep(entityKey: string, text: string): Promise<StoredText> {
    if (Buffer.byteLength(text) <= inlineBytes) return { text };
    const bodyHash = Bodies.hash(text);
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: { PK: entityKey, SK: `BODY#${bodyHash}`, text, ...longTextKind.stamp },
      }),
    );
    return { bodyHash };
  }

  /** The texts of these hashes, by hash. */
  async read(entityKey: string, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (hashes.length === 0) return new Map();
    const items = await readItems(
      this.#client,
      this.#table,
      hashes.map((hash) => ({ PK: entityKey, SK: `BODY#${hash}` })),
    );
    return new Map(
      items.map((item) => {
        const body = longTextKind.read(item);
        return [body.SK.slice('BODY#'.length), body.text];
      }),
    );
  }
}
