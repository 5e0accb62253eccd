import type { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { tableArn } from './scratch-tables.ts';
import type { ServiceFunction } from './service-function.ts';

const describing = ['dynamodb:DescribeContinuousBackups', 'dynamodb:DescribeTable'];

/** The tables that are drilled: they are read, described and restored from, and never written here. */
export class SourceTables {
  private readonly backedUp: readonly string[];
  private readonly drilled: readonly string[];

  constructor(scope: Construct, { config, parameters }: StageContext) {
    const others = config.drillTables.map((name) => tableArn(scope, name));
    const operations = tableArn(scope, parameters.read(scope, 'operations-table-name'));
    this.backedUp = [operations, tableArn(scope, parameters.read(scope, 'kpis-table-name')), ...others];
    this.drilled = [operations, ...others];
  }

  /** Reads all of a table, and restores it, as it was at an instant, into another. */
  grantDrill(target: ServiceFunction): void {
    target.allow({
      actions: [
        ...describing,
        'dynamodb:DescribeTimeToLive',
        'dynamodb:GetItem',
        'dynamodb:ListTagsOfResource',
        'dynamodb:Query',
        'dynamodb:RestoreTableToPointInTime',
        'dynamodb:Scan',
      ],
      resources: this.drilled,
    });
  }

  grantDescribe(target: ServiceFunction): void {
    target.allow({ actions: describing, resources: this.backedUp });
  }
}
