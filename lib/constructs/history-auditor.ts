import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import { allow, operatorPolicy } from './operator-policy.ts';

/**
 * Who compares the history with the digests of it (`npm run verify-history`): the policy, and the parameter with bucket and
 * table. It reads, and nothing else.
 */
export class HistoryAuditor extends Construct {
  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const { config, parameters } = context;
    const stack = Stack.of(this);
    const bucket = parameters.read(this, 'evidence-bucket-name');
    const table = parameters.read(this, 'operations-table-name');
    const parameterArn = parameters.publish(this, 'evidence-sources', stack.toJsonString({ bucket, table }));
    const s3 = { service: 's3', region: '', account: '' } as const;
    operatorPolicy(this, context, {
      name: 'auditor',
      description: `Compares the history of stage ${config.stage} of cloud-service-desk with its digests (npm run verify-history)`,
      parameterArn,
      statements: [
        allow(
          ['s3:ListBucket'],
          [Arn.format({ ...s3, resource: bucket, arnFormat: ArnFormat.NO_RESOURCE_NAME }, stack)],
        ),
        allow(['s3:GetObject'], [Arn.format({ ...s3, resource: bucket, resourceName: 'digests/*' }, stack)]),
        allow(
          ['dynamodb:GetItem', 'dynamodb:Query'],
          [Arn.format({ service: 'dynamodb', resource: 'table', resourceName: table }, stack)],
        ),
        new DataKeyGrants(this, context).decryptionThrough('dynamodb'),
      ],
    });
  }
}
