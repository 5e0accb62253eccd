import { once } from 'node:events';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import * as z from 'zod';
import { engineRecordSchema } from './stream-record.ts';

const streamsSchema = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) });
const describeSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().optional() })),
    LastEvaluatedShardId: z.string().optional(),
  }),
});
const iteratorSchema = z.object({ ShardIterator: z.string() });
const recordsSchema = z.object({ Records: z.array(engineRecordSchema), NextShardIterator: z.string().nullish() });

export interface Shard {
  readonly id: string;
  readonly parentId: string | null;
}

export type Position =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

/** The engine's stream refused a call. */
export class StreamEngineError extends Error {
  override readonly name = 'StreamEngineError';
}

const pageSize = 500;
// The engine does not check the signature, but wants one to be there.
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** The DynamoDB Streams API of the engine: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html */
export class StreamEngine {
  readonly #endpoint: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Lets its connections go. */
  close(): void {
    this.#agent.destroy();
  }

  /** The table's newest stream. @throws StreamEngineError when it has none. */
  async streamOf(tableName: string): Promise<string> {
    const { Streams } = await this.#call('ListStreams', { TableName: tableName }, streamsSchema);
    const newest = Streams.at(-1);
    if (newest === undefined) throw new StreamEngineError(`the table ${tableName} has no stream`);
    return newest.StreamArn;
  }

  async shards(streamArn: string): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    for (let start: string | undefined, more = true; more; more = start !== undefined) {
      const request = { StreamArn: streamArn, ...(start === undefined ? {} : { ExclusiveStartShardId: start }) };
      const { StreamDescription } = await this.#call('DescribeStream', request, describeSchema);
      shards.push(
        ...StreamDescription.Shards.map((shard) => ({ id: shard.ShardId, parentId: shard.ParentShardId ?? null })),
      );
      start = StreamDescription.LastEvaluatedShardId;
    }
    return shards;
  }

  async iterator(streamArn: string, shardId: string, position: Position): Promise<string> {
    const at = position.type === 'AFTER_SEQUENCE_NUMBER' ? { SequenceNumber: position.sequenceNumber } : {};
    const request = { StreamArn: streamArn, ShardId: shardId, ShardIteratorType: position.type, ...at };
    return (await this.#call('GetShardIterator', request, iteratorSchema)).ShardIterator;
  }

  /** The next page; `next` is null at the end of a closed shard. */
  async records(
    iterator: string,
  ): Promise<{ records: z.output<typeof recordsSchema>['Records']; next: string | null }> {
    const { Records, NextShardIterator } = await this.#call(
      'GetRecords',
      { ShardIterator: iterator, Limit: pageSize },
      recordsSchema,
    );
    return { records: Records, next: NextShardIterator ?? null };
  }

  async #call<Schema extends z.ZodType>(operation: string, request: object, schema: Schema): Promise<z.output<Schema>> {
    const { status, text } = await this.#post(operation, JSON.stringify(request));
    if (status !== 200) throw new StreamEngineError(`${operation}: ${status} ${text}`);
    return schema.parse(JSON.parse(text));
  }

  // node:http, since fetch costs three times as much, and this is called after each write.
  async #post(operation: string, body: string): Promise<{ status: number; text: string }> {
    const call = httpRequest(this.#endpoint, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization,
      },
    });
    const answered = once(call, 'response');
    call.end(body);
    const [response]: IncomingMessage[] = await answered;
    if (response === undefined) throw new StreamEngineError(`${operation}: no answer`);
    return { status: response.statusCode ?? 0, text: await readText(response) };
  }
}
