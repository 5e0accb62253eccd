import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { readItems } from './heads.ts';
import { itemKind } from './item-kind.ts';
import { queryAll } from './query-all.ts';
import type { StoredText } from './stored-text.ts';

/** Longer texts leave their event, so that head and event stay within one write unit each. */
export const inlineBytes = 250;

export const longTextKind = itemKind('long text', z.object({ SK: z.string(), text: z.string() }));

const byHash = (items: readonly Record<string, unknown>[]): ReadonlyMap<string, string> =>
  new Map(
    items.map((item) => {
      const body = longTextKind.read(item);
      return [body.SK.slice('BODY#'.length), body.text];
    }),
  );

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

  /** Keeps a text that is too long for its event or head; `near` is put before the sort key, to lie beside another item. */
  async keep(entityKey: string, text: string, near = ''): Promise<StoredText> {
    if (Buffer.byteLength(text) <= inlineBytes) return { text };
    const bodyHash = Bodies.hash(text);
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: { PK: entityKey, SK: `${near}BODY#${bodyHash}`, text, ...longTextKind.stamp },
      }),
    );
    return { bodyHash };
  }

  /** The text of the item with this sort key among items that were read, or undefined. */
  static textOf(items: readonly Record<string, unknown>[], SK: string): string | undefined {
    const found = items.find((item) => item['SK'] === SK);
    return found === undefined ? undefined : longTextKind.read(found).text;
  }

  /**
   * The texts of these hashes, by hash. A text never changes, so one that an eventual read finds is right, at half the price;
   * one that it misses may be a moment old and is asked for again: a change made on a ticket without its text would erase it.
   */
  async read(entityKey: string, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.#find(entityKey, hashes, false);
    const missing = hashes.filter((hash) => !found.has(hash));
    return missing.length === 0 ? found : new Map([...found, ...(await this.#find(entityKey, missing, true))]);
  }

  async #find(entityKey: string, hashes: readonly string[], consistent: boolean): Promise<ReadonlyMap<string, string>> {
    if (hashes.length === 0) return new Map();
    const keys = hashes.map((hash) => ({ PK: entityKey, SK: `BODY#${hash}` }));
    return byHash(await readItems(this.#client, this.#table, keys, { consistent }));
  }

  /**
   * Every text of an entity, by hash, consistently. Many small ones are rounded up to a read unit once, and not each.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
   */
  async readAll(entityKey: string): Promise<ReadonlyMap<string, string>> {
    const items = await queryAll(this.#client, {
      table: this.#table,
      partition: entityKey,
      range: { from: 'BODY#', to: 'BODY#~' },
      consistent: true,
    });
    return byHash(items);
  }
}
