import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageContext } from '../stage-context.ts';
import { every, FunctionSchedule } from './function-schedule.ts';
import { HintQueue } from './hint-queue.ts';
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

  /** A hint brings its own delay, in which the stream gathers (functions/kpis/use-cases/hint-pace.ts). Two at once is the least that SQS can be held to; the job itself sees to it that an hour is computed once. */
  rollUpBy(target: ServiceFunction<'job-rollup'>): void {
    new QueueSource(this, 'Source', {
      from: this.hints,
      to: target,
      batchSize: 10,
      maxConcurrency: 2,
    });
    const runs = { Schedule: every('minute', 'Recomputes KPI hours whose hint was lost') };
    new FunctionSchedule(this, 'Schedule', { target, runs });
  }
}
