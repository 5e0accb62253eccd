import * as z from 'zod';
import type { MetricModel } from '../model.ts';

const lineSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

export interface EmbeddedMetric {
  readonly metric: MetricModel;
  readonly values: readonly number[];
  /** When it was measured, in ms: by virtual time, as the function saw it. */
  readonly at: number;
}

const valuesSchema = z.union([z.number().transform((value) => [value]), z.array(z.number())]);

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

/**
 * The metrics in a line that a function printed; none in a line that is no embedded metric format, which CloudWatch takes for
 * a log line and nothing more.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const embeddedMetrics = (line: string): readonly EmbeddedMetric[] => {
  if (!line.includes('"_aws"')) return [];
  const { data } = lineSchema.safeParse(parsed(line));
  if (data === undefined) return [];
  return data._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name }) => {
        const values = valuesSchema.safeParse(data[Name]).data;
        if (values === undefined) return [];
        const dimensions = Object.fromEntries(names.map((name) => [name, String(data[name])]));
        return [{ metric: { namespace: Namespace, name: Name, dimensions }, values, at: data._aws.Timestamp }];
      }),
    ),
  );
};
