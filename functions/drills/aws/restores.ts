import { DescribeRestoreJobCommand, type RestoreJobStatus, StartRestoreJobCommand } from '@aws-sdk/client-backup';
import {
  RestoreTableToPointInTimeCommand,
  TableAlreadyExistsException,
  type TableDescription,
  TableInUseException,
} from '@aws-sdk/client-dynamodb';
import type { Job, Observation } from '../domain/action.ts';
import type { TableShape } from '../domain/drill.ts';
import { AnswerIncomplete, instant, needed } from './answers.ts';
import { type DrillAwsOptions, drillTag } from './options.ts';
import { TableSource } from './table-source.ts';

const jobStates: Readonly<Record<RestoreJobStatus, Job['state']>> = {
  PENDING: 'running',
  RUNNING: 'running',
  COMPLETED: 'completed',
  ABORTED: 'aborted',
  FAILED: 'failed',
};

/** Whole seconds are what point-in-time recovery knows; a later instant than the one that was asked for is never restored. */
const wholeSecond = (at: string): Date => new Date(Math.floor(Date.parse(at) / 1000) * 1000);

interface FromBackup {
  readonly recoveryPointArn: string;
  readonly scratchTable: string;
  readonly token: string;
}

interface FromInstant {
  readonly source: TableShape;
  readonly at: string;
  readonly scratchTable: string;
  readonly drillId: string;
}

/** Restores: by AWS Backup from a recovery point, or by DynamoDB itself from an instant. */
export class Restores {
  readonly #options: DrillAwsOptions;
  readonly #tables: TableSource;

  constructor(options: DrillAwsOptions) {
    this.#options = options;
    this.#tables = new TableSource(options.dynamodb);
  }

  /**
   * The same token gives the same job. The answer says nothing about when it was accepted; `DescribeRestoreJob` does.
   * The keys of the metadata: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-dynamodb.html#ddb-restore-cli
   */
  async startFromBackup({ recoveryPointArn, scratchTable, token }: FromBackup): Promise<Observation> {
    const { RestoreJobId } = await this.#options.backup.send(
      new StartRestoreJobCommand({
        RecoveryPointArn: recoveryPointArn,
        ResourceType: 'DynamoDB',
        IamRoleArn: this.#options.restoreRoleArn,
        IdempotencyToken: token,
        Metadata: {
          targetTableName: scratchTable,
          encryptionType: 'KMS',
          kmsMasterKeyArn: this.#options.dataKeyArn,
        },
      }),
    );
    return {
      of: 'start-restore',
      jobId: needed(RestoreJobId, 'StartRestoreJob', 'RestoreJobId'),
      acceptedAt: null,
    };
  }

  /** This call knows no token: a table that is there already is looked at, whether it is the one that was asked for before. */
  async startFromInstant(wanted: FromInstant): Promise<Observation> {
    try {
      const { TableDescription: table } = await this.#options.dynamodb.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: wanted.source.tableName,
          TargetTableName: wanted.scratchTable,
          RestoreDateTime: wholeSecond(wanted.at),
          SSESpecificationOverride: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: this.#options.dataKeyArn },
        }),
      );
      return { of: 'start-restore', jobId: null, acceptedAt: instant(table?.CreationDateTime) };
    } catch (error) {
      if (!(error instanceof TableAlreadyExistsException || error instanceof TableInUseException)) throw error;
      return this.#whoseTable(wanted);
    }
  }

  /** Why a job failed is in its message: looking at it was possible, so that is no trouble. */
  async lookAtJob(jobId: string): Promise<Observation> {
    const answer = await this.#options.backup.send(new DescribeRestoreJobCommand({ RestoreJobId: jobId }));
    const state = answer.Status === undefined ? undefined : jobStates[answer.Status];
    if (state === undefined) throw new AnswerIncomplete('DescribeRestoreJob', 'Status');
    const job: Job = {
      state,
      startedAt: instant(answer.CreationDate),
      completedAt: instant(answer.CompletionDate),
      message: answer.StatusMessage ?? null,
    };
    return { of: 'look-at-restore', job };
  }

  /** DynamoDB says of a restore only whether it is still going on; what does not say that either is judged by its status. */
  async lookAtTable(scratchTable: string): Promise<Observation> {
    const table = await this.#tables.table(scratchTable);
    const of = 'look-at-restore';
    if (table === null) return { of, trouble: 'not-found', message: `There is no table ${scratchTable}.` };
    const { state, message } = restoreState(table);
    return { of, job: { state, startedAt: instant(table.CreationDateTime), completedAt: null, message } };
  }

  async #whoseTable({ source, at, scratchTable, drillId }: FromInstant): Promise<Observation> {
    const of = 'start-restore';
    const table = await this.#tables.table(scratchTable);
    if (table === null || table.TableStatus === 'DELETING') {
      return { of, trouble: 'busy', message: `The table ${scratchTable} is being removed.` };
    }
    const { SourceTableArn, RestoreDateTime } = table.RestoreSummary ?? {};
    const sameInstant = RestoreDateTime !== undefined && RestoreDateTime.getTime() === wholeSecond(at).getTime();
    const ours = (SourceTableArn === source.tableArn && sameInstant) || (await this.#isTagged(table, drillId));
    if (ours) return { of, jobId: null, acceptedAt: instant(table.CreationDateTime) };
    return { of, trouble: 'exists', message: `There is a table ${scratchTable}, and it is not of this drill.` };
  }

  async #isTagged({ TableArn }: TableDescription, drillId: string): Promise<boolean> {
    const tags = await this.#tables.tags(needed(TableArn, 'DescribeTable', 'TableArn'));
    return tags[drillTag] === drillId;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html */
const restoreState = ({
  RestoreSummary,
  TableStatus,
}: TableDescription): { readonly state: Job['state']; readonly message: string | null } => {
  if (RestoreSummary?.RestoreInProgress === true) return { state: 'running', message: null };
  switch (TableStatus) {
    case 'ACTIVE':
    case 'UPDATING':
      return { state: 'completed', message: null };
    case 'CREATING':
    case undefined:
      return { state: 'running', message: null };
    default:
      return { state: 'failed', message: `The table is ${TableStatus}.` };
  }
};
