import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { correlated, note } from '../correlation.ts';
import { inInvocation, ownCorrelation, recorded } from '../invocation.ts';
import { logger } from '../logger.ts';
import { type DeskMetrics, flushing } from '../metrics.ts';

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

/** What a stream function does with the changes of one batch. */
export interface Projection {
  readonly project: (change: TableChange) => Promise<void>;
  /** Runs once after the records that went well. */
  readonly finish?: () => Promise<void>;
}

/**
 * The pipeline of stream functions: records in order, stop at the first failure and report it, so that Lambda retries from
 * there and a ticket's events are never reordered
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
 * A record may arrive twice or again after a crash: `project` must be harmless when repeated. `begin` makes a projection for
 * each batch: nothing that one of them gathers is another one's, whatever became of it.
 */
export const streamHandler = (begin: () => Projection, metrics: DeskMetrics) =>
  inInvocation(
    ownCorrelation,
    middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
      .use(recorded('batch'))
      .use(flushing(metrics))
      .handler(async (event) => {
        const { project, finish } = begin();
        const failures: { itemIdentifier: string }[] = [];
        const correlationIds = new Set<string>();
        const attempt = async (record: DynamoDBRecord): Promise<boolean> => {
          const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
          try {
            await project(changeOf(record));
            logger.debug('stream record', { sequenceNumber });
            return true;
          } catch (error) {
            logger.error('stream record failed', { sequenceNumber, error });
            failures.push({ itemIdentifier: sequenceNumber });
            return false;
          }
        };
        for (const record of event.Records) {
          // Who caused the change; only events say so.
          const correlationId = record.dynamodb?.NewImage?.['correlationId']?.S ?? null;
          if (correlationId !== null) correlationIds.add(correlationId);
          if (!(await correlated(correlationId, () => attempt(record)))) break;
        }
        note({ records: event.Records.length, failures: failures.length, correlationIds: [...correlationIds] });
        await finish?.();
        return { batchItemFailures: failures };
      }),
  );
