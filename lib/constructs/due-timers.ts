import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageContext } from '../stage-context.ts';
import { every, FunctionSchedule } from './function-schedule.ts';
import { HintQueue } from './hint-queue.ts';
import { QueueSource } from './queue-source.ts';
import type { ServiceFunction } from './service-function.ts';

const CONSUMER: FunctionName = 'queue-due';

/**
 * The desk's only timer: a sweep of the due index each minute, and two queues of hints that carry the exact delay. What is
 * critical has a queue of its own, so that it never waits behind a burst of the rest.
 */
export class DueTimers extends Construct {
  readonly critical: HintQueue;
  readonly rest: HintQueue;

  constructor(scope: Construct, id: string, { parameters }: StageContext) {
    super(scope, id);
    const consumerTimeoutSeconds = functionCatalogue[CONSUMER].timeoutSeconds;
    this.critical = new HintQueue(this, 'Critical', { consumerTimeoutSeconds });
    this.rest = new HintQueue(this, 'Rest', { consumerTimeoutSeconds });
    parameters.publish(this, 'due-critical-queue-url', this.critical.queue.queueUrl);
    parameters.publish(this, 'due-critical-queue-arn', this.critical.queue.queueArn);
    parameters.publish(this, 'due-critical-dead-letters', this.critical.deadLetters.queueName);
    parameters.publish(this, 'due-rest-queue-url', this.rest.queue.queueUrl);
    parameters.publish(this, 'due-rest-queue-arn', this.rest.queue.queueArn);
    parameters.publish(this, 'due-rest-dead-letters', this.rest.deadLetters.queueName);
  }

  get hints(): DueHintGrants {
    return new DueHintGrants(this.critical.queue, this.rest.queue);
  }

  sweepEveryMinuteBy(target: ServiceFunction<'job-sweep'>): void {
    const runs = { Schedule: every('minute', 'Finds what is due soon and sends its hints') };
    new FunctionSchedule(this, 'Sweep', { target, runs });
  }

  deliverTo(target: ServiceFunction<'queue-due'>): void {
    new QueueSource(this, 'CriticalSource', { from: this.critical, to: target, batchSize: 10 });
    // A burst of the rest leaves concurrency for what is critical.
    new QueueSource(this, 'RestSource', { from: this.rest, to: target, batchSize: 10, maxConcurrency: 5 });
  }
}

interface QueueAddress {
  readonly queueUrl: string;
  readonly queueArn: string;
}

/** Where hints go, for whoever commits something that is due soon. */
export class DueHintGrants {
  readonly environment: { readonly DUE_CRITICAL_QUEUE_URL: string; readonly DUE_REST_QUEUE_URL: string };
  private readonly arns: readonly string[];

  constructor(critical: QueueAddress, rest: QueueAddress) {
    this.environment = { DUE_CRITICAL_QUEUE_URL: critical.queueUrl, DUE_REST_QUEUE_URL: rest.queueUrl };
    this.arns = [critical.queueArn, rest.queueArn];
  }

  /** The same queues, seen from another stack. */
  static read(scope: Construct, { parameters }: StageContext): DueHintGrants {
    return new DueHintGrants(
      {
        queueUrl: parameters.read(scope, 'due-critical-queue-url'),
        queueArn: parameters.read(scope, 'due-critical-queue-arn'),
      },
      {
        queueUrl: parameters.read(scope, 'due-rest-queue-url'),
        queueArn: parameters.read(scope, 'due-rest-queue-arn'),
      },
    );
  }

  /** One permission covers single messages and batches. */
  grantSend(target: ServiceFunction): void {
    target.allow({ actions: ['sqs:SendMessage'], resources: this.arns });
  }
}
