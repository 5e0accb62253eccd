import { Arn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import type { ServiceFunction } from './service-function.ts';

/** How the name of a table begins that a drill restores into; nothing else of the account is called so. */
export const scratchTablePrefix = ({ stage }: StageConfig): string => `cloud-service-desk-${stage}-drill-`;

export const tableArn = (scope: Construct, resourceName: string): string =>
  Arn.format({ service: 'dynamodb', resource: 'table', resourceName }, Stack.of(scope));

/** The ARN of every scratch table of a stage. */
export const scratchTablesArn = (scope: Construct, config: StageConfig): string =>
  tableArn(scope, `${scratchTablePrefix(config)}*`);

/**
 * What DynamoDB asks of whoever restores a table, on the new one
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html).
 */
export const fillingActions = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
];

/**
 * Tables that drills restore into, check, serve from and remove. They are known by how their names begin, and all that changes
 * or removes a table is permitted on such names only.
 */
export class ScratchTables {
  readonly prefix: string;
  private readonly arn: string;
  private readonly key: DataKeyGrants;

  constructor(scope: Construct, context: StageContext) {
    this.prefix = scratchTablePrefix(context.config);
    this.arn = scratchTablesArn(scope, context.config);
    this.key = new DataKeyGrants(scope, context);
  }

  /** Restores into one, makes it what its source is, reads all of it and its indexes, commits to it, and removes it. */
  grantDrill(target: ServiceFunction): void {
    target.allow({
      actions: [
        ...fillingActions,
        ...['BatchGetItem', 'ConditionCheckItem', 'DeleteTable', 'DescribeContinuousBackups', 'DescribeTable'].map(
          dynamodb,
        ),
        ...['DescribeTimeToLive', 'ListTagsOfResource', 'TagResource', 'UpdateContinuousBackups'].map(dynamodb),
        ...['UpdateTable', 'UpdateTimeToLive'].map(dynamodb),
      ],
      resources: [this.arn],
    });
    target.allow({ actions: ['dynamodb:Query', 'dynamodb:Scan'], resources: [`${this.arn}/index/*`] });
    this.key.grantEncryptTables(target);
  }

  /** Finds those that a drill left behind, and removes them; a table has to lose its protection and its continuous backups first. */
  grantClearAway(target: ServiceFunction): void {
    const actions = [
      ...['DeleteTable', 'DescribeContinuousBackups', 'DescribeTable', 'ListTagsOfResource'].map(dynamodb),
      ...['UpdateContinuousBackups', 'UpdateTable'].map(dynamodb),
    ];
    target.allow({ actions, resources: [this.arn] });
    // The list of tables has no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
    target.allow({ actions: ['dynamodb:ListTables'], resources: ['*'] });
  }
}

function dynamodb(action: string): string {
  return `dynamodb:${action}`;
}
