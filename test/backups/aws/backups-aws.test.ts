import {
  BackupClient,
  type BackupJob,
  type BackupJobState,
  DescribeRegionSettingsCommand,
  type DescribeRegionSettingsOutput,
  ListBackupJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  type RecoveryPointByBackupVault,
  ResourceNotFoundException,
  ServiceUnavailableException,
} from '@aws-sdk/client-backup';
import { DescribeContinuousBackupsCommand, DynamoDBClient, TableNotFoundException } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { BackupJobs } from '../../../functions/backups/aws/backup-jobs.ts';
import { NewestRecoveryPoints } from '../../../functions/backups/aws/newest-recovery-points.ts';
import { pointInTimeWindow } from '../../../functions/backups/aws/point-in-time-window.ts';
import { tableBackupSettings } from '../../../functions/backups/aws/region-settings.ts';
import '../../quiet.ts';

const region = 'eu-central-1';
const tableArn = `arn:aws:dynamodb:${region}:111122223333:table/desk-operations`;
const pointArn = (id: string) => `arn:aws:backup:${region}:111122223333:recovery-point:${id}`;
const unavailable = () => new ServiceUnavailableException({ message: 'later', $metadata: {} });

const aws = () => {
  const client = new BackupClient({ region, maxAttempts: 1 });
  const mock = mockClient(client);
  return {
    client,
    mock,
    jobs: new BackupJobs({ client, vault: 'desk' }),
    points: new NewestRecoveryPoints({ client, vault: 'desk' }),
  };
};

describe('backup jobs', () => {
  const job = (id: string, more: BackupJob = {}): BackupJob => ({
    BackupJobId: id,
    ResourceArn: tableArn,
    State: 'COMPLETED',
    CreationDate: new Date('2026-03-02T03:00:00.087Z'),
    ...more,
  });
  const since = '2026-03-01T00:00:00.000Z';

  it('are those of the table and the vault since then, of every page, the oldest first', async () => {
    const { mock, jobs } = aws();
    mock
      .on(ListBackupJobsCommand, { NextToken: 'page 2' })
      .resolves({ BackupJobs: [job('old', { CreationDate: new Date('2026-03-01T03:00:00Z'), State: 'RUNNING' })] })
      .on(ListBackupJobsCommand, {
        NextToken: undefined,
        ByResourceArn: tableArn,
        ByBackupVaultName: 'desk',
        ByCreatedAfter: new Date(since),
      })
      .resolves({
        BackupJobs: [
          job('new', {
            CompletionDate: new Date('2026-03-02T03:04:00Z'),
            RecoveryPointArn: pointArn('1'),
            BackupSizeInBytes: 2_000,
            MessageCategory: 'SUCCESS',
            CreatedBy: { BackupPlanId: 'plan' },
          }),
        ],
        NextToken: 'page 2',
      });
    const found = await jobs.since(tableArn, since);
    expect(found).toEqual([
      {
        jobId: 'old',
        tableArn,
        state: 'running',
        createdAt: '2026-03-01T03:00:00.000Z',
        completedAt: null,
        recoveryPointArn: null,
        sizeBytes: null,
        message: null,
        withIssues: false,
        planned: false,
      },
      {
        jobId: 'new',
        tableArn,
        state: 'completed',
        createdAt: '2026-03-02T03:00:00.087Z',
        completedAt: '2026-03-02T03:04:00.000Z',
        recoveryPointArn: pointArn('1'),
        sizeBytes: 2_000,
        message: null,
        withIssues: false,
        planned: true,
      },
    ]);
    expect(mock.commandCalls(ListBackupJobsCommand)).toHaveLength(2);
  });

  it.each([
    ['CREATED', 'running'],
    ['PENDING', 'running'],
    ['RUNNING', 'running'],
    ['ABORTING', 'running'],
    ['COMPLETED', 'completed'],
    ['PARTIAL', 'failed'],
    ['FAILED', 'failed'],
    ['ABORTED', 'aborted'],
    ['EXPIRED', 'expired'],
  ] satisfies [BackupJobState, string][])('knows %s as %s', async (State, state) => {
    const { mock, jobs } = aws();
    mock.on(ListBackupJobsCommand).resolves({ BackupJobs: [job('1', { State, StatusMessage: 'so' })] });
    expect(await jobs.since(tableArn, since)).toMatchObject([{ state, message: 'so' }]);
  });

  it('are completed with issues when the category of their message is not success', async () => {
    const { mock, jobs } = aws();
    mock.on(ListBackupJobsCommand).resolves({
      BackupJobs: [
        job('1', { MessageCategory: 'AccessDenied' }),
        job('2', { MessageCategory: 'Success' }),
        job('3', { MessageCategory: 'AccessDenied', State: 'FAILED' }),
      ],
    });
    expect((await jobs.since(tableArn, since)).map(({ withIssues }) => withIssues)).toEqual([true, false, false]);
  });

  it('are left out when what must be known of them is not said', async () => {
    const { mock, jobs } = aws();
    mock.on(ListBackupJobsCommand).resolves({
      BackupJobs: [
        job('1', { BackupJobId: undefined }),
        job('2', { ResourceArn: undefined }),
        job('3', { CreationDate: undefined }),
        job('4', { State: undefined }),
        job('5', { State: 'RESTING' as BackupJobState }),
        job('6'),
      ],
    });
    expect((await jobs.since(tableArn, since)).map(({ jobId }) => jobId)).toEqual(['6']);
    mock.on(ListBackupJobsCommand).resolves({});
    expect(await jobs.since(tableArn, since)).toEqual([]);
  });

  it('are not half a list when a page fails', async () => {
    const { mock, jobs } = aws();
    mock
      .on(ListBackupJobsCommand)
      .resolvesOnce({ BackupJobs: [job('1')], NextToken: 'page 2' })
      .rejects(unavailable());
    await expect(jobs.since(tableArn, since)).rejects.toThrow('later');
  });
});

describe('newest recovery points', () => {
  const point = (id: string, at: string, more: RecoveryPointByBackupVault = {}): RecoveryPointByBackupVault => ({
    RecoveryPointArn: pointArn(id),
    ResourceArn: tableArn,
    ResourceType: 'DynamoDB',
    Status: 'COMPLETED',
    CreationDate: new Date(at),
    ...more,
  });

  it('are one a table, the newest that can be restored, whatever page it is on', async () => {
    const { mock, points } = aws();
    mock
      .on(ListRecoveryPointsByBackupVaultCommand, { NextToken: 'page 2' })
      .resolves({
        RecoveryPoints: [
          point('3', '2026-03-02T03:00:00Z', {
            CompletionDate: new Date('2026-03-02T03:05:00Z'),
            BackupSizeInBytes: 2_000,
            CalculatedLifecycle: { DeleteAt: new Date('2026-04-06T03:00:00Z') },
          }),
          point('4', '2026-03-02T09:00:00Z', { Status: 'EXPIRED' }),
          point('5', '2026-02-01T03:00:00Z', { ResourceArn: `${tableArn}-2` }),
        ],
      })
      .on(ListRecoveryPointsByBackupVaultCommand, {
        NextToken: undefined,
        BackupVaultName: 'desk',
        ByResourceType: 'DynamoDB',
      })
      .resolves({
        RecoveryPoints: [point('1', '2026-03-01T03:00:00Z'), point('2', '2026-03-02T02:59:59.999Z')],
        NextToken: 'page 2',
      });
    expect([...(await points.byTable())]).toEqual([
      [
        tableArn,
        {
          arn: pointArn('3'),
          tableArn,
          createdAt: '2026-03-02T03:00:00.000Z',
          completedAt: '2026-03-02T03:05:00.000Z',
          sizeBytes: 2_000,
          deletedAt: '2026-04-06T03:00:00.000Z',
        },
      ],
      [
        `${tableArn}-2`,
        {
          arn: pointArn('5'),
          tableArn: `${tableArn}-2`,
          createdAt: '2026-02-01T03:00:00.000Z',
          completedAt: null,
          sizeBytes: null,
          deletedAt: null,
        },
      ],
    ]);
  });

  it('are none where nothing can be restored', async () => {
    const { mock, points } = aws();
    mock.on(ListRecoveryPointsByBackupVaultCommand).resolves({
      RecoveryPoints: [
        point('1', '2026-03-01T03:00:00Z', { RecoveryPointArn: undefined }),
        point('2', '2026-03-01T03:00:00Z', { ResourceArn: undefined }),
        point('3', '2026-03-01T03:00:00Z', { CreationDate: undefined }),
        ...(['CREATING', 'DELETING', 'PARTIAL', 'STOPPED', 'EXPIRED', undefined] as const).map((Status) =>
          point('4', '2026-03-01T03:00:00Z', { Status }),
        ),
      ],
    });
    expect((await points.byTable()).size).toBe(0);
    mock.on(ListRecoveryPointsByBackupVaultCommand).resolves({});
    expect((await points.byTable()).size).toBe(0);
  });

  it('are not taken for none when there is no such vault', async () => {
    const { mock, points } = aws();
    mock
      .on(ListRecoveryPointsByBackupVaultCommand)
      .rejects(new ResourceNotFoundException({ message: 'no vault', $metadata: {} }));
    await expect(points.byTable()).rejects.toThrow('no vault');
  });
});

describe('the window of point-in-time recovery', () => {
  const client = new DynamoDBClient({ region, maxAttempts: 1 });
  const mock = mockClient(client);

  it('is what DynamoDB says', async () => {
    mock.on(DescribeContinuousBackupsCommand, { TableName: 'desk-operations' }).resolves({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: 35,
          EarliestRestorableDateTime: new Date('2026-02-01T00:00:00Z'),
          LatestRestorableDateTime: new Date('2026-03-02T08:55:00Z'),
        },
      },
    });
    expect(await pointInTimeWindow(client, 'desk-operations')).toEqual({
      enabled: true,
      earliestAt: '2026-02-01T00:00:00.000Z',
      latestAt: '2026-03-02T08:55:00.000Z',
      days: 35,
    });
  });

  it('is nothing where it is off or not described, and an error where there is no table', async () => {
    const none = { enabled: false, earliestAt: null, latestAt: null, days: null };
    mock.reset();
    mock.on(DescribeContinuousBackupsCommand).resolves({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    });
    expect(await pointInTimeWindow(client, 'desk-operations')).toEqual(none);
    mock.on(DescribeContinuousBackupsCommand).resolves({});
    expect(await pointInTimeWindow(client, 'desk-operations')).toEqual(none);
    mock
      .on(DescribeContinuousBackupsCommand)
      .rejects(new TableNotFoundException({ message: 'no table', $metadata: {} }));
    await expect(pointInTimeWindow(client, 'desk-operations')).rejects.toThrow('no table');
  });
});

describe('the settings of the region', () => {
  it('are on only when AWS Backup says so', async () => {
    const { client, mock } = aws();
    const cases: readonly (readonly [DescribeRegionSettingsOutput, object])[] = [
      [
        {
          ResourceTypeOptInPreference: { DynamoDB: true, EFS: false },
          ResourceTypeManagementPreference: { DynamoDB: true },
        },
        { optedIn: true, advanced: true },
      ],
      [
        {
          ResourceTypeOptInPreference: { DynamoDB: true },
          ResourceTypeManagementPreference: { DynamoDB: false, EFS: true },
        },
        { optedIn: true, advanced: false },
      ],
      [{ ResourceTypeOptInPreference: { DynamoDB: false } }, { optedIn: false, advanced: false }],
      [{}, { optedIn: false, advanced: false }],
    ];
    for (const [answer, settings] of cases) {
      mock.on(DescribeRegionSettingsCommand).resolves(answer);
      expect(await tableBackupSettings(client)).toEqual(settings);
    }
    mock.on(DescribeRegionSettingsCommand).rejects(unavailable());
    await expect(tableBackupSettings(client)).rejects.toThrow('later');
  });
});
