import {
  type BackupClient,
  type BackupJobState,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  paginateListRecoveryPointsByResource,
  type RecoveryPointByResource,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { Job, Observation } from '../domain/action.ts';
import type { RecoveryPoint } from '../domain/drill.ts';
import { AnswerIncomplete, instant, needed } from './answers.ts';
import { type DrillAwsOptions, ownBackupTag } from './options.ts';

/** `PARTIAL` is of composite recovery points only, which tables have not; half a copy is none. */
export const jobStates: Readonly<Record<BackupJobState, Job['state']>> = {
  CREATED: 'running',
  PENDING: 'running',
  RUNNING: 'running',
  ABORTING: 'running',
  COMPLETED: 'completed',
  PARTIAL: 'failed',
  FAILED: 'failed',
  ABORTED: 'aborted',
  EXPIRED: 'expired',
};

/** The shortest that the API takes, instead of eight hours: nobody waits for a drill that long. */
const startWindowMinutes = 60;
const ownBackupDays = 7;

/**
 * `COMPLETED` is what tables get; `AVAILABLE`, which the API documents as ready for use too, is that of continuous backups.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRecoveryPoint.html
 */
const usable = new Set<string | undefined>(['COMPLETED', 'AVAILABLE']);

/** Takes backups and finds them again. */
export class Backups {
  readonly #client: BackupClient;
  readonly #options: DrillAwsOptions;

  constructor(options: DrillAwsOptions) {
    this.#client = options.backup;
    this.#options = options;
  }

  /** Those of the vault that can be restored, the newest first. */
  async recoveryPoints(tableArn: string): Promise<readonly RecoveryPoint[]> {
    const found: RecoveryPoint[] = [];
    const pages = paginateListRecoveryPointsByResource({ client: this.#client }, { ResourceArn: tableArn });
    for await (const { RecoveryPoints = [] } of pages)
      found.push(...RecoveryPoints.flatMap((one) => this.#usable(one)));
    return found.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  /** The same token gives the same job: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
  async start(tableArn: string, token: string): Promise<Observation> {
    const { BackupJobId } = await this.#client.send(
      new StartBackupJobCommand({
        BackupVaultName: this.#options.vault,
        ResourceArn: tableArn,
        IamRoleArn: this.#options.backupRoleArn,
        IdempotencyToken: token,
        StartWindowMinutes: startWindowMinutes,
        Lifecycle: { DeleteAfterDays: this.#options.ownBackupDays ?? ownBackupDays },
        RecoveryPointTags: { [ownBackupTag]: token },
      }),
    );
    return { of: 'start-backup', jobId: needed(BackupJobId, 'StartBackupJob', 'BackupJobId') };
  }

  /** Why a job failed is in its message: looking at it was possible, so that is no trouble. */
  async look(jobId: string): Promise<Observation> {
    const of = 'look-at-backup';
    const answer = await this.#client.send(new DescribeBackupJobCommand({ BackupJobId: jobId }));
    const state = answer.State === undefined ? undefined : jobStates[answer.State];
    if (state === undefined) throw new AnswerIncomplete('DescribeBackupJob', 'State');
    const job: Job = {
      state,
      startedAt: instant(answer.CreationDate),
      completedAt: instant(answer.CompletionDate),
      message: answer.StatusMessage ?? null,
    };
    if (state !== 'completed') return { of, job, recoveryPoint: null };
    const arn = needed(answer.RecoveryPointArn, 'DescribeBackupJob', 'RecoveryPointArn');
    return { of, job, recoveryPoint: await this.#recoveryPoint(arn) };
  }

  /** A job may wait before it begins: its own dates are not those of the copy. Null when it cannot be restored (any more). */
  async #recoveryPoint(arn: string): Promise<RecoveryPoint | null> {
    const { vault: BackupVaultName } = this.#options;
    const answer = await this.#client.send(
      new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn: arn }),
    );
    if (!usable.has(answer.Status)) return null;
    const createdAt = needed(answer.CreationDate, 'DescribeRecoveryPoint', 'CreationDate').toISOString();
    return { arn, createdAt, sizeBytes: answer.BackupSizeInBytes ?? null };
  }

  /** A recovery point of another vault may be restored by nobody here, and one without an instant proves nothing. */
  #usable(one: RecoveryPointByResource): RecoveryPoint[] {
    const { RecoveryPointArn: arn, CreationDate, Status, BackupVaultName, BackupSizeBytes } = one;
    if (arn === undefined || CreationDate === undefined) return [];
    if (BackupVaultName !== this.#options.vault || !usable.has(Status)) return [];
    return [{ arn, createdAt: CreationDate.toISOString(), sizeBytes: BackupSizeBytes ?? null }];
  }
}
