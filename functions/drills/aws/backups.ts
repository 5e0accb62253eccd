import {
  type BackupClient,
  type BackupJobState,
  DescribeBackupJobCommand,
  paginateListRecoveryPointsByResource,
  type RecoveryPointByResource,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { Job, Observation } from '../domain/action.ts';
import type { RecoveryPoint } from '../domain/drill.ts';
import { AnswerIncomplete, instant, needed } from './answers.ts';
import { type DrillAwsOptions, ownBackupTag } from './options.ts';
import { troubleOfJob } from './troubles.ts';

/** `PARTIAL` is of composite recovery points only, which tables have not; half a copy is none. */
const jobStates: Readonly<Record<BackupJobState, Job['state']>> = {
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

  /** A job that failed for a reason that is known is a trouble; for any other it stays a failed job with its message. */
  async look(jobId: string): Promise<Observation> {
    const answer = await this.#client.send(new DescribeBackupJobCommand({ BackupJobId: jobId }));
    const state = answer.State === undefined ? undefined : jobStates[answer.State];
    if (state === undefined) throw new AnswerIncomplete('DescribeBackupJob', 'State');
    const trouble = state === 'failed' ? troubleOfJob(answer.StatusMessage, 'look-at-backup') : null;
    if (trouble !== null) return trouble;
    const job: Job = {
      state,
      startedAt: instant(answer.CreationDate),
      completedAt: instant(answer.CompletionDate),
      message: answer.StatusMessage ?? null,
    };
    if (state !== 'completed') return { of: 'look-at-backup', job, recoveryPoint: null };
    const recoveryPoint = {
      arn: needed(answer.RecoveryPointArn, 'DescribeBackupJob', 'RecoveryPointArn'),
      createdAt: needed(answer.CreationDate, 'DescribeBackupJob', 'CreationDate').toISOString(),
      sizeBytes: answer.BackupSizeInBytes ?? null,
    };
    return { of: 'look-at-backup', job, recoveryPoint };
  }

  /** A recovery point of another vault may be restored by nobody here, and one without an instant proves nothing. */
  #usable(one: RecoveryPointByResource): RecoveryPoint[] {
    const { RecoveryPointArn: arn, CreationDate, Status, BackupVaultName, BackupSizeBytes } = one;
    if (arn === undefined || CreationDate === undefined) return [];
    if (BackupVaultName !== this.#options.vault || !usable.has(Status)) return [];
    return [{ arn, createdAt: CreationDate.toISOString(), sizeBytes: BackupSizeBytes ?? null }];
  }
}
