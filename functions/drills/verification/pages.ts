import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { sdkKey, type Value, type WireItem } from './wire.ts';

/** A page of a table or index. */
export interface Page {
  readonly items: readonly WireItem[];
  /** Where the next one begins; null after the last. */
  readonly next: WireItem | null;
  readonly readUnits: number;
}

export interface ScanRequest {
  readonly table: string;
  readonly index: string | null;
  readonly segment: number;
  readonly segments: number;
  /** Attributes that are wanted; all when null. */
  readonly only: readonly string[] | null;
  /** Items a page at most; as many as fit (1 MB) when null. */
  readonly limit: number | null;
  readonly after: WireItem | null;
}

export interface PartitionRequest {
  readonly table: string;
  readonly key: { readonly name: string; readonly value: Value };
  readonly after: WireItem | null;
}

/** Where items come from, by pages. */
export interface Pages {
  /** Eventually consistent: half a read unit for 4 KB. */
  scan(request: ScanRequest): Promise<Page>;
  /** A whole partition, consistently. */
  partition(request: PartitionRequest): Promise<Page>;
}

interface WirePage {
  readonly Items?: readonly WireItem[];
  readonly LastEvaluatedKey?: WireItem;
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
}

interface Response {
  readonly statusCode: number;
  body: unknown;
}

const isResponse = (value: unknown): value is Response =>
  typeof value === 'object' && value !== null && 'statusCode' in value && 'body' in value;

/** Where the answer of a call is put. */
interface Taken {
  page: WirePage | null;
}

/** Behind the client's own reading of answers. */
const place = { step: 'deserialize', priority: 'low', name: 'takeThePage' } as const;

/**
 * Takes the answer before the client makes objects of it: what only is hashed needs none, and making them costs more than
 * reading and hashing together. An answer that is an error goes on to the client.
 */
const take = async <Result extends { readonly response: unknown }>(result: Result, taken: Taken): Promise<Result> => {
  const { response } = result;
  if (!isResponse(response) || response.statusCode !== 200 || !(response.body instanceof Readable)) return result;
  taken.page = JSON.parse(await text(response.body));
  response.body = Buffer.from('{}');
  return result;
};

const pageOf = ({ page }: Taken): Page => {
  if (page === null) throw new Error('A page of a table was answered in a form that cannot be read.');
  return {
    items: page.Items ?? [],
    next: page.LastEvaluatedKey ?? null,
    readUnits: page.ConsumedCapacity?.CapacityUnits ?? 0,
  };
};

export class TablePages implements Pages {
  readonly #client: DynamoDBDocumentClient;

  constructor(client: DynamoDBDocumentClient) {
    this.#client = client;
  }

  async scan(request: ScanRequest): Promise<Page> {
    const names = (request.only ?? []).map((name, index) => [`#a${index}`, name] as const);
    const command = new ScanCommand({
      TableName: request.table,
      ...(request.index === null ? {} : { IndexName: request.index }),
      Segment: request.segment,
      TotalSegments: request.segments,
      ReturnConsumedCapacity: 'TOTAL',
      ...(request.limit === null ? {} : { Limit: request.limit }),
      ...(request.after === null ? {} : { ExclusiveStartKey: sdkKey(request.after) }),
      ...(names.length === 0
        ? {}
        : {
            ProjectionExpression: names.map(([alias]) => alias).join(', '),
            ExpressionAttributeNames: Object.fromEntries(names),
          }),
    });
    const taken: Taken = { page: null };
    command.middlewareStack.add((next) => async (args) => take(await next(args), taken), place);
    await this.#client.send(command);
    return pageOf(taken);
  }

  async partition({ table, key, after }: PartitionRequest): Promise<Page> {
    const command = new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': key.name },
      ExpressionAttributeValues: sdkKey({ ':key': key.value }),
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
      ...(after === null ? {} : { ExclusiveStartKey: sdkKey(after) }),
    });
    const taken: Taken = { page: null };
    command.middlewareStack.add((next) => async (args) => take(await next(args), taken), place);
    await this.#client.send(command);
    return pageOf(taken);
  }
}
