import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { backupPlanTags } from './backup-plan.ts';
import { BACKUP_SERVICE, recoveryPointsArn, vaultArn, vaultNameOf } from './backups.ts';
import { DataKeyGrants } from './data-key.ts';
import { allow, operatorPolicy } from './operator-policy.ts';
import { operationsKeys } from './operations-table.ts';
import { restoredTablePrefix, restoredTablesArn } from './restored-tables.ts';
import { fillingActions, tableArn } from './scratch-tables.ts';

const onItems = (
  actions: readonly string[],
  resource: string,
  partitions: readonly string[] | null = null,
): PolicyStatement =>
  new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [resource],
    ...(partitions && { conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [...partitions] } } }),
  });

/**
 * Who restores the operations table and makes the copy the live one (`npm run cutover`): the policy, and the parameter with what
 * the command works on and what the stage wants of the table. Everything is permitted on names of restored tables; the lost
 * table can be looked at and restored from, and is changed by nobody. What deploys the stacks are the roles of the CDK.
 */
export class CutoverOperator extends Construct {
  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const { config, parameters } = context;
    const key = new DataKeyGrants(this, context);
    const names = {
      idempotency: parameters.read(this, 'idempotency-table-name'),
      lists: parameters.read(this, 'lists-table-name'),
      kpis: parameters.read(this, 'kpis-table-name'),
    };
    const roles = {
      backupRoleArn: parameters.read(this, 'backup-role-arn'),
      restoreRoleArn: parameters.read(this, 'restore-role-arn'),
    };
    const parameterArn = parameters.publish(
      this,
      'cutover-desk',
      Stack.of(this).toJsonString({
        ...names,
        prefix: restoredTablePrefix(config),
        keys: operationsKeys.keys,
        indexes: Object.entries(operationsKeys.indexes).map(([name, keys]) => ({ name, keys })),
        pointInTimeRecovery: config.pointInTimeRecovery,
        deletionProtection: config.deletionProtection,
        tags: backupPlanTags(config),
        vault: vaultNameOf(config),
        dataKeyArn: key.keyArn,
        ...roles,
      }),
    );
    const live = tableArn(this, parameters.read(this, 'operations-table-name'));
    const restored = restoredTablesArn(this, config);
    const switched = (['operations-table-name', 'operations-stream-arn'] as const).map((name) =>
      parameters.arn(this, name),
    );
    const table = (name: keyof typeof names): string => tableArn(this, names[name]);
    operatorPolicy(this, context, {
      name: 'cutover',
      description: `Makes a restored table the live one of stage ${config.stage} of cloud-service-desk (npm run cutover)`,
      parameterArn,
      statements: [
        allow(['ssm:GetParameter', 'ssm:PutParameter'], switched),
        onItems(['DescribeContinuousBackups', 'DescribeTable', 'RestoreTableToPointInTime'], live),
        allow(fillingActions, [restored]),
        onItems(
          ['BatchGetItem', 'DescribeContinuousBackups', 'DescribeTable', 'DescribeTimeToLive', 'ListTagsOfResource'],
          restored,
        ),
        onItems(['TagResource', 'UpdateContinuousBackups', 'UpdateTable'], restored),
        onItems(['DeleteItem', 'Scan'], table('idempotency')),
        onItems(['DeleteItem', 'PutItem', 'Scan'], table('lists')),
        onItems(['GetItem', 'PutItem', 'Query'], table('kpis'), ['HEARTBEAT', 'RECOUNTS', 'RECOUNT-OPEN']),
        allow(['backup:ListRecoveryPointsByBackupVault', 'backup:StartBackupJob'], [vaultArn(this, config)]),
        allow(
          ['backup:DescribeRecoveryPoint', 'backup:GetRecoveryPointRestoreMetadata', 'backup:StartRestoreJob'],
          [recoveryPointsArn(this)],
        ),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: Object.values(roles),
          conditions: { StringEquals: { 'iam:PassedToService': BACKUP_SERVICE } },
        }),
        // Jobs have no resource type: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
        allow(['backup:DescribeBackupJob', 'backup:DescribeRestoreJob'], ['*']),
        ...key.tableEncryptionStatements(),
      ],
    });
  }
}
