import { type BackupClient, type BackupJob, type BackupJobState, paginateListBackupJobs } from '@aws-sdk/client-backup';
import { jobStates } from '../../drills/index.ts';

export type SeenState = 'running' | 'completed' | 'failed' | 'aborted' | 'expired';

/** A backup job as AWS Backup tells of it now; a job is looked at until its state is its last. */
export interface SeenBackupJob {
  readonly jobId: string;
  readonly tableArn: string;
  readonly state: SeenState;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly recoveryPointArn: string | null;
  readonly sizeBytes: number | null;
  readonly message: string | null;
  /** Completed "with issues", as only the console calls it: the category of its message is not SUCCESS. */
  readonly withIssues: boolean;
  /** Of a backup plan; otherwise a drill or a person has asked for it. */
  readonly planned: boolean;
}

const stateOf = (state: BackupJobState | undefined): SeenState | undefined =>
  state === undefined ? undefined : jobStates[state];

/** A job about which something that must be known is not said cannot be watched; the next look may say it. */
const seen = (job: BackupJob): SeenBackupJob[] => {
  const { BackupJobId: jobId, ResourceArn: tableArn, CreationDate: created } = job;
  const state = stateOf(job.State);
  if (jobId === undefined || tableArn === undefined || created === undefined || state === undefined) return [];
  return [
    {
      jobId,
      tableArn,
      state,
      createdAt: created.toISOString(),
      completedAt: job.CompletionDate?.toISOString() ?? null,
      recoveryPointArn: job.RecoveryPointArn ?? null,
      sizeBytes: job.BackupSizeInBytes ?? null,
      message: job.StatusMessage ?? null,
      withIssues: state === 'completed' && !/^success$/i.test(job.MessageCategory ?? 'success'),
      planned: job.CreatedBy?.BackupPlanId !== undefined,
    },
  ];
};

/** The jobs that back up tables. */
export class BackupJobs {
  readonly #client: BackupClient;
  readonly #vault: string;

  constructor(options: { readonly client: BackupClient; readonly vault: string }) {
    this.#client = options.client;
    this.#vault = options.vault;
  }

  /**
   * The jobs of a table that were created since an instant, the oldest first. A job that was created before and ends after it
   * is not among them: whoever watches looks further back than a job takes. AWS Backup knows the last 30 days only:
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
   */
  async since(tableArn: string, instant: string): Promise<readonly SeenBackupJob[]> {
    const found: SeenBackupJob[] = [];
    const pages = paginateListBackupJobs(
      { client: this.#client },
      { ByResourceArn: tableArn, ByBackupVaultName: this.#vault, ByCreatedAfter: new Date(instant) },
    );
    for await (const { BackupJobs = [] } of pages) found.push(...BackupJobs.flatMap(seen));
    return found.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  }
}
