import type { FaultKind } from '../../faults/faults.ts';
import type { LocalState } from '../../state/local-state.ts';
import type { Need } from '../permissions/permission-check.ts';
import * as shown from './backup-answers.ts';
import { invalidRequest, invalidValue, notFound } from './backup-error.ts';
import type { BackupJobs } from './backup-jobs.ts';
import type { BackupParts } from './backup-parts.ts';
import * as requests from './backup-requests.ts';
import { PointCalls } from './point-calls.ts';
import type { RecoveryPoints } from './recovery-points.ts';
import { RegionSettings } from './region-settings.ts';
import type { RestoreJobs } from './restore-jobs.ts';

export interface BackupCallRequest {
  /** What the path holds, decoded. */
  readonly parameters: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a call needs, and what it does then; null for an answer without a body. */
export interface PreparedCall {
  readonly needs: readonly Need[];
  readonly run: (fault: FaultKind | null) => unknown;
}

const anywhere = '*';

export class BackupCalls {
  readonly #parts: BackupParts;
  readonly #backups: BackupJobs;
  readonly #restores: RestoreJobs;
  readonly #points: PointCalls;
  readonly #settings: RegionSettings;

  constructor(
    parts: BackupParts,
    jobs: { readonly backups: BackupJobs; readonly restores: RestoreJobs; readonly points: RecoveryPoints },
    state: LocalState,
  ) {
    this.#parts = parts;
    this.#backups = jobs.backups;
    this.#restores = jobs.restores;
    this.#points = new PointCalls(parts, jobs.points);
    this.#settings = new RegionSettings(state);
  }

  /** @throws ServiceError when the request is not one of this call. */
  prepare(name: string, request: BackupCallRequest): PreparedCall {
    const [first = '', second = ''] = request.parameters;
    const { query, body } = request;
    switch (name) {
      case 'StartBackupJob':
        return this.#startBackup(body);
      case 'StartRestoreJob':
        return this.#startRestore(body);
      case 'DescribeBackupJob':
        return this.#on(name, anywhere, () => this.#describeBackup(first));
      case 'ListBackupJobs':
        return this.#on(name, anywhere, () => this.#listBackups(query));
      case 'StopBackupJob':
        return this.#on(name, anywhere, () => this.#stopBackup(first));
      case 'DescribeRestoreJob':
        return this.#on(name, anywhere, () => this.#describeRestore(first));
      case 'ListRestoreJobs':
        return this.#on(name, anywhere, () => this.#listRestores(query));
      case 'PutRestoreValidationResult':
        return this.#on(name, anywhere, () => this.#putValidation(first, body));
      case 'ListRecoveryPointsByResource':
        return this.#on(name, anywhere, () => this.#points.listByResource(first, query));
      case 'ListRecoveryPointsByBackupVault':
        return this.#on(name, this.#vaultArn(first), () => this.#points.listByVault(first, query));
      case 'DescribeRecoveryPoint':
        return this.#on(name, second, () => this.#points.describe(first, second));
      case 'DeleteRecoveryPoint':
        return this.#on(name, second, () => this.#points.delete(first, second));
      case 'GetRecoveryPointRestoreMetadata':
        return this.#on(name, second, () => this.#points.restoreMetadata(first, second));
      case 'DescribeBackupVault':
        return this.#on(name, this.#vaultArn(first), () => this.#points.describeVault(first));
      case 'DescribeRegionSettings':
        return this.#on(name, anywhere, () => this.#settings.read());
      case 'UpdateRegionSettings':
        return this.#on(name, anywhere, () =>
          this.#settings.change(requests.parseBackupRequest(requests.regionSettings, body)),
        );
      default:
        throw invalidRequest(`The local desk does not answer backup:${name}`);
    }
  }

  /** Whether AWS Backup itself manages the recovery points of tables in this region. */
  get managed(): boolean {
    return this.#settings.managed;
  }

  #on(name: string, resource: string, run: () => unknown): PreparedCall {
    return { needs: [{ action: `backup:${name}`, resource }], run };
  }

  #vaultArn(name: string): string {
    const { region, accountId } = this.#parts.model;
    return `arn:aws:backup:${region}:${accountId}:backup-vault:${name}`;
  }

  /** A role that is handed to AWS Backup must be one that the caller may hand to it. */
  #passed(roleArn: string): Need {
    return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:passedtoservice': ['backup.amazonaws.com'] } };
  }

  #requireRole(roleArn: string): void {
    if (!this.#parts.model.roles.some(({ arn }) => arn === roleArn))
      throw invalidValue(`IAM role ${roleArn} does not exist, or cannot be assumed by AWS Backup`);
  }

  #startBackup(body: unknown): PreparedCall {
    const request = requests.parseBackupRequest(requests.startBackupJob, body);
    const { BackupVaultName, ResourceArn, IamRoleArn, IdempotencyToken, Lifecycle } = request;
    const action = 'backup:StartBackupJob';
    return {
      needs: [{ action, resource: this.#vaultArn(BackupVaultName) }, this.#passed(IamRoleArn)],
      run: async (fault) => {
        this.#requireRole(IamRoleArn);
        this.#settings.requireOptIn();
        const job = await this.#backups.start(
          {
            vaultName: BackupVaultName,
            tableArn: ResourceArn,
            roleArn: IamRoleArn,
            token: IdempotencyToken ?? null,
            startWindowMinutes: request.StartWindowMinutes,
            completeWindowMinutes: request.CompleteWindowMinutes,
            deleteAfterDays: Lifecycle.DeleteAfterDays ?? null,
            createdBy: null,
            managed: this.managed,
          },
          fault,
        );
        return {
          BackupJobId: job.id,
          RecoveryPointArn: job.pointArn,
          CreationDate: job.createdAt / 1000,
          IsParent: false,
        };
      },
    };
  }

  #startRestore(body: unknown): PreparedCall {
    const request = requests.parseBackupRequest(requests.startRestoreJob, body);
    const { RecoveryPointArn, IamRoleArn, Metadata, IdempotencyToken } = request;
    if ((Metadata.encryptionType === 'KMS') !== (Metadata.kmsMasterKeyArn !== undefined))
      throw invalidValue('kmsMasterKeyArn goes with encryptionType KMS, and with no other');
    return {
      needs: [{ action: 'backup:StartRestoreJob', resource: RecoveryPointArn }, this.#passed(IamRoleArn)],
      run: async (fault) => {
        this.#requireRole(IamRoleArn);
        const job = await this.#restores.start(
          {
            pointArn: RecoveryPointArn,
            roleArn: IamRoleArn,
            targetTable: Metadata.targetTableName,
            kmsKeyArn: Metadata.kmsMasterKeyArn ?? null,
            copyTags: request.CopySourceTagsToRestoredResource,
            token: IdempotencyToken ?? null,
          },
          fault,
        );
        return { RestoreJobId: job.id };
      },
    };
  }

  #describeBackup(id: string): unknown {
    const { store, model, clock } = this.#parts;
    const job = store.backupJob(id);
    if (job === null) throw notFound(`Backup job ${id} does not exist`);
    return shown.shownBackupJob(job, model, clock.now());
  }

  #listBackups(query: unknown): unknown {
    const { store, model, clock } = this.#parts;
    const asked = requests.parseBackupRequest(requests.listBackupJobs, query);
    const fitting = store
      .backupJobs()
      .filter(
        (job) =>
          (asked.resourceArn ?? job.tableArn) === job.tableArn &&
          (asked.state ?? job.state) === job.state &&
          (asked.backupVaultName ?? job.vaultName) === job.vaultName &&
          (asked.resourceType ?? 'DynamoDB') === 'DynamoDB' &&
          requests.within(job.createdAt, asked.createdBefore, asked.createdAfter) &&
          requests.within(job.completedAt, asked.completeBefore, asked.completeAfter),
      );
    const { items, NextToken } = requests.page(fitting, keyOfRecord, asked);
    return { BackupJobs: items.map((job) => shown.shownBackupJob(job, model, clock.now())), NextToken };
  }

  #stopBackup(id: string): unknown {
    this.#backups.stop(id);
    return {};
  }

  #describeRestore(id: string): unknown {
    const { store, model, clock } = this.#parts;
    const job = store.restoreJob(id);
    if (job === null) throw notFound(`Restore job ${id} does not exist`);
    return shown.shownRestoreJob(job, this.#restores.createdArn(job), model, clock.now());
  }

  #listRestores(query: unknown): unknown {
    const { store, model, clock } = this.#parts;
    const asked = requests.parseBackupRequest(requests.listRestoreJobs, query);
    const fitting = store
      .restoreJobs()
      .filter(
        (job) =>
          (asked.status ?? job.state) === job.state &&
          (asked.resourceType ?? 'DynamoDB') === 'DynamoDB' &&
          requests.within(job.createdAt, asked.createdBefore, asked.createdAfter) &&
          requests.within(job.completedAt, asked.completeBefore, asked.completeAfter),
      );
    const { items, NextToken } = requests.page(fitting, keyOfRecord, asked);
    const RestoreJobs = items.map((job) =>
      shown.shownRestoreJob(job, this.#restores.createdArn(job), model, clock.now()),
    );
    return { RestoreJobs, NextToken };
  }

  /** Final once it is one of the ends. */
  #putValidation(id: string, body: unknown): null {
    const { store } = this.#parts;
    const { ValidationStatus, ValidationStatusMessage } = requests.parseBackupRequest(requests.putValidation, body);
    const job = store.restoreJob(id);
    if (job === null) throw notFound(`Restore job ${id} does not exist`);
    if (job.state !== 'COMPLETED')
      throw invalidRequest(`Restore job ${id} is ${job.state}: only a completed one is validated`);
    if (job.validation !== null && job.validation.status !== 'VALIDATING')
      throw invalidRequest(`The validation of restore job ${id} is ${job.validation.status} already`);
    store.changeJob({ ...job, validation: { status: ValidationStatus, message: ValidationStatusMessage ?? null } });
    return null;
  }
}

const keyOfRecord = ({ createdAt, id }: { readonly createdAt: number; readonly id: string }): string =>
  requests.keyInTime(createdAt, id);
