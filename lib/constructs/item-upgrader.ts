import { Arn, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import { allow, operatorPolicy } from './operator-policy.ts';

/**
 * Who rewrites what earlier versions wrote (`npm run upgrade-items`): the policy, and the parameter with the tables.
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
    const parameterArn = parameters.publish(this, 'upgrade-tables', stack.toJsonString(tables));
    operatorPolicy(this, context, {
      name: 'upgrade',
      description: `Rewrites items of stage ${config.stage} of cloud-service-desk that earlier versions wrote (npm run upgrade-items)`,
      parameterArn,
      statements: [
        allow(
          ['dynamodb:Scan', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          Object.values(tables).map((resourceName) =>
            Arn.format({ service: 'dynamodb', resource: 'table', resourceName }, stack),
          ),
        ),
        new DataKeyGrants(this, context).decryptionThrough('dynamodb'),
      ],
    });
  }
}
