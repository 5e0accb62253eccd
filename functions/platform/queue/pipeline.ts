import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { correlated, note } from '../correlation.ts';
import { inInvocation, ownCorrelation, recorded } from '../invocation.ts';
import { logger } from '../logger.ts';
import { type DeskMetrics, flushing } from '../metrics.ts';

const sentSchema = z.object({ correlationId: z.string() });

/** Who sent the message, as far as it says so. A body that is no JSON fails when it is handled. */
const correlationOf = (body: string): string | null => {
  try {
    return sentSchema.safeParse(JSON.parse(body)).data?.correlationId ?? null;
  } catch {
    return null;
  }
};

/**
 * The pipeline of queue functions: every message by itself, failures reported one by one, so that only they come again
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html). A message may arrive twice.
 */
export const queueHandler = (handle: (body: unknown) => Promise<void>, metrics: DeskMetrics) =>
  inInvocation(
    ownCorrelation,
    middy<SQSEvent, SQSBatchResponse>()
      .use(recorded('batch'))
      .use(flushing(metrics))
      .handler(async (event) => {
        const attempt = async ({ messageId, body }: SQSRecord): Promise<readonly { itemIdentifier: string }[]> => {
          try {
            await handle(JSON.parse(body));
            logger.info('message', { messageId });
            return [];
          } catch (error) {
            logger.error('message failed', { messageId, error });
            return [{ itemIdentifier: messageId }];
          }
        };
        const outcomes = await Promise.all(
          event.Records.map(async (record) => correlated(correlationOf(record.body), () => attempt(record))),
        );
        const failures = outcomes.flat();
        note({ records: event.Records.length, failures: failures.length });
        return { batchItemFailures: failures };
      }),
  );
