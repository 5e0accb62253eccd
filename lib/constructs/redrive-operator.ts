import { Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import type { HintQueue } from './hint-queue.ts';
import { allow, operatorPolicy } from './operator-policy.ts';
import type { ServiceFunction } from './service-function.ts';

export interface RedriveOperatorProps {
  readonly context: StageContext;
  /** Queues whose dead letters go back, by the names of their alarms. */
  readonly hints: Readonly<Record<string, HintQueue>>;
  readonly failedRecords: Bucket;
  /** The functions whose stream records may lie in the bucket. */
  readonly readers: readonly ServiceFunction[];
}

/**
 * Who puts back what was given up (`npm run redrive`): the policy, and the parameter with the queues and the bucket. One parameter and not a look at the stacks or the event source mappings:
 * listing mappings cannot be held to a resource, and a stack's description shows more than is needed.
 */
export class RedriveOperator extends Construct {
  constructor(scope: Construct, id: string, { context, hints, failedRecords, readers }: RedriveOperatorProps) {
    super(scope, id);
    const { stage } = context.config;
    const queues = Object.entries(hints);
    const parameterArn = context.parameters.publish(
      this,
      'redrive-sources',
      Stack.of(this).toJsonString({
        hints: queues.map(([name, { queue, deadLetters }]) => ({
          name,
          deadLetters: deadLetters.queueUrl,
          queue: queue.queueUrl,
        })),
        failedRecords: failedRecords.bucketName,
      }),
    );
    const key = new DataKeyGrants(this, context);
    operatorPolicy(this, context, {
      name: 'redrive',
      description: `Puts back what stage ${stage} of cloud-service-desk has given up (npm run redrive)`,
      parameterArn,
      statements: [
        allow(
          ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
          queues.map(([, { deadLetters }]) => deadLetters.queueArn),
        ),
        allow(
          ['sqs:SendMessage'],
          queues.map(([, { queue }]) => queue.queueArn),
        ),
        allow(['s3:ListBucket'], [failedRecords.bucketArn]),
        allow(['s3:GetObject', 's3:DeleteObject'], [failedRecords.arnForObjects('*')]),
        key.decryptionThrough('s3'),
        allow(
          ['lambda:InvokeFunction'],
          readers.map(({ live }) => live.functionArn),
        ),
      ],
    });
  }
}
