import {
  BackupClient,
  DescribeBackupJobCommand,
  ListRestoreJobsCommand,
  StartBackupJobCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Access, localAccess } from '../../../../bin/operator/access.ts';
import { eventually, type Json, type RunningDesk } from '../running-desk.ts';

/** An event as it lies in a table; known by its partition and version. */
export interface KeptEvent {
  readonly key: string;
  readonly type: string;
  readonly recordedAt: string;
}

/** The account that a desk runs in, as its administrator sees it with the SDK: tables, recovery points, and what is in them. */
export class Account {
  /** The table of tickets. */
  readonly operations: string;
  readonly #vault: string;
  readonly #backupRole: string;
  readonly #restoreRole: string;
  readonly #backup: BackupClient;
  readonly #engine: DynamoDBClient;
  readonly #items: DynamoDBDocumentClient;

  private constructor(desk: RunningDesk, { config }: Access) {
    const drills = desk.desk.model.functions.find(({ name }) => name.endsWith('queue-drills'));
    if (drills === undefined) throw new Error('the desk performs no drills');
    const variable = (name: string): string => drills.environment[name] ?? '';
    this.operations = variable('OPERATIONS_TABLE');
    this.#vault = variable('BACKUP_VAULT');
    this.#backupRole = variable('BACKUP_ROLE_ARN');
    this.#restoreRole = variable('RESTORE_ROLE_ARN');
    this.#backup = new BackupClient(config);
    this.#engine = new DynamoDBClient(config);
    this.#items = DynamoDBDocumentClient.from(this.#engine);
  }

  static async of(desk: RunningDesk): Promise<Account> {
    return new Account(desk, await localAccess(desk.desk.url));
  }

  async scratchTables(): Promise<readonly string[]> {
    const { TableNames = [] } = await this.#engine.send(new ListTablesCommand({}));
    return TableNames.filter((name) => name.includes('-drill-'));
  }

  async events(table: string): Promise<ReadonlyMap<string, KeptEvent>> {
    const found = new Map<string, KeptEvent>();
    for await (const { Items = [] } of paginateScan(
      { client: this.#items },
      { TableName: table, ConsistentRead: true },
    ))
      for (const { PK, SK, type, recordedAt } of Items)
        if (String(SK).startsWith('EV#')) found.set(`${PK} ${SK}`, { key: `${PK} ${SK}`, type, recordedAt });
    return found;
  }

  /** Starts a backup as a person of the account would. Answers the job's id. */
  async startBackup(): Promise<string> {
    const { Table } = await this.#engine.send(new DescribeTableCommand({ TableName: this.operations }));
    const { BackupJobId } = await this.#backup.send(
      new StartBackupJobCommand({
        BackupVaultName: this.#vault,
        ResourceArn: Table?.TableArn,
        IamRoleArn: this.#backupRole,
      }),
    );
    return BackupJobId ?? '';
  }

  async backupCompleted(id: string): Promise<void> {
    await eventually('the backup is complete', 30, async () => {
      const { State } = await this.#backup.send(new DescribeBackupJobCommand({ BackupJobId: id }));
      return State === 'COMPLETED' ? true : null;
    });
  }

  /** The events of the copy that a drill has restored: it is restored once more, read and removed. */
  async eventsOfCopy({ id, recoveryPointUsed }: Json): Promise<ReadonlyMap<string, KeptEvent>> {
    const target = `again-${id}`;
    const { arn, createdAt } = recoveryPointUsed;
    if (arn === null)
      await this.#engine.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: this.operations,
          TargetTableName: target,
          RestoreDateTime: new Date(Math.floor(Date.parse(createdAt) / 1000) * 1000),
        }),
      );
    else
      await this.#backup.send(
        new StartRestoreJobCommand({
          RecoveryPointArn: arn,
          ResourceType: 'DynamoDB',
          IamRoleArn: this.#restoreRole,
          Metadata: { targetTableName: target },
        }),
      );
    await eventually(`${target} is active`, 60, async () => {
      const { Table } = await this.#engine.send(new DescribeTableCommand({ TableName: target }));
      return Table?.TableStatus === 'ACTIVE' ? true : null;
    });
    const events = await this.events(target);
    await this.#engine.send(new DeleteTableCommand({ TableName: target }));
    return events;
  }

  /** How many restores were asked for into the scratch table of a drill. */
  async restoresOf(drillId: string): Promise<number> {
    const { RestoreJobs = [] } = await this.#backup.send(new ListRestoreJobsCommand({ MaxResults: 1000 }));
    const table = `-drill-${drillId.toLowerCase()}`;
    return RestoreJobs.filter(({ CreatedResourceArn }) => CreatedResourceArn?.endsWith(table) === true).length;
  }

  async pointInTimeRecovery(on: boolean): Promise<void> {
    await this.#engine.send(
      new UpdateContinuousBackupsCommand({
        TableName: this.operations,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: on },
      }),
    );
  }

  close(): void {
    this.#backup.destroy();
    this.#engine.destroy();
  }
}
