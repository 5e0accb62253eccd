import {
  type BackupJobState,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  ListRecoveryPointsByResourceCommand,
  type RecoveryPointByResource,
  StartBackupJobCommand,
} from '@aws-sdk/client-backup';
import { aws, recoveryPointArn, sent, sourceArn } from './fixture.ts';

describe('list-recovery-points', () => {
  const point = (id: string, at: string, more: RecoveryPointByResource = {}): RecoveryPointByResource => ({
    RecoveryPointArn: `${recoveryPointArn}-${id}`,
    CreationDate: new Date(at),
    Status: 'COMPLETED',
    BackupVaultName: 'desk',
    BackupSizeBytes: 2_000,
    ...more,
  });
  const list = { do: 'list-recovery-points', tableArn: sourceArn } as const;

  it('lists those of every page, the newest first', async () => {
    const desk = aws();
    desk.backup
      .on(ListRecoveryPointsByResourceCommand)
      .resolvesOnce({ RecoveryPoints: [point('1', '2026-03-01T03:00:00.087Z')], NextToken: 'page 2' })
      .resolvesOnce({ RecoveryPoints: [], NextToken: 'page 3' })
      .resolvesOnce({ RecoveryPoints: [point('2', '2026-03-02T03:00:00Z', { BackupSizeBytes: undefined })] });
    expect(await desk.perform(list)).toEqual({
      of: 'list-recovery-points',
      recoveryPoints: [
        { arn: `${recoveryPointArn}-2`, createdAt: '2026-03-02T03:00:00.000Z', sizeBytes: null },
        { arn: `${recoveryPointArn}-1`, createdAt: '2026-03-01T03:00:00.087Z', sizeBytes: 2_000 },
      ],
    });
    expect(sent(desk.backup)).toEqual([
      ['ListRecoveryPointsByResource', { ResourceArn: sourceArn }],
      ['ListRecoveryPointsByResource', { ResourceArn: sourceArn, NextToken: 'page 2' }],
      ['ListRecoveryPointsByResource', { ResourceArn: sourceArn, NextToken: 'page 3' }],
    ]);
  });

  it('leaves out what cannot be restored: of other vaults, expired, half, going, or without an instant', async () => {
    const desk = aws();
    const at = '2026-03-02T03:00:00Z';
    desk.backup.on(ListRecoveryPointsByResourceCommand).resolves({
      RecoveryPoints: [
        point('other', at, { BackupVaultName: 'other' }),
        point('own-of-dynamodb', at, { BackupVaultName: undefined }),
        ...(['EXPIRED', 'PARTIAL', 'DELETING', 'STOPPED', 'CREATING', undefined] as const).map((Status, index) =>
          point(`state-${index}`, at, { Status }),
        ),
        point('timeless', at, { CreationDate: undefined }),
        point('nameless', at, { RecoveryPointArn: undefined }),
        point('available', at, { Status: 'AVAILABLE' }),
      ],
    });
    expect(await desk.perform(list)).toEqual({
      of: 'list-recovery-points',
      recoveryPoints: [
        { arn: `${recoveryPointArn}-available`, createdAt: '2026-03-02T03:00:00.000Z', sizeBytes: 2_000 },
      ],
    });
  });

  it('has none when there is no list', async () => {
    const desk = aws();
    desk.backup.on(ListRecoveryPointsByResourceCommand).resolves({});
    expect(await desk.perform(list)).toEqual({ of: 'list-recovery-points', recoveryPoints: [] });
  });
});

describe('start-backup', () => {
  const start = { do: 'start-backup', tableArn: sourceArn, token: 'drl_01JX-backup' } as const;

  it('asks with the token, kept for a week, and given up after an hour; the same again when repeated', async () => {
    const desk = aws();
    desk.backup.on(StartBackupJobCommand).resolves({ BackupJobId: 'job-1', CreationDate: new Date() });
    expect(await desk.perform(start)).toEqual({ of: 'start-backup', jobId: 'job-1' });
    expect(await desk.perform(start)).toEqual({ of: 'start-backup', jobId: 'job-1' });
    const request = {
      BackupVaultName: 'desk',
      ResourceArn: sourceArn,
      IamRoleArn: 'arn:aws:iam::111122223333:role/backup',
      IdempotencyToken: 'drl_01JX-backup',
      StartWindowMinutes: 60,
      Lifecycle: { DeleteAfterDays: 7 },
      RecoveryPointTags: { 'drill-backup': 'drl_01JX-backup' },
    };
    expect(sent(desk.backup)).toEqual([
      ['StartBackupJob', request],
      ['StartBackupJob', request],
    ]);
  });

  it('does not take an answer without a job for a job', async () => {
    const desk = aws();
    desk.backup.on(StartBackupJobCommand).resolves({});
    await expect(desk.perform(start)).rejects.toThrow(/StartBackupJob.*BackupJobId/);
  });
});

describe('look-at-backup', () => {
  const look = { do: 'look-at-backup', jobId: 'job-1' } as const;
  const begun = { BackupJobId: 'job-1', CreationDate: new Date('2026-03-02T09:00:00.125Z') };

  const completed = {
    ...begun,
    State: 'COMPLETED' as const,
    CompletionDate: new Date('2026-03-02T09:14:10.087Z'),
    RecoveryPointArn: recoveryPointArn,
  };
  const job = {
    state: 'completed',
    startedAt: '2026-03-02T09:00:00.125Z',
    completedAt: '2026-03-02T09:14:10.087Z',
    message: null,
  };

  it('tells a completed job with its recovery point, each with its own exact instants', async () => {
    const desk = aws();
    desk.backup.on(DescribeBackupJobCommand).resolves(completed);
    desk.backup.on(DescribeRecoveryPointCommand).resolves({
      Status: 'COMPLETED',
      CreationDate: new Date('2026-03-02T09:10:00.500Z'),
      BackupSizeInBytes: 2_000,
    });
    expect(await desk.perform(look)).toEqual({
      of: 'look-at-backup',
      job,
      recoveryPoint: { arn: recoveryPointArn, createdAt: '2026-03-02T09:10:00.500Z', sizeBytes: 2_000 },
    });
    expect(sent(desk.backup)).toEqual([
      ['DescribeBackupJob', { BackupJobId: 'job-1' }],
      ['DescribeRecoveryPoint', { BackupVaultName: 'desk', RecoveryPointArn: recoveryPointArn }],
    ]);
  });

  it('has no recovery point of a completed job when that cannot be restored', async () => {
    const desk = aws();
    desk.backup.on(DescribeBackupJobCommand).resolves(completed);
    for (const Status of ['EXPIRED', 'DELETING', 'CREATING', undefined] as const) {
      desk.backup.on(DescribeRecoveryPointCommand).resolves({ Status, CreationDate: new Date() });
      expect(await desk.perform(look)).toEqual({ of: 'look-at-backup', job, recoveryPoint: null });
    }
  });

  it('does not take a recovery point without an instant', async () => {
    const desk = aws();
    desk.backup.on(DescribeBackupJobCommand).resolves(completed);
    desk.backup.on(DescribeRecoveryPointCommand).resolves({ Status: 'COMPLETED' });
    await expect(desk.perform(look)).rejects.toThrow(/DescribeRecoveryPoint.*CreationDate/);
  });

  it.each([
    ['CREATED', 'running'],
    ['PENDING', 'running'],
    ['RUNNING', 'running'],
    ['ABORTING', 'running'],
    ['ABORTED', 'aborted'],
    ['EXPIRED', 'expired'],
    ['FAILED', 'failed'],
    ['PARTIAL', 'failed'],
  ] satisfies [BackupJobState, string][])('knows %s as %s, and has no recovery point of it', async (State, state) => {
    const desk = aws();
    // AWS Backup names the recovery point of a fully managed job from its beginning.
    desk.backup.on(DescribeBackupJobCommand).resolves({ ...begun, State, RecoveryPointArn: recoveryPointArn });
    expect(await desk.perform(look)).toEqual({
      of: 'look-at-backup',
      job: { state, startedAt: '2026-03-02T09:00:00.125Z', completedAt: null, message: null },
      recoveryPoint: null,
    });
  });

  it.each([
    'User: arn:aws:sts::111122223333:assumed-role/backup/x is not authorized to perform: dynamodb:StartAwsBackupJob',
    'KMS key arn:aws:kms:eu-central-1:111122223333:key/1 is disabled.',
    'The limit of concurrent backups was exceeded. Please try again.',
  ])('tells a job that failed with “%s” as failed with it', async (StatusMessage) => {
    const desk = aws();
    desk.backup.on(DescribeBackupJobCommand).resolves({ ...begun, State: 'FAILED', StatusMessage });
    expect(await desk.perform(look)).toMatchObject({
      job: { state: 'failed', message: StatusMessage },
      recoveryPoint: null,
    });
  });

  it('does not guess at a job without a state, with a new one, or completed without what it made', async () => {
    const desk = aws();
    for (const answer of [
      begun,
      { ...begun, State: 'RESTING' as BackupJobState },
      { ...begun, State: 'COMPLETED' as const },
    ]) {
      desk.backup.on(DescribeBackupJobCommand).resolves(answer);
      await expect(desk.perform(look)).rejects.toThrow(/The answer of DescribeBackupJob says nothing/);
    }
  });
});
