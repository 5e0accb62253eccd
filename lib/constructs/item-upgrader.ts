import { Arn, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';

/**
 * Who rewrites what earlier versions wrote (`npm run upgrade-items`): a managed policy to attach to an operator's role, and the
 * parameter in which the command finds the tables.
 */
export class ItemUpgrader extends Construct {
  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const { config, parameters } = context;
    const stack = Stack.of(this);
    const tables = {
      operations: parameters.read(this, 'operations-table-name'),
      idempotency: parameters.read(this, 'idempotency-table-name'),
      lists: parameters.read(this, 'lists-table-name'),
      kpis: parameters.read(this, 'kpis-table-name'),
    };
    const parameter = parameters.publish(this, 'upgrade-tables', stack.toJsonString(tables));
    new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `cloud-service-desk-${config.stage}-upgrade`,
      description: `Rewrites items of stage ${config.stage} of cloud-service-desk that earlier versions wrote (npm run upgrade-items)`,
      statements: [
        new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameter] }),
        new PolicyStatement({
          actions: ['dynamodb:Scan', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          resources: Object.values(tables).map((resourceName) =>
            Arn.format({ service: 'dynamodb', resource: 'table', resourceName }, stack),
          ),
        }),
        new DataKeyGrants(this, context).decryptionThrough('dynamodb'),
      ],
    });
  }
}
