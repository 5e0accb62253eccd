import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageContext } from '../stage-context.ts';
import { every, FunctionSchedule } from './function-schedule.ts';
import { HintQueue } from './hint-queue.ts';
import { QueueSource } from './queue-source.ts';
import type { ServiceFunction } from './service-function.ts';

/** As in functions/platform/due/due-index.ts, and as the parameters are called. */
const dueLanes = ['critical', 'rest', 'drills'] as const;
type DueLane = (typeof dueLanes)[number];

const CONSUMER: FunctionName = 'queue-due';
const DRILLS_CONSUMER: FunctionName = 'queue-drills';

/**
 * The desk's only timer: a sweep of the due index each minute, and three queues of hints that carry the exact delay. What is
 * critical has a queue of its own, so that it never waits behind a burst of the rest; drills, which work for minutes, have one
 * so that nothing waits behind them.
 */
export class DueTimers extends Construct {
  readonly critical: HintQueue;
  readonly rest: HintQueue;
  readonly drills: HintQueue;

  constructor(scope: Construct, id: string, { parameters }: StageContext) {
    super(scope, id);
    const consumerTimeoutSeconds = functionCatalogue[CONSUMER].timeoutSeconds;
    this.critical = new HintQueue(this, 'Critical', { consumerTimeoutSeconds });
    this.rest = new HintQueue(this, 'Rest', { consumerTimeoutSeconds });
    this.drills = new HintQueue(this, 'Drills', {
      consumerTimeoutSeconds: functionCatalogue[DRILLS_CONSUMER].timeoutSeconds,
    });
    for (const lane of dueLanes) {
      const { queue, deadLetters } = this[lane];
      parameters.publish(this, `due-${lane}-queue-url`, queue.queueUrl);
      parameters.publish(this, `due-${lane}-queue-arn`, queue.queueArn);
      parameters.publish(this, `due-${lane}-dead-letters`, deadLetters.queueName);
    }
  }

  get hints(): DueHintGrants {
    return new DueHintGrants({ critical: this.critical.queue, rest: this.rest.queue, drills: this.drills.queue });
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

  /** Each drill takes an invocation for itself; two at once is the least that SQS can be held to. */
  deliverDrillsTo(target: ServiceFunction<'queue-drills'>): void {
    new QueueSource(this, 'DrillsSource', { from: this.drills, to: target, batchSize: 1, maxConcurrency: 2 });
  }
}

interface QueueAddress {
  readonly queueUrl: string;
  readonly queueArn: string;
}

/** Where hints go, for whoever commits something that is due soon. */
export class DueHintGrants {
  readonly environment: { readonly DUE_CRITICAL_QUEUE_URL: string; readonly DUE_REST_QUEUE_URL: string };
  /** Of those that have to do with drills, and of the sweep. */
  readonly allEnvironment: DueHintGrants['environment'] & { readonly DUE_DRILLS_QUEUE_URL: string };
  private readonly queues: Readonly<Record<DueLane, QueueAddress>>;

  constructor(queues: Readonly<Record<DueLane, QueueAddress>>) {
    const { critical, rest, drills } = queues;
    this.environment = { DUE_CRITICAL_QUEUE_URL: critical.queueUrl, DUE_REST_QUEUE_URL: rest.queueUrl };
    this.allEnvironment = { ...this.environment, DUE_DRILLS_QUEUE_URL: drills.queueUrl };
    this.queues = queues;
  }

  /** The same queues, seen from another stack. */
  static read(scope: Construct, { parameters }: StageContext): DueHintGrants {
    const address = (lane: DueLane): QueueAddress => ({
      queueUrl: parameters.read(scope, `due-${lane}-queue-url`),
      queueArn: parameters.read(scope, `due-${lane}-queue-arn`),
    });
    return new DueHintGrants({ critical: address('critical'), rest: address('rest'), drills: address('drills') });
  }

  /** One permission covers single messages and batches. */
  grantSend(target: ServiceFunction): void {
    this.grantSendTo(target, ['critical', 'rest']);
  }

  grantSendAll(target: ServiceFunction): void {
    this.grantSendTo(target, dueLanes);
  }

  private grantSendTo(target: ServiceFunction, lanes: readonly DueLane[]): void {
    target.allow({ actions: ['sqs:SendMessage'], resources: lanes.map((lane) => this.queues[lane].queueArn) });
  }
}
