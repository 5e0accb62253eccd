import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import type { DataKey } from './data-key.ts';
import type { ServiceFunction } from './service-function.ts';
import { TableGrants } from './table-grants.ts';

/**
 * What was answered to which Idempotency-Key, for a day. Answers name people, so it lies under the data key. Neither backed up
 * nor streamed: it is worth nothing a day later.
 */
export class IdempotencyTable extends Construct {
  constructor(scope: Construct, id: string, props: { readonly context: StageContext; readonly dataKey: DataKey }) {
    super(scope, id);
    const { config, parameters, removalPolicy } = props.context;
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'PK', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.dataKey.key,
      deletionProtection: config.deletionProtection,
      removalPolicy,
    });
    parameters.publish(this, 'idempotency-table-name', table.tableName);
  }
}

export class IdempotencyGrants extends TableGrants {
  constructor(scope: Construct, context: StageContext) {
    super(scope, context, { parameter: 'idempotency-table-name', encrypted: true });
  }

  /** Looks a key up and records it, inside the transaction of the change. */
  grantRemember(target: ServiceFunction): void {
    this.allow(target, ['GetItem', 'PutItem', 'ConditionCheckItem']);
  }
}
