import * as z from 'zod';
import type { AlarmModel } from '../../model.ts';
import type { World } from '../world.ts';
import { numeric, resourcesOf, truth } from './typed-resources.ts';

/** Alarms on expressions, percentiles and anomaly bands are refused by name, not left silent. */
const schema = z.object({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().default(''),
  ActionsEnabled: truth.default(true),
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  Namespace: z.string('the local desk watches alarms on one metric, with a Namespace'),
  MetricName: z.string('the local desk watches alarms on one metric, with a MetricName'),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Statistic: z.enum(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount']),
  Period: numeric.pipe(z.int().multipleOf(60, 'the local desk keeps metrics by the minute')),
  EvaluationPeriods: numeric,
  DatapointsToAlarm: numeric.optional(),
  ComparisonOperator: z.enum([
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  Threshold: numeric,
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html */
export const readAlarms = (world: World): readonly AlarmModel[] =>
  resourcesOf(world, 'AWS::CloudWatch::Alarm', schema).map(({ id, identity, properties }) => {
    const name = properties.AlarmName ?? identity.name;
    return {
      id,
      name,
      arn: `arn:aws:cloudwatch:${identity.region}:${identity.account}:alarm:${name}`,
      description: properties.AlarmDescription,
      metric: {
        namespace: properties.Namespace,
        name: properties.MetricName,
        dimensions: Object.fromEntries(properties.Dimensions.map(({ Name, Value }) => [Name, Value])),
      },
      statistic: properties.Statistic,
      periodSeconds: properties.Period,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
      comparison: properties.ComparisonOperator,
      threshold: properties.Threshold,
      missingData: properties.TreatMissingData,
      alarmActions: properties.ActionsEnabled ? properties.AlarmActions : [],
      okActions: properties.ActionsEnabled ? properties.OKActions : [],
    };
  });
