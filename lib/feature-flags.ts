/**
 * CDK feature flags. Here and not in cdk.json, so that the templates are the same whether the CDK's command line, the local
 * desk or a test makes them (https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html).
 */
export const featureFlags = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  /** A template that CloudFormation would refuse fails the synthesis. CDK_VALIDATION=false leaves the check (1-2 s) out. */
  '@aws-cdk/core:validateAgainstDefaultRules': true,
};
