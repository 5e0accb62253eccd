import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What a person needs to know after a deployment, under a name without the construct's path and hash. */
export const output = (
  scope: Construct,
  name: string,
  { value, description }: { value: string; description: string },
): void => {
  new CfnOutput(scope, name, { value, description }).overrideLogicalId(name);
};
