import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** A metric that the functions of a stage write to their logs: a name of functions/platform/metrics.ts, as a test holds. */
export const deskMetric = (stage: string, metricName: string, statistic: string, period: Duration): Metric =>
  new Metric({
    namespace: 'CloudServiceDesk',
    metricName,
    dimensionsMap: { service: `cloud-service-desk-${stage}` },
    statistic,
    period,
  });
