import { type BackupClient, paginateListRecoveryPointsByBackupVault } from '@aws-sdk/client-backup';

/** The newest recovery point of a table that can be restored. */
export interface NewestRecoveryPoint {
  readonly arn: string;
  readonly tableArn: string;
  /** The instant of the copy. */
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly sizeBytes: number | null;
  /** When AWS Backup removes it; null: never, or it does not say. */
  readonly deletedAt: string | null;
}

/** `AVAILABLE` is documented as ready for use too: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRecoveryPoint.html */
const usable = new Set<string | undefined>(['COMPLETED', 'AVAILABLE']);

/** What a vault has of each table. */
export class NewestRecoveryPoints {
  readonly #client: BackupClient;
  readonly #vault: string;

  constructor(options: { readonly client: BackupClient; readonly vault: string }) {
    this.#client = options.client;
    this.#vault = options.vault;
  }

  /** By ARN of the table; a table that is not in it has nothing that could be restored. One list for all tables. */
  async byTable(): Promise<ReadonlyMap<string, NewestRecoveryPoint>> {
    const newest = new Map<string, NewestRecoveryPoint>();
    const pages = paginateListRecoveryPointsByBackupVault(
      { client: this.#client },
      { BackupVaultName: this.#vault, ByResourceType: 'DynamoDB' },
    );
    for await (const { RecoveryPoints = [] } of pages) {
      for (const point of RecoveryPoints) {
        const { RecoveryPointArn: arn, ResourceArn: tableArn, CreationDate: created, Status } = point;
        if (arn === undefined || tableArn === undefined || created === undefined || !usable.has(Status)) continue;
        const before = newest.get(tableArn);
        if (before !== undefined && Date.parse(before.createdAt) >= created.getTime()) continue;
        newest.set(tableArn, {
          arn,
          tableArn,
          createdAt: created.toISOString(),
          completedAt: point.CompletionDate?.toISOString() ?? null,
          sizeBytes: point.BackupSizeInBytes ?? null,
          deletedAt: point.CalculatedLifecycle?.DeleteAt?.toISOString() ?? null,
        });
      }
    }
    return newest;
  }
}
