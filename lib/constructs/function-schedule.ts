import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** One schedule of a function: when it runs, why, and what the event tells the function about it. */
export interface Run {
  readonly description: string;
  /** `rate(1 minute)`, or `cron(minute hour day-of-month month day-of-week year)`. */
  readonly expression: string;
  /** IANA zone whose wall clock a cron expression follows; left out: UTC. */
  readonly timeZone?: string;
  /** The event's `trigger`. */
  readonly trigger: string;
}

export const every = (unit: 'minute' | 'hour', description: string): Run => ({
  description,
  expression: `rate(1 ${unit})`,
  trigger: 'schedule',
});

/** Each day at `hour` of the zone's clocks: skipped where they are set forward over it, once where they show it twice. */
export const eachNight = (description: string, hour: number, timeZone: string): Run => ({
  description,
  expression: `cron(0 ${hour} * * ? *)`,
  timeZone,
  trigger: 'nightly',
});

/**
 * Invokes a function by the clock. EventBridge Scheduler may fire anywhere within the minute and, rarely, twice
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). A failed run is not retried: the next one is its retry.
 */
export class FunctionSchedule extends Construct {
  /** `runs` by the ids of their schedules. */
  constructor(
    scope: Construct,
    id: string,
    props: { readonly target: ServiceFunction; readonly runs: Readonly<Record<string, Run>> },
  ) {
    super(scope, id);
    const { live } = props.target;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [live.functionArn] }),
    );
    // Scheduler hands its call over and Lambda would repeat a failed one twice, for up to six hours:
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    const invocations = new CfnEventInvokeConfig(this, 'Invocations', {
      functionName: props.target.functionName,
      qualifier: props.target.alias,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
    // It names the alias by text, so CloudFormation does not see that the alias must be there first.
    invocations.node.addDependency(live);
    for (const [name, { description, expression, timeZone, trigger }] of Object.entries(props.runs))
      new CfnSchedule(this, name, {
        description,
        scheduleExpression: expression,
        ...(timeZone === undefined ? {} : { scheduleExpressionTimezone: timeZone }),
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: live.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ trigger }),
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      });
  }
}
