import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageContext } from '../stage-context.ts';
import { HintQueue } from './hint-queue.ts';
import { OnSchedule } from './on-schedule.ts';
import { QueueSource } from './queue-source.ts';
import type { ServiceFunction } from './service-function.ts';

const CONSUMER: FunctionName = 'job-rollup';

/** Recomputing of dirty KPI hours: soon after a fact arrives by a hint, and each minute for what a lost hint left behind. */
export class KpiRollups extends Construct {
  readonly hints: HintQueue;

  constructor(scope: Construct, id: string, { parameters }: StageContext) {
    super(scope, id);
    this.hints = new HintQueue(this, 'Hints', { consumerTimeoutSeconds: functionCatalogue[CONSUMER].timeoutSeconds });
    parameters.publish(this, 'rollups-dead-letters', this.hints.deadLetters.queueName);
  }

  grantSend(target: ServiceFunction): void {
    target.allow({ actions: ['sqs:SendMessage'], resources: [this.hints.queue.queueArn] });
  }

  /** Every batch of the stream sends a hint: they are gathered, since one run does the work of all. Two at once is the least that SQS can be held to; the job itself sees to it that an hour is computed once. */
  rollUpBy(target: ServiceFunction<'job-rollup'>): void {
    new QueueSource(this, 'Source', {
      from: this.hints,
      to: target,
      batchSize: 100,
      gatherSeconds: 5,
      maxConcurrency: 2,
    });
    new OnSchedule(this, 'Schedule', {
      target,
      every: Duration.minutes(1),
      description: 'Recomputes KPI hours whose hint was lost',
    });
  }
}
