import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { inBackupPlan } from './backup-plan.ts';
import type { ServiceFunction } from './service-function.ts';
import { TableGrants } from './table-grants.ts';

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** KPI facts and their rollups: ids and numbers, nothing that names people. Can be rebuilt from the events. */
export class KpisTable extends Construct {
  readonly tableArn: string;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const table = new Table(this, 'Table', {
      partitionKey: string('PK'),
      sortKey: string('SK'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: context.config.pointInTimeRecovery },
      deletionProtection: context.config.deletionProtection,
      removalPolicy: context.removalPolicy,
    });
    this.tableArn = table.tableArn;
    inBackupPlan(table, context.config);
    context.parameters.publish(this, 'kpis-table-name', table.tableName);
  }
}

export class KpisGrants extends TableGrants {
  constructor(scope: Construct, context: StageContext) {
    super(scope, context, { parameter: 'kpis-table-name', encrypted: false });
  }

  grantRead(target: ServiceFunction): void {
    this.allow(target, ['Query']);
  }

  /** Writes facts, marks their hours dirty, follows the heartbeats, and asks for a recount where some were lost. */
  grantProject(target: ServiceFunction): void {
    this.allow(target, ['UpdateItem']);
    this.grantAskForRecount(target);
  }

  /** A recount that is asked for is two items; whoever may ask may write these and nothing else that is put. */
  grantAskForRecount(target: ServiceFunction): void {
    this.allowInPartitions(target, ['PutItem'], ['RECOUNTS', 'RECOUNT-OPEN']);
  }

  /** Compares facts and figures with the events, and puts facts right; figures follow by dirty marks. */
  grantRecount(target: ServiceFunction): void {
    this.allow(target, ['BatchGetItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Recomputes dirty hours and merges them into days and months. */
  grantRollUp(target: ServiceFunction): void {
    this.allow(target, ['Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }
}
