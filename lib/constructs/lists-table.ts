import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import type { DataKey } from './data-key.ts';
import type { ServiceFunction } from './service-function.ts';
import { TableGrants } from './table-grants.ts';

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** Lists and search words that the stream derives from the operations table; can be rebuilt, so it is not backed up. */
export class ListsTable extends Construct {
  constructor(scope: Construct, id: string, props: { readonly context: StageContext; readonly dataKey: DataKey }) {
    super(scope, id);
    const { config, parameters, removalPolicy } = props.context;
    const table = new Table(this, 'Table', {
      partitionKey: string('PK'),
      sortKey: string('SK'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.dataKey.key,
      deletionProtection: config.deletionProtection,
      removalPolicy,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'updated',
      partitionKey: string('listKey'),
      sortKey: string('listSort'),
      projectionType: ProjectionType.ALL,
    });
    parameters.publish(this, 'lists-table-name', table.tableName);
  }
}

export class ListsGrants extends TableGrants {
  constructor(scope: Construct, context: StageContext) {
    super(scope, context, { parameter: 'lists-table-name', encrypted: true });
  }

  grantQuery(target: ServiceFunction): void {
    this.allow(target, ['Query']);
    this.allowIndexQuery(target, ['updated']);
  }

  /** Keeps rows as the ticket heads say; a row is put over its older version, and its index moves it. */
  grantProject(target: ServiceFunction): void {
    this.allow(target, ['PutItem']);
  }

  /** Compares rows with the ticket heads, and puts them right. */
  grantRecount(target: ServiceFunction): void {
    this.allow(target, ['BatchGetItem', 'PutItem']);
  }
}
