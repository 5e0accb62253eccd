import * as z from 'zod';
import { CommandFailure } from '../command/failure.ts';

/** What Lambda writes of a batch that it gave up: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const schema = z.object({
  requestContext: z.object({
    functionArn: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.number(),
  }),
  timestamp: z.iso.datetime(),
  DDBStreamBatchInfo: z.object({
    shardId: z.string(),
    startSequenceNumber: z.string().regex(/^\d+$/),
    batchSize: z.number(),
  }),
  /** The event that the function did not take, JSON within a string. */
  payload: z.string(),
});

export interface GivenUp {
  readonly key: string;
  readonly functionName: string;
  readonly condition: string;
  readonly attempts: number;
  readonly records: number;
  readonly at: number;
  readonly shardId: string;
  readonly sequenceNumber: bigint;
  readonly payload: string;
}

/** @throws CommandFailure when the object is none of Lambda's. */
export const readGivenUp = (key: string, text: string): GivenUp => {
  const { requestContext, timestamp, DDBStreamBatchInfo: batch, payload } = parse(key, text);
  return {
    key,
    functionName: requestContext.functionArn.split(':')[6] ?? '',
    condition: requestContext.condition,
    attempts: requestContext.approximateInvokeCount,
    records: batch.batchSize,
    at: Date.parse(timestamp),
    shardId: batch.shardId,
    sequenceNumber: BigInt(batch.startSequenceNumber),
    payload,
  };
};

const parse = (key: string, text: string): z.output<typeof schema> => {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'it is no JSON';
    throw new CommandFailure(
      `${key} is not what Lambda writes of records given up (${why}).\nLook at it, and move it out of the bucket if it is somebody else's; then run this again.`,
    );
  }
};

const orderOf = (one: bigint | string | number, other: typeof one): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * In the order in which they were given up, which is the order of the stream for each partition key: a shard is read in order,
 * and a child after its parent. Sequence numbers tell it within a shard only.
 */
export const asGivenUp = (one: GivenUp, other: GivenUp): number =>
  orderOf(one.at, other.at) || orderOf(one.shardId, other.shardId) || orderOf(one.sequenceNumber, other.sequenceNumber);

const name = /^aws\/lambda\/([^/]+)\/.+\/(\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d)-[^/]+$/;

export interface GivenUpKey {
  readonly key: string;
  /** The event source mapping, of one function. */
  readonly mapping: string;
  /** To the second: what was given up within one must be read to be put in order. */
  readonly second: string;
}

/** Reads `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>`; null for the name of anything else. */
export const readKey = (key: string): GivenUpKey | null => {
  const [, mapping, second] = name.exec(key) ?? [];
  return mapping === undefined || second === undefined ? null : { key, mapping, second };
};
