import { Arn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import type { ParameterName } from './parameters.ts';
import type { Permission, ServiceFunction } from './service-function.ts';

type TableParameter = Extract<ParameterName, `${string}-table-name`>;

/**
 * Base of each table's grants. The ARN is built from the name that the parameter holds, so that a restored table, once its
 * name is in the parameter, is reached and permitted by one redeploy.
 */
export abstract class TableGrants {
  readonly tableName: string;
  private readonly tableArn: string;
  private readonly key: DataKeyGrants | null;

  constructor(scope: Construct, context: StageContext, options: { parameter: TableParameter; encrypted: boolean }) {
    this.tableName = context.parameters.read(scope, options.parameter);
    this.tableArn = Arn.format(
      { service: 'dynamodb', resource: 'table', resourceName: this.tableName },
      Stack.of(scope),
    );
    this.key = options.encrypted ? new DataKeyGrants(scope, context) : null;
  }

  /** Permits DynamoDB actions on the table itself. */
  protected allow(target: ServiceFunction, actions: readonly string[]): void {
    this.allowOn(target, actions, [this.tableArn]);
  }

  /**
   * Permits actions on the items of these partitions, and on no others
   * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
   */
  protected allowInPartitions(
    target: ServiceFunction,
    actions: readonly string[],
    partitions: readonly [string, ...string[]],
  ): void {
    this.allowOn(target, actions, [this.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [...partitions] },
    });
  }

  /** Permits actions on the items of the partitions whose keys begin with one of these, and on no others. */
  protected allowInPartitionsOf(
    target: ServiceFunction,
    actions: readonly string[],
    prefixes: readonly [`${string}#`, ...`${string}#`[]],
  ): void {
    this.allowOn(target, actions, [this.tableArn], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
    });
  }

  /** Permits queries of the named indexes, and of these only. */
  protected allowIndexQuery(target: ServiceFunction, indexes: readonly string[]): void {
    this.allowOn(target, ['Query'], this.indexArns(indexes));
  }

  /** Permits reading whole indexes, and these only: never the table behind them. */
  protected allowIndexScan(target: ServiceFunction, indexes: readonly string[]): void {
    this.allowOn(target, ['Scan'], this.indexArns(indexes));
  }

  private indexArns(indexes: readonly string[]): string[] {
    return indexes.map((index) => `${this.tableArn}/index/${index}`);
  }

  private allowOn(
    target: ServiceFunction,
    names: readonly string[],
    resources: string[],
    conditions?: Permission['conditions'],
  ): void {
    const actions = names.map((name) => `dynamodb:${name}`);
    target.allow({ actions, resources, ...(conditions && { conditions }) });
    this.key?.grantUseThrough(target, 'dynamodb');
  }
}
