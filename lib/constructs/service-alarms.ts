import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type FunctionName, functionNames } from '../../functions/entrypoints/environments.ts';
import type { MetricName } from '../../functions/platform/metric-names.ts';
import { functionCatalogue } from '../function-catalogue.ts';
import type { StageContext } from '../stage-context.ts';
import { deskMetric } from './desk-metric.ts';
import { functionNameOf } from './service-function.ts';

interface AlarmProps {
  /** Names the alarm and the heading of its runbook. */
  readonly name: string;
  /** What happened, and what it costs until it is put right. */
  readonly description: string;
  readonly metric: IMetric;
  /** In alarm above this. */
  readonly above: number;
}

const deadLetterAlarms = [
  {
    parameter: 'due-critical-dead-letters',
    name: 'due-critical',
    cost: 'a critical hint failed five times; its SLA breach or alert is only retried by the sweep',
  },
  {
    parameter: 'due-rest-dead-letters',
    name: 'due-rest',
    cost: 'a hint failed five times; its reminder or closing is only retried by the sweep',
  },
  {
    parameter: 'due-drills-dead-letters',
    name: 'due-drills',
    cost: 'a drill, a manifest or a planned drill failed five times and is only retried by the sweep; a scratch table may be left',
  },
  {
    parameter: 'rollups-dead-letters',
    name: 'rollups',
    cost: 'a KPI hour could not be recomputed five times; its figures stay old',
  },
] as const;

const iteratorAgeAlarms = [
  { functionName: 'stream-alerts', minutes: 1, cost: 'alerts wait for the due index, up to a minute each' },
  {
    functionName: 'stream-kpis',
    minutes: 15,
    cost: 'KPI figures and lists are as old as the stream; after 24 hours records are lost to them',
  },
] as const;

/**
 * Who is called each minute whatever happens: by a schedule, or by the heartbeat that the sweep sends through the stream. A
 * schedule or source that is switched off makes no errors and has no iterator age; that its function is not called is free to see.
 */
const silenceAlarms = [
  { functionName: 'job-sweep', name: 'job-sweep-silent', what: 'job-sweep has not run' },
  { functionName: 'stream-kpis', name: 'stream-kpis-silent', what: 'The stream has not called stream-kpis' },
  { functionName: 'stream-alerts', name: 'stream-alerts-silent', what: 'The stream has not called stream-alerts' },
  { functionName: 'job-backups', name: 'job-backups-silent', what: 'job-backups has not run' },
] as const;

interface OwnAlarm extends Omit<AlarmProps, 'metric'> {
  readonly metricName: MetricName;
  readonly statistic: string;
}

/** Alarms on what the desk measures itself; missing data is no news, for the alarms on silence and on errors see to that. */
const ownAlarms: readonly OwnAlarm[] = [
  {
    name: 'oldest-due',
    metricName: 'OldestDue',
    statistic: 'Maximum',
    above: 300,
    description:
      'Something has been due for more than 5 min. Cost: breaches, deliveries and closings are late by as much',
  },
  {
    name: 'due-pushed-back',
    metricName: 'DuePushedBack',
    statistic: 'Sum',
    above: 0,
    description:
      'A due item has failed three times and is tried ever more slowly. Cost: its breach, delivery or closing is late, by up to 15 min after the cause is mended',
  },
  {
    name: 'delivery-failures',
    metricName: 'DeliveryFailures',
    statistic: 'Sum',
    above: 0,
    description:
      'An alert could not be published. Cost: somebody does not hear of a broken promise until a repetition works',
  },
  {
    name: 'sms-budget-low',
    metricName: 'SmsBudgetUsed',
    statistic: 'Maximum',
    above: 79.99,
    description:
      "80 % of the month's budget for SMS are used up by the desk's own count. Cost: soon no text goes out any more, and whoever is told by SMS only hears of nothing",
  },
  {
    name: 'sms-budget-used-up',
    metricName: 'SmsBudgetUsed',
    statistic: 'Maximum',
    above: 99.99,
    description:
      "The month's budget for SMS is used up by the desk's own count. Cost: no text goes out until the next month; whoever is told by SMS only hears of nothing",
  },
  {
    name: 'kpi-drift',
    metricName: 'KpiDrift',
    statistic: 'Sum',
    above: 0,
    description:
      'A recount found KPI facts, figures or list rows other than the events say, and put them right. Cost: figures that people have read until now were wrong',
  },
  {
    name: 'dirty-hours',
    metricName: 'OldestDirtyHour',
    statistic: 'Maximum',
    above: 1_800,
    description: 'A KPI hour has waited for more than 30 min to be recomputed. Cost: managers see old figures',
  },
];

const withRunbook = (description: string, name: string): string => `${description} See docs/runbook.md#${name}`;

/** One topic for operators, and the alarms that ring it. Each says what the failure costs; each has a runbook heading of its name. */
export class ServiceAlarms extends Construct {
  /** For the dashboard. */
  readonly all: Alarm[] = [];
  private readonly context: StageContext;
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    this.context = context;
    // Not encrypted: it carries names of alarms and nothing else, and CloudWatch could not use a key that AWS manages.
    const topic = new Topic(this, 'Operators', { displayName: 'Service desk operators', enforceSSL: true });
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    if (context.config.alarmEmail !== null) topic.addSubscription(new EmailSubscription(context.config.alarmEmail));
    this.action = new SnsAction(topic);

    for (const name of functionNames) this.onErrors(name);
    for (const alarm of deadLetterAlarms) this.onDeadLetters(alarm);
    for (const alarm of iteratorAgeAlarms) this.onIteratorAge(alarm);
    for (const alarm of ownAlarms) this.onOwnMetric(alarm);
    this.onStaleBackups();
    this.onThrottles();
    this.onSmsSpend();
    for (const alarm of silenceAlarms) this.onSilence(alarm);
    this.onServerErrors();
  }

  private onErrors(name: FunctionName): void {
    this.ring({
      name: `${name}-errors`,
      description: `${name} fails. Cost: ${functionCatalogue[name].costOfFailure}.`,
      metric: this.lambdaMetric(name, 'Errors', 'Sum'),
      above: 0,
    });
  }

  private onDeadLetters({ parameter, name, cost }: (typeof deadLetterAlarms)[number]): void {
    this.ring({
      name: `${name}-dead-letters`,
      description: `Dead letters of ${name}. Cost: ${cost}.`,
      metric: new Metric({
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: this.context.parameters.read(this, parameter) },
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      above: 0,
    });
  }

  private onIteratorAge({ functionName, minutes, cost }: (typeof iteratorAgeAlarms)[number]): void {
    this.ring({
      name: `${functionName}-behind`,
      description: `${functionName} is more than ${minutes} min behind the stream. Cost: ${cost}.`,
      metric: this.lambdaMetric(functionName, 'IteratorAge', 'Maximum'),
      above: Duration.minutes(minutes).toMilliseconds(),
    });
  }

  private onOwnMetric({ name, metricName, statistic, above, description }: OwnAlarm): void {
    const metric = deskMetric(this.context.config.stage, metricName, statistic, Duration.minutes(5));
    this.ring({ name, description: `${description}.`, metric, above });
  }

  /** A copy is asked for each day or hour, may begin an hour late, and takes its time. */
  private onStaleBackups(): void {
    const hours = this.context.config.backups.hourly ? 3 : 26;
    this.onOwnMetric({
      name: 'recovery-point-age',
      metricName: 'RecoveryPointAge',
      statistic: 'Maximum',
      above: hours * 3_600,
      description: `A table's newest copy is older than ${hours} h. Cost: should the table be lost now, all since then is lost with it but for what point-in-time recovery has`,
    });
  }

  /** One for the whole account and region, at the price of one: who is throttled is seen on the dashboard. */
  private onThrottles(): void {
    this.ring({
      name: 'functions-throttled',
      description:
        'Lambda refused invocations of this account for want of concurrency. Cost: requests are refused, timers and alerts come late.',
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Throttles',
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      above: 0,
    });
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html */
  private onSmsSpend(): void {
    const { smsMonthlyBudgetUsd } = this.context.config;
    this.ring({
      name: 'sms-spend',
      description: `80 % of the month's ${smsMonthlyBudgetUsd} USD for SMS are spent by AWS's bill. Cost: beyond the limit no SMS is sent, and nobody is told.`,
      metric: new Metric({
        namespace: 'AWS/SNS',
        metricName: 'SMSMonthToDateSpentUSD',
        statistic: 'Maximum',
        period: Duration.hours(1),
      }),
      above: 0.8 * smsMonthlyBudgetUsd,
    });
  }

  /**
   * Silence is the failure that no error counter sees. Five periods of a minute and not one of five: while data is missing
   * CloudWatch looks back by periods and goes on judging the last points that it finds, so long periods ring late
   * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
   */
  private onSilence({ functionName, name, what }: (typeof silenceAlarms)[number]): void {
    const alarm = new Alarm(this, name, {
      alarmName: this.nameOf(name),
      alarmDescription: withRunbook(`${what} for 5 min. Cost: ${functionCatalogue[functionName].costOfFailure}.`, name),
      metric: this.lambdaMetric(functionName, 'Invocations', 'Sum').with({ period: Duration.minutes(1) }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 5,
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.keep(alarm);
  }

  private onServerErrors(): void {
    this.ring({
      name: 'http-api-server-errors',
      description: 'More than 5 answers in 5 min were server errors. Cost: requests of customers and agents are lost.',
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: this.context.parameters.read(this, 'http-api-id') },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      above: 5,
    });
  }

  private ring({ name, description, metric, above }: AlarmProps): void {
    const alarm = new Alarm(this, name, {
      alarmName: this.nameOf(name),
      alarmDescription: withRunbook(description, name),
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.keep(alarm);
  }

  private keep(alarm: Alarm): void {
    alarm.addAlarmAction(this.action);
    this.all.push(alarm);
  }

  private lambdaMetric(name: FunctionName, metricName: string, statistic: string): Metric {
    const dimensionsMap = { FunctionName: functionNameOf(this.context.config.stage, name) };
    return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, statistic, period: Duration.minutes(5) });
  }

  private nameOf(name: string): string {
    return `cloud-service-desk-${this.context.config.stage}-${name}`;
  }
}
