import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { logger } from '../logger.ts';

/**
 * The pipeline of queue functions: every message by itself, failures reported one by one, so that only they come again
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html). A message may arrive twice.
 */
export const queueHandler = (handle: (body: unknown) => Promise<void>) =>
  middy<SQSEvent, SQSBatchResponse>().handler(async (event) => {
    const outcomes = await Promise.all(
      event.Records.map(async (record) => {
        try {
          await handle(JSON.parse(record.body));
          return [];
        } catch (error) {
          logger.error('message failed', {
            messageId: record.messageId,
            error: error instanceof Error ? error : undefined,
          });
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    );
    return { batchItemFailures: outcomes.flat() };
  });
