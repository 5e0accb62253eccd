import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import { type MetricName, metricUnits } from './metric-names.ts';

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
