import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';

export const allow = (actions: string[], resources: string[]): PolicyStatement =>
  new PolicyStatement({ actions, resources });

/**
 * What the person needs who runs a command (bin/operator): a managed policy, `cloud-service-desk-<stage>-<name>`, to attach to
 * their role, and in it the one parameter in which the command finds what it works on.
 */
export const operatorPolicy = (
  scope: Construct,
  { config }: StageContext,
  policy: {
    readonly name: string;
    readonly description: string;
    readonly parameterArn: string;
    readonly statements: readonly PolicyStatement[];
  },
): void => {
  const { name, description, parameterArn, statements } = policy;
  new ManagedPolicy(scope, 'Policy', {
    managedPolicyName: `cloud-service-desk-${config.stage}-${name}`,
    description,
    statements: [allow(['ssm:GetParameter'], [parameterArn]), ...statements],
  });
};
