import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

/**
 * Every metric that the desk makes itself, with its unit. What AWS counts anyway (errors, throttles, queue depth, iterator
 * age) is not here: each of these costs $0.30 a month and stage (https://aws.amazon.com/cloudwatch/pricing/, custom metrics).
 */
export const metricUnits = {
  TicketsOpened: 'Count',
  TicketsResolved: 'Count',
  Breaches: 'Count',
  /** KPI facts written, those that a repetition writes again included. */
  FactsWritten: 'Count',
  /** From the recording of an event to its projection. */
  ProjectionLag: 'Milliseconds',
  AlertsPublished: 'Count',
  /** From the instant that an alert is about to its publication. */
  AlertLag: 'Milliseconds',
  /** Publications that failed, given up or to be repeated. */
  DeliveryFailures: 'Count',
  /** How long the most overdue item has been due; 0 when nothing is. */
  OldestDue: 'Seconds',
  /** Age of the oldest dirty KPI hour; 0 when all are clean. */
  OldestDirtyHour: 'Seconds',
} as const satisfies Record<string, 'Count' | 'Milliseconds' | 'Seconds'>;

export type MetricName = keyof typeof metricUnits;

/** What code that measures something needs. */
export interface Measurements {
  add(name: MetricName, value: number): void;
}

/**
 * The metrics of one function, written to its log in the embedded metric format, from which CloudWatch takes them
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Their only dimension is the stage's service name: no id and no person ever becomes one. Streams and queues deliver again
 * after a failure, so a count may be too high by the repetitions; figures to rely on are the KPIs.
 */
export class DeskMetrics implements Measurements {
  readonly #metrics: Metrics;

  constructor(stage: string) {
    this.#metrics = new Metrics({ namespace: 'CloudServiceDesk', serviceName: `cloud-service-desk-${stage}` });
  }

  /** A lag below zero is two clocks that differ: it counts as none. */
  add(name: MetricName, value: number): void {
    this.#metrics.addMetric(name, metricUnits[name], Math.max(0, value));
  }

  /** Writes what was added since the last time; nothing when there is nothing. */
  flush(): void {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
  }
}

/** Writes the metrics at the end of each invocation, failed ones included. */
export const flushing = (metrics: DeskMetrics): MiddlewareObj => ({
  after: () => metrics.flush(),
  onError: () => metrics.flush(),
});
