import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { HintQueue } from './hint-queue.ts';
import type { ServiceFunction } from './service-function.ts';

export interface QueueSourceProps {
  readonly from: HintQueue;
  readonly to: ServiceFunction;
  readonly batchSize: number;
  /** Left out: as many consumers as the account's concurrency allows. */
  readonly maxConcurrency?: number;
}

/** Feeds a function from a queue, hint by hint: what the function reports as failed comes again, the rest is done. */
export class QueueSource extends Construct {
  constructor(scope: Construct, id: string, { from, to, batchSize, maxConcurrency }: QueueSourceProps) {
    super(scope, id);
    to.allow({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [from.queue.queueArn],
    });
    new EventSourceMapping(this, 'Mapping', {
      target: to.live,
      eventSourceArn: from.queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    });
  }
}
