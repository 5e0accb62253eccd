import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../functions/platform/metric-names.ts';

/** A metric that the functions of a stage write to their logs (functions/platform/metrics.ts). */
export const deskMetric = (stage: string, metricName: MetricName, statistic: string, period: Duration): Metric =>
  new Metric({
    namespace: 'CloudServiceDesk',
    metricName,
    dimensionsMap: { service: `cloud-service-desk-${stage}` },
    statistic,
    period,
  });
