import { Arn, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** What one stack tells the others. A closed list, so that a reader and its writer cannot drift apart in spelling. */
export type ParameterName =
  | 'data-key-arn'
  | 'operations-table-name'
  | 'operations-stream-arn'
  | 'idempotency-table-name'
  | 'lists-table-name'
  | 'kpis-table-name'
  | 'evidence-bucket-name'
  | 'evidence-sources'
  | 'backup-role-arn'
  | 'restore-role-arn'
  | 'upgrade-tables'
  | 'cutover-desk'
  | 'user-pool-id'
  | 'user-pool-client-id'
  | 'machine-client-id'
  | 'due-critical-queue-url'
  | 'due-critical-queue-arn'
  | 'due-rest-queue-url'
  | 'due-rest-queue-arn'
  | 'due-drills-queue-url'
  | 'due-drills-queue-arn'
  | 'due-critical-dead-letters'
  | 'due-rest-dead-letters'
  | 'due-drills-dead-letters'
  | 'rollups-dead-letters'
  | 'redrive-sources'
  | 'alert-topic-arn'
  | 'http-api-id';

/**
 * Values travel between stacks by SSM parameters and never by CloudFormation exports: an export cannot change while
 * someone imports it, and a restored table must be able to take the place of the lost one by a changed parameter
 * and a redeploy. The reading stack must depend on the writing one.
 */
export class StageParameters {
  readonly stage: string;

  constructor(stage: string) {
    this.stage = stage;
  }

  /** Answers the parameter's ARN. */
  publish(scope: Construct, name: ParameterName, value: string): string {
    return new StringParameter(scope, `Parameter-${name}`, { parameterName: this.path(name), stringValue: value })
      .parameterArn;
  }

  /** A token that CloudFormation resolves at deployment; the same parameter is read once per stack. */
  read(scope: Construct, name: ParameterName): string {
    return StringParameter.valueForStringParameter(Stack.of(scope), this.path(name));
  }

  /** The ARN of a parameter that another stack publishes. */
  arn(scope: Construct, name: ParameterName): string {
    const resourceName = this.path(name).slice(1);
    return Arn.format({ service: 'ssm', resource: 'parameter', resourceName }, Stack.of(scope));
  }

  private path(name: ParameterName): string {
    return `/cloud-service-desk/${this.stage}/${name}`;
  }
}
