import { Arn, ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import { BackupVault, type LockConfiguration } from 'aws-cdk-lib/aws-backup';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import type { StageContext } from '../stage-context.ts';
import { StageBackupPlan } from './backup-plan.ts';
import type { DataKey } from './data-key.ts';
import { restoredTablesArn } from './restored-tables.ts';
import { fillingActions, scratchTablesArn, tableArn } from './scratch-tables.ts';
import type { ServiceFunction } from './service-function.ts';

export const BACKUP_SERVICE = 'backup.amazonaws.com';

/** A vault must have a name; it is said here once, so that nobody has to be told it. */
export const vaultNameOf = ({ stage }: StageConfig): string => `cloud-service-desk-${stage}`;

export const vaultArn = (scope: Construct, config: StageConfig): string =>
  Arn.format(
    {
      service: 'backup',
      resource: 'backup-vault',
      resourceName: vaultNameOf(config),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    },
    Stack.of(scope),
  );

/** AWS Backup chooses the names of recovery points, whatever vault they lie in. */
export const recoveryPointsArn = (scope: Construct): string =>
  Arn.format(
    { service: 'backup', resource: 'recovery-point', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME },
    Stack.of(scope),
  );

const lockOf = ({ lock }: StageConfig['backups']): LockConfiguration | null =>
  lock === null
    ? null
    : {
        minRetention: Duration.days(lock.minRetentionDays),
        ...(lock.mode === 'compliance' ? { changeableFor: Duration.days(lock.coolingDays) } : {}),
      };

export interface BackupsProps {
  readonly context: StageContext;
  readonly dataKey: DataKey;
  /** ARNs of the desk's tables that are in the plan. */
  readonly tables: readonly string[];
}

/**
 * Full copies of the tables of record, in a vault under the data key. Two roles that only AWS Backup can take on: one copies our
 * tables and cannot write any, the other writes tables that are called like a drill's scratch table, or like one that shall take the
 * place of a lost one, and cannot touch another.
 * The managed policies of AWS would let each do so with every resource of the account.
 */
export class Backups extends Construct {
  constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const { context, dataKey } = props;
    const { config, parameters } = context;
    const lock = lockOf(config.backups);
    const vault = new BackupVault(this, 'Vault', {
      backupVaultName: vaultNameOf(config),
      encryptionKey: dataKey.key,
      // CloudFormation removes no vault that holds a copy: docs/deploy.md says how to empty one.
      removalPolicy: context.removalPolicy,
      blockRecoveryPointDeletion: config.deletionProtection,
      ...(lock === null ? {} : { lockConfiguration: lock }),
    });
    // One that has taken the place of the lost table is copied from the first hour on, whatever else is deployed then.
    const restored = restoredTablesArn(this, config);
    const copied = [...new Set([...props.tables, restored]), ...config.drillTables.map((name) => tableArn(this, name))];
    const backupRole = this.backupRole(config, copied, dataKey);
    const restoreRole = this.restoreRole(config, copied, dataKey);
    new StageBackupPlan(this, 'StagePlan', {
      context,
      vault,
      roleArn: backupRole.roleArn,
      tables: { all: tableArn(this, '*'), scratch: scratchTablesArn(this, config) },
    });
    parameters.publish(this, 'backup-role-arn', backupRole.roleArn);
    parameters.publish(this, 'restore-role-arn', restoreRole.roleArn);
  }

  /**
   * From AWSBackupServiceRolePolicyForBackup what it says of DynamoDB, and for our tables only. While the region's switch for
   * advanced backups is off, AWS Backup has DynamoDB take the copy, which lies beside the table.
   */
  private backupRole(config: StageConfig, tables: readonly string[], dataKey: DataKey): Role {
    const role = this.role('BackupRole', 'Copies the tables of record into the vault, and writes no table');
    const allow = (actions: string[], resources: string[]): void =>
      void role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    allow(
      ['dynamodb:CreateBackup', 'dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource', 'dynamodb:StartAwsBackupJob'],
      [...tables],
    );
    allow(
      ['dynamodb:DeleteBackup', 'dynamodb:DescribeBackup'],
      tables.map((arn) => `${arn}/backup/*`),
    );
    allow(['backup:DescribeBackupVault'], [vaultArn(this, config)]);
    allow(['backup:TagResource'], [recoveryPointsArn(this)]);
    // Tables of the plan are found by their tag, and looking for tags has no resource:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_resourcegrouptaggingapi.html
    allow(['tag:GetResources'], ['*']);
    for (const statement of dataKey.usedByBackup(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey']))
      role.addToPrincipalPolicy(statement);
    return role;
  }

  /** From AWSBackupServiceRolePolicyForRestores what it says of DynamoDB, and for tables that restores may make only. */
  private restoreRole(config: StageConfig, tables: readonly string[], dataKey: DataKey): Role {
    const role = this.role(
      'RestoreRole',
      'Restores copies into tables that are named for it, and touches no other table',
    );
    const allow = (actions: string[], resources: string[]): void =>
      void role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    const made = [scratchTablesArn(this, config), restoredTablesArn(this, config)];
    allow([...fillingActions, 'dynamodb:DescribeTable', 'dynamodb:RestoreTableFromAwsBackup'], made);
    allow(['dynamodb:RestoreTableFromBackup'], [...made, ...tables.map((arn) => `${arn}/backup/*`)]);
    for (const statement of dataKey.usedByBackup([
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]))
      role.addToPrincipalPolicy(statement);
    return role;
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html */
  private role(id: string, description: string): Role {
    return new Role(this, id, {
      assumedBy: new ServicePrincipal(BACKUP_SERVICE, {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description,
    });
  }
}

/** Intents upon the vault and its copies, for functions. */
export class BackupGrants {
  readonly vaultName: string;
  readonly backupRoleArn: string;
  readonly restoreRoleArn: string;
  private readonly vaultArn: string;
  private readonly recoveryPointsArn: string;

  constructor(scope: Construct, { config, parameters }: StageContext) {
    this.vaultName = vaultNameOf(config);
    this.vaultArn = vaultArn(scope, config);
    this.recoveryPointsArn = recoveryPointsArn(scope);
    this.backupRoleArn = parameters.read(scope, 'backup-role-arn');
    this.restoreRoleArn = parameters.read(scope, 'restore-role-arn');
  }

  /** Takes a copy, and restores one; what either may touch is what the two roles may, and no other role can be handed over. */
  grantDrill(target: ServiceFunction): void {
    target.allow({ actions: ['backup:StartBackupJob'], resources: [this.vaultArn] });
    // A drill's own copy carries the drill's name as a tag, and who sets a tag with a new copy must be allowed to.
    target.allow({
      actions: ['backup:DescribeRecoveryPoint', 'backup:StartRestoreJob', 'backup:TagResource'],
      resources: [this.recoveryPointsArn],
    });
    target.allow({
      actions: ['iam:PassRole'],
      resources: [this.backupRoleArn, this.restoreRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': BACKUP_SERVICE } },
    });
    this.allowUnbound(target, ['DescribeBackupJob', 'DescribeRestoreJob', 'ListRecoveryPointsByResource']);
  }

  /** Looks at what was copied, and when. */
  grantWatch(target: ServiceFunction): void {
    target.allow({ actions: ['backup:ListRecoveryPointsByBackupVault'], resources: [this.vaultArn] });
    this.allowUnbound(target, ['DescribeRegionSettings', 'ListBackupJobs']);
  }

  /**
   * Jobs have no resource type, nor have the region's settings and what is listed by the copied resource
   * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html). All of them only read.
   */
  private allowUnbound(target: ServiceFunction, names: readonly string[]): void {
    target.allow({ actions: names.map((name) => `backup:${name}`), resources: ['*'] });
  }
}
