import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IAlarm, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionNames } from '../../functions/entrypoints/environments.ts';
import type { MetricName } from '../../functions/platform/metric-names.ts';
import type { StageContext } from '../stage-context.ts';
import { deskMetric } from './desk-metric.ts';
import { functionNameOf } from './service-function.ts';

const period = Duration.minutes(5);
const deadLetterQueues = [
  'due-critical-dead-letters',
  'due-rest-dead-letters',
  'due-drills-dead-letters',
  'rollups-dead-letters',
] as const;

export interface DeskDashboardProps extends StageContext {
  readonly alarms: IAlarm[];
}

/** One page: is the desk answering, is anything failing, is anything falling behind. */
export class DeskDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, parameters, alarms }: DeskDashboardProps) {
    super(scope, id);
    const api = (metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        dimensionsMap: { ApiId: parameters.read(this, 'http-api-id') },
        statistic,
        period,
        label: `${metricName} ${statistic}`,
      });
    const perFunction = (metricName: string, statistic: string, names: readonly (typeof functionNames)[number][]) =>
      names.map((name) => {
        const dimensionsMap = { FunctionName: functionNameOf(config.stage, name) };
        return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, statistic, period, label: name });
      });
    const own = (name: MetricName, statistic: string) => deskMetric(config.stage, name, statistic, period);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `cloud-service-desk-${config.stage}`,
      widgets: [
        [
          new AlarmStatusWidget({ title: 'Alarms', alarms, width: 18, height: 6 }),
          new TextWidget({
            markdown:
              "The end of an alarm's name is a heading of `docs/runbook.md`: cause, checks, remedy, when not to. Its description says what the failure costs.",
            width: 6,
            height: 6,
          }),
        ],
        [
          new GraphWidget({
            title: 'Requests',
            left: [api('Count', 'Sum'), api('4xx', 'Sum'), api('5xx', 'Sum')],
            width: 12,
          }),
          new GraphWidget({ title: 'Latency (ms)', left: [api('Latency', 'p50'), api('Latency', 'p99')], width: 12 }),
        ],
        [
          new GraphWidget({ title: 'Errors', left: perFunction('Errors', 'Sum', functionNames), width: 12 }),
          new GraphWidget({
            title: 'Behind the stream (ms)',
            left: perFunction('IteratorAge', 'Maximum', ['stream-alerts', 'stream-kpis']),
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'Tickets and breaches',
            left: [own('TicketsOpened', 'Sum'), own('TicketsResolved', 'Sum'), own('Breaches', 'Sum')],
            width: 12,
          }),
          new GraphWidget({
            title: 'Alerts',
            left: [own('AlertsPublished', 'Sum'), own('DeliveryFailures', 'Sum'), own('SmsBudgetUsed', 'Maximum')],
            right: [own('AlertLag', 'p99')],
            rightYAxis: { label: 'ms after its instant' },
            width: 12,
          }),
        ],
        [
          new GraphWidget({
            title: 'KPI facts',
            left: [own('FactsWritten', 'Sum'), own('KpiDrift', 'Sum')],
            right: [own('ProjectionLag', 'p99')],
            rightYAxis: { label: 'ms after the event' },
            width: 12,
          }),
          new GraphWidget({
            title: 'Left undone (s)',
            left: [own('OldestDue', 'Maximum'), own('OldestDirtyHour', 'Maximum')],
            right: [own('DuePushedBack', 'Sum')],
            rightYAxis: { label: 'pushed back' },
            width: 12,
          }),
        ],
        [
          new GraphWidget({ title: 'Throttles', left: perFunction('Throttles', 'Sum', functionNames), width: 8 }),
          new GraphWidget({
            title: 'Age of the newest recovery point (s)',
            left: [own('RecoveryPointAge', 'Maximum')],
            width: 8,
          }),
          new GraphWidget({
            title: 'Dead letters',
            left: deadLetterQueues.map((name) => {
              const dimensionsMap = { QueueName: parameters.read(this, name) };
              const metricName = 'ApproximateNumberOfMessagesVisible';
              return new Metric({
                namespace: 'AWS/SQS',
                metricName,
                dimensionsMap,
                statistic: 'Maximum',
                period,
                label: name,
              });
            }),
            width: 8,
          }),
        ],
      ],
    });
  }
}
