import type { CloudModel } from '../../model.ts';
import { type BackupJob, deleteAtOf, type RecoveryPoint, type RestoreJob, tableNameOf } from './backup-records.ts';

/** Records as AWS Backup shows them: instants in seconds, what is not known left out. */
const seconds = (at: number | null): number | undefined => (at === null ? undefined : at / 1000);

const vaultArn = ({ region, accountId }: CloudModel, name: string): string =>
  `arn:aws:backup:${region}:${accountId}:backup-vault:${name}`;

const percent = (createdAt: number, endsAt: number | null, now: number): number =>
  endsAt === null || endsAt <= createdAt
    ? 50
    : Math.min(99, Math.max(0, ((now - createdAt) / (endsAt - createdAt)) * 100));

const creatorOf = (createdBy: BackupJob['createdBy']) =>
  createdBy === null
    ? undefined
    : {
        BackupPlanId: createdBy.planId,
        BackupPlanArn: createdBy.planArn,
        BackupPlanName: createdBy.planName,
        BackupPlanVersion: '1',
        BackupRuleId: createdBy.ruleId,
      };

const lifecycleOf = (deleteAfterDays: number | null) =>
  deleteAfterDays === null ? undefined : { DeleteAfterDays: deleteAfterDays };

export const shownBackupJob = (job: BackupJob, model: CloudModel, now: number): Record<string, unknown> => ({
  AccountId: model.accountId,
  BackupJobId: job.id,
  BackupVaultName: job.vaultName,
  BackupVaultArn: vaultArn(model, job.vaultName),
  RecoveryPointArn: job.pointArn,
  RecoveryPointLifecycle: lifecycleOf(job.deleteAfterDays),
  ResourceArn: job.tableArn,
  ResourceName: tableNameOf(job.tableArn),
  ResourceType: 'DynamoDB',
  CreationDate: seconds(job.createdAt),
  InitiationDate: seconds(job.createdAt),
  CompletionDate: seconds(job.completedAt),
  State: job.state,
  StatusMessage: job.message ?? undefined,
  MessageCategory: job.state === 'COMPLETED' ? 'SUCCESS' : undefined,
  PercentDone: (job.state === 'RUNNING'
    ? percent(job.createdAt, job.endsAt, now)
    : job.state === 'COMPLETED'
      ? 100
      : 0
  ).toFixed(1),
  BackupSizeInBytes: job.state === 'COMPLETED' ? job.sizeBytes : 0,
  BytesTransferred: 0,
  IamRoleArn: job.roleArn,
  CreatedBy: creatorOf(job.createdBy),
  StartBy: seconds(job.startBy),
  IsParent: false,
});

export const shownRestoreJob = (
  job: RestoreJob,
  createdArn: string | null,
  model: CloudModel,
  now: number,
): Record<string, unknown> => ({
  AccountId: model.accountId,
  RestoreJobId: job.id,
  RecoveryPointArn: job.pointArn,
  SourceResourceArn: job.sourceArn,
  BackupVaultArn: vaultArn(model, job.vaultName),
  CreationDate: seconds(job.createdAt),
  CompletionDate: seconds(job.completedAt),
  Status: job.state,
  StatusMessage: job.message ?? undefined,
  PercentDone: `${(job.state === 'RUNNING' ? percent(job.createdAt, job.endsAt, now) : job.state === 'COMPLETED' ? 100 : 0).toFixed(2)}%`,
  BackupSizeInBytes: job.sizeBytes,
  IamRoleArn: job.roleArn,
  CreatedResourceArn: createdArn ?? undefined,
  ResourceType: 'DynamoDB',
  RecoveryPointCreationDate: seconds(job.pointCreatedAt),
  ValidationStatus: job.validation?.status,
  ValidationStatusMessage: job.validation?.message ?? undefined,
  IsParent: false,
});

/** In lists of a vault, and alone. */
export const shownPoint = (point: RecoveryPoint, model: CloudModel): Record<string, unknown> => ({
  RecoveryPointArn: point.arn,
  BackupVaultName: point.vaultName,
  BackupVaultArn: vaultArn(model, point.vaultName),
  ResourceArn: point.tableArn,
  ResourceName: tableNameOf(point.tableArn),
  ResourceType: 'DynamoDB',
  CreatedBy: creatorOf(point.createdBy),
  IamRoleArn: point.roleArn,
  Status: point.status,
  CreationDate: seconds(point.createdAt),
  InitiationDate: seconds(point.createdAt),
  CompletionDate: seconds(point.completedAt),
  BackupSizeInBytes: point.sizeBytes,
  CalculatedLifecycle: { DeleteAt: seconds(deleteAtOf(point)) },
  Lifecycle: lifecycleOf(point.deleteAfterDays),
  EncryptionKeyArn: point.kmsKeyArn ?? undefined,
  IsEncrypted: point.kmsKeyArn !== null,
  LastRestoreTime: seconds(point.lastRestoreAt),
  IsParent: false,
  VaultType: 'BACKUP_VAULT',
});

export const shownPointOfResource = (point: RecoveryPoint): Record<string, unknown> => ({
  RecoveryPointArn: point.arn,
  CreationDate: seconds(point.createdAt),
  Status: point.status,
  EncryptionKeyArn: point.kmsKeyArn ?? undefined,
  BackupSizeBytes: point.sizeBytes,
  BackupVaultName: point.vaultName,
  IsParent: false,
  ResourceName: tableNameOf(point.tableArn),
  VaultType: 'BACKUP_VAULT',
});
