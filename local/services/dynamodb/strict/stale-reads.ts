import * as z from 'zod';
import type { TableModel } from '../../../model.ts';
import type { EngineAnswer, EngineRequest } from '../engine.ts';
import { followerOf } from './follower-tables.ts';

const read = z.looseObject({ TableName: z.string(), ConsistentRead: z.boolean().optional() });
const batchRead = z.looseObject({
  RequestItems: z.record(z.string(), z.looseObject({ ConsistentRead: z.boolean().optional() })),
});
const capacity = z.looseObject({ TableName: z.string() });
const answered = z.looseObject({
  Responses: z.record(z.string(), z.unknown()).optional(),
  UnprocessedKeys: z.record(z.string(), z.unknown()).optional(),
  ConsumedCapacity: z.union([capacity, z.array(capacity)]).optional(),
});

/** A request as it goes to the engine, and what makes its answer one of the tables that were asked. */
export interface Redirected {
  readonly request: EngineRequest;
  readonly restore: (answer: EngineAnswer) => EngineAnswer;
}

type Tables = ReadonlyMap<string, TableModel>;

/** A request with another body; null when it asks for nothing that may be behind. */
const redirectedJson = (operation: string, json: unknown, tables: Tables): object | null => {
  switch (operation) {
    case 'GetItem':
    case 'Query':
    case 'Scan': {
      const request = read.parse(json);
      if (request.ConsistentRead === true || !tables.has(request.TableName)) return null;
      return { ...request, TableName: followerOf(request.TableName) };
    }
    case 'BatchGetItem': {
      const { RequestItems, ...request } = batchRead.parse(json);
      const readFrom = (name: string, consistent = false): string =>
        consistent || !tables.has(name) ? name : followerOf(name);
      const entries = Object.entries(RequestItems).map(([name, keys]) => [readFrom(name, keys.ConsistentRead), keys]);
      return { ...request, RequestItems: Object.fromEntries(entries) };
    }
    default:
      return null;
  }
};

/**
 * Reads that ask for no consistency go to the followers; a query of an index cannot ask for any. Null for every other request.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html)
 */
export const redirectedRead = (request: EngineRequest, tables: Tables): Redirected | null => {
  const json = redirectedJson(request.operation, request.json, tables);
  if (json === null) return null;
  const originals = new Map([...tables.keys()].map((name) => [followerOf(name), name]));
  const original = (name: string): string => originals.get(name) ?? name;
  const renamed = (parts: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [original(name), part]));
  const restored = (used: z.output<typeof capacity>) => ({ ...used, TableName: original(used.TableName) });
  return {
    request: { ...request, json, body: Buffer.from(JSON.stringify(json)) },
    restore: (answer) => {
      const { Responses, UnprocessedKeys, ConsumedCapacity, ...rest } = answered.parse(
        JSON.parse(answer.body.toString('utf8')),
      );
      const { 'x-amz-crc32': _, ...headers } = answer.headers;
      const body = {
        ...rest,
        ...(Responses !== undefined && { Responses: renamed(Responses) }),
        ...(UnprocessedKeys !== undefined && { UnprocessedKeys: renamed(UnprocessedKeys) }),
        ...(ConsumedCapacity !== undefined && {
          ConsumedCapacity: Array.isArray(ConsumedCapacity)
            ? ConsumedCapacity.map(restored)
            : restored(ConsumedCapacity),
        }),
      };
      return { ...answer, headers, body: Buffer.from(JSON.stringify(body)) };
    },
  };
};
