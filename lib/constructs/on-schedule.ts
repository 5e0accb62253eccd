import { Aws, type Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/**
 * Invokes a function at a rate; EventBridge Scheduler may fire anywhere within a minute and, rarely, twice
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). A failed run is not retried: the next one is its retry.
 */
export class OnSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly target: ServiceFunction; readonly every: Duration; readonly description: string },
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
    new CfnSchedule(this, 'Schedule', {
      description: props.description,
      scheduleExpression: ScheduleExpression.rate(props.every).expressionString,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: live.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ trigger: 'schedule' }),
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
  }
}
