import * as z from 'zod';
import { type Attributes, attributes } from './attribute-value.ts';
import { type Engine, type EngineAnswer, isGood } from './engine.ts';
import type { ItemRequest } from './item-requests.ts';

/** The engine checks no signature; there only has to be one, of some date. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=desk/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

const found = z.object({ Responses: z.record(z.string(), z.array(attributes)) });
const scanned = z.object({ Items: z.array(attributes), LastEvaluatedKey: attributes.optional() });

/** One write of a batch, in DynamoDB's words. */
export type BatchedWrite = { readonly PutRequest: object } | { readonly DeleteRequest: object };

const keysOfBatchGet = 100;
const writesOfBatch = 25;

/** Calls of the desk itself to the engine, in plain JSON, so that images pass through as they are. */
export class EngineCalls {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The items that a request touches as they are now; null where there is none. One call for up to 100. */
  async images(items: readonly Pick<ItemRequest, 'table' | 'key'>[]): Promise<readonly (Attributes | null)[]> {
    const images: (Attributes | null)[] = [];
    for (let start = 0; start < items.length; start += keysOfBatchGet)
      images.push(...(await this.#imagesOf(items.slice(start, start + keysOfBatchGet))));
    return images;
  }

  async #imagesOf(items: readonly Pick<ItemRequest, 'table' | 'key'>[]): Promise<readonly (Attributes | null)[]> {
    const RequestItems: Record<string, { ConsistentRead: true; Keys: Attributes[] }> = {};
    for (const { table, key } of items)
      (RequestItems[table.name] ??= { ConsistentRead: true, Keys: [] }).Keys.push(key);
    const { Responses } = found.parse(await this.call('BatchGetItem', { RequestItems }));
    return items.map(
      ({ table, key }) =>
        Responses[table.name]?.find((item) =>
          Object.entries(key).every(([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value)),
        ) ?? null,
    );
  }

  async write(tableName: string, writes: readonly BatchedWrite[]): Promise<void> {
    for (let start = 0; start < writes.length; start += writesOfBatch)
      await this.call('BatchWriteItem', {
        RequestItems: { [tableName]: writes.slice(start, start + writesOfBatch) },
      });
  }

  /** Every item of a table, page by page. */
  async *pages(TableName: string): AsyncGenerator<readonly Attributes[]> {
    let ExclusiveStartKey: Attributes | undefined;
    do {
      const page = scanned.parse(await this.call('Scan', { TableName, ConsistentRead: true, ExclusiveStartKey }));
      yield page.Items;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  /** Any call, its answer as it came. @throws when the engine refuses it. */
  async call(operation: string, json: object): Promise<unknown> {
    const { answer, text } = await this.#send(operation, json);
    if (!isGood(answer)) throw new Error(`the database engine refused ${operation}: ${text}`);
    return JSON.parse(text);
  }

  /** Null when what the call is about is not there. @throws when the engine refuses it otherwise. */
  async tryCall(operation: string, json: object): Promise<unknown> {
    const { answer, text } = await this.#send(operation, json);
    if (isGood(answer)) return JSON.parse(text);
    if (text.includes('ResourceNotFoundException')) return null;
    throw new Error(`the database engine refused ${operation}: ${text}`);
  }

  async #send(operation: string, json: object): Promise<{ answer: EngineAnswer; text: string }> {
    const answer = await this.#engine.answer({
      operation,
      json,
      body: Buffer.from(JSON.stringify(json)),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization,
      },
    });
    return { answer, text: answer.body.toString('utf8') };
  }
}
