import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';

/**
 * Who compares the history with the digests of it (`npm run verify-history`): a managed policy to attach to an auditor's role,
 * and the parameter in which the command finds bucket and table. It reads, and nothing else.
 */
export class HistoryAuditor extends Construct {
  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const { config, parameters } = context;
    const stack = Stack.of(this);
    const bucket = parameters.read(this, 'evidence-bucket-name');
    const table = parameters.read(this, 'operations-table-name');
    const sources = parameters.publish(this, 'evidence-sources', stack.toJsonString({ bucket, table }));
    const s3 = { service: 's3', region: '', account: '' } as const;
    new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `cloud-service-desk-${config.stage}-auditor`,
      description: `Compares the history of stage ${config.stage} of cloud-service-desk with its digests (npm run verify-history)`,
      statements: [
        allow(['ssm:GetParameter'], sources),
        allow(['s3:ListBucket'], Arn.format({ ...s3, resource: bucket, arnFormat: ArnFormat.NO_RESOURCE_NAME }, stack)),
        allow(['s3:GetObject'], Arn.format({ ...s3, resource: bucket, resourceName: 'digests/*' }, stack)),
        allow(
          ['dynamodb:GetItem', 'dynamodb:Query'],
          Arn.format({ service: 'dynamodb', resource: 'table', resourceName: table }, stack),
        ),
        new DataKeyGrants(this, context).decryptionThrough('dynamodb'),
      ],
    });
  }
}

const allow = (actions: string[], resource: string): PolicyStatement =>
  new PolicyStatement({ actions, resources: [resource] });
