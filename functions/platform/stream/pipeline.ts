import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { logger } from '../logger.ts';

/** One change of the operations table, its images as plain items. */
export interface TableChange {
  readonly sequenceNumber: string;
  readonly newImage: Record<string, unknown> | null;
}

const attributesSchema = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);

const changeOf = (record: DynamoDBRecord): TableChange => ({
  sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
  newImage:
    record.dynamodb?.NewImage === undefined ? null : unmarshall(attributesSchema.parse(record.dynamodb.NewImage)),
});

/**
 * The pipeline of stream functions: records in order, stop at the first failure and report it, so that Lambda retries from
 * there and a ticket's events are never reordered
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
 * A record may arrive twice or again after a crash: `project` must be harmless when repeated.
 * `finish` runs once after the records that went well.
 */
export const streamHandler = (
  project: (change: TableChange) => Promise<void>,
  finish: () => Promise<void> = async () => undefined,
) =>
  middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event) => {
    const failures: { itemIdentifier: string }[] = [];
    for (const record of event.Records) {
      try {
        await project(changeOf(record));
      } catch (error) {
        logger.error('stream record failed', {
          sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
          error: error instanceof Error ? error : undefined,
        });
        failures.push({ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' });
        break;
      }
    }
    await finish();
    return { batchItemFailures: failures };
  });
