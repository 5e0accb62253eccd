import * as z from 'zod';
import type { RequestRecord } from '../gateway/gateway.ts';
import type { FunctionModel, MetricModel, QueueModel } from '../model.ts';
import type { Queues } from '../services/sqs/queues.ts';
import type { Outcome } from '../workers/outcome.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import type { MetricStore } from './metric-store.ts';

const recordsSchema = z.object({ Records: z.array(z.unknown()) });
const streamRecordSchema = z.object({ dynamodb: z.object({ ApproximateCreationDateTime: z.number() }) });

/** When the last record of a stream's batch was written, in ms; null for other events. */
const lastWritten = (event: unknown): number | null => {
  const last = streamRecordSchema.safeParse(recordsSchema.safeParse(event).data?.Records.at(-1)).data;
  return last === undefined ? null : last.dynamodb.ApproximateCreationDateTime * 1000;
};

/** What AWS measures of functions, queues and the API, measured here; and what the functions measure themselves. */
export class HostMetrics {
  readonly #store: MetricStore;
  readonly #now: () => number;

  constructor(store: MetricStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  readonly invoked = (of: FunctionModel, event: unknown, outcome: Outcome, ms: number): void => {
    const throttled = outcome.kind === 'throttled';
    this.#lambda(of, 'Throttles', throttled ? 1 : 0);
    const written = lastWritten(event);
    if (written !== null) this.#add(this.#metricOf(of, 'IteratorAge'), Math.max(0, this.#now() - written));
    if (throttled) return;
    this.#lambda(of, 'Invocations', 1);
    this.#lambda(of, 'Errors', outcome.kind === 'failed' ? 1 : 0);
    this.#lambda(of, 'Duration', ms);
  };

  /** A line of a function's log. */
  readonly printed = (line: string): void => {
    for (const { metric, values, at } of embeddedMetrics(line))
      for (const value of values) this.#store.add(metric, value, at);
  };

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
  answered(apiId: string, { status, ms }: RequestRecord): void {
    const add = (name: string, value: number): void =>
      this.#add({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: apiId } }, value);
    add('Count', 1);
    add('4xx', status >= 400 && status < 500 ? 1 : 0);
    add('5xx', status >= 500 ? 1 : 0);
    add('Latency', ms);
  }

  /** SQS counts once a minute: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  sampleQueues(models: readonly QueueModel[], queues: Pick<Queues, 'depth'>, at: number): void {
    for (const { name, arn } of models) {
      const metric = {
        namespace: 'AWS/SQS',
        name: 'ApproximateNumberOfMessagesVisible',
        dimensions: { QueueName: name },
      };
      this.#store.add(metric, queues.depth(arn).visible, at);
    }
  }

  /** For the function, and without a dimension for all functions together. */
  #lambda(of: FunctionModel, name: string, value: number): void {
    this.#add(this.#metricOf(of, name), value);
    this.#add({ namespace: 'AWS/Lambda', name, dimensions: {} }, value);
  }

  #metricOf({ arn }: FunctionModel, name: string): MetricModel {
    return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: arn.split(':').at(-1) ?? arn } };
  }

  #add(metric: MetricModel, value: number): void {
    this.#store.add(metric, value, this.#now());
  }
}
