import {
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  DescribeRegionSettingsCommand,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRecoveryPointsByResourceCommand,
  ListRestoreJobsCommand,
  PutRestoreValidationResultCommand,
  StartBackupJobCommand,
  type StartBackupJobCommandInput,
  StartRestoreJobCommand,
  StopBackupJobCommand,
  UpdateRegionSettingsCommand,
} from '@aws-sdk/client-backup';
import { DescribeTableCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { arns } from '../services/small-cloud.ts';
import {
  type BackupCloud,
  backupRole,
  contentOf,
  errorOf,
  eventsQueue,
  pass,
  put,
  putMany,
  restoreRole,
  startBackupCloud,
  vault,
} from './backup-cloud.ts';

let cloud: BackupCloud;
beforeAll(async () => {
  cloud = await startBackupCloud();
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.services.reset());

const start = (more: Partial<StartBackupJobCommandInput> = {}, client = cloud.backup) =>
  client.send(
    new StartBackupJobCommand({
      BackupVaultName: vault,
      ResourceArn: arns.operations,
      IamRoleArn: backupRole,
      ...more,
    }),
  );
const job = (BackupJobId: string | undefined) => cloud.backup.send(new DescribeBackupJobCommand({ BackupJobId }));
const restore = (RecoveryPointArn: string | undefined, targetTableName: string, more: object = {}) =>
  cloud.backup.send(
    new StartRestoreJobCommand({ RecoveryPointArn, Metadata: { targetTableName }, IamRoleArn: restoreRole, ...more }),
  );
const restoreJob = (RestoreJobId: string | undefined) =>
  cloud.backup.send(new DescribeRestoreJobCommand({ RestoreJobId }));
const point = (RecoveryPointArn: string | undefined) =>
  cloud.backup.send(new DescribeRecoveryPointCommand({ BackupVaultName: vault, RecoveryPointArn }));
const table = async (TableName: string) => (await cloud.open.db.send(new DescribeTableCommand({ TableName }))).Table;
const completed = async (more: Partial<StartBackupJobCommandInput> = {}) => {
  const { RecoveryPointArn } = await start(more);
  await pass(cloud, 5);
  return RecoveryPointArn ?? '';
};
const events = () =>
  cloud.services.queues.receive(eventsQueue, 10).map((message) => {
    cloud.services.queues.delete(eventsQueue, message.receiptHandle);
    return JSON.parse(message.body);
  });

describe('a backup job', () => {
  it('runs for its time, then has a recovery point that is of the instant it started at', async () => {
    await putMany(cloud, 100);
    const startedAt = new Date(cloud.clock.now());
    const { BackupJobId, RecoveryPointArn, CreationDate } = await start({ Lifecycle: { DeleteAfterDays: 35 } });
    expect(CreationDate).toEqual(startedAt);
    await cloud.clock.advance(2);
    expect(await job(BackupJobId)).toMatchObject({
      State: 'RUNNING',
      PercentDone: '40.0',
      ResourceType: 'DynamoDB',
      BackupVaultName: vault,
    });
    expect((await point(RecoveryPointArn)).Status).toBe('CREATING');
    await pass(cloud, 3);
    expect(await job(BackupJobId)).toMatchObject({
      State: 'COMPLETED',
      RecoveryPointArn,
      CompletionDate: new Date(startedAt.getTime() + 5000),
      PercentDone: '100.0',
    });
    expect(await point(RecoveryPointArn)).toMatchObject({
      Status: 'COMPLETED',
      CreationDate: startedAt,
      CompletionDate: new Date(startedAt.getTime() + 5000),
      CalculatedLifecycle: { DeleteAt: new Date(startedAt.getTime() + 35 * 86_400_000) },
    });
  });

  it('is started once by one token, whoever asks again', async () => {
    const [one, other] = await Promise.all([start({ IdempotencyToken: 'a' }), start({ IdempotencyToken: 'a' })]);
    expect(one.BackupJobId).toBe(other.BackupJobId);
    await pass(cloud, 60);
    expect((await start({ IdempotencyToken: 'a' })).BackupJobId).toBe(one.BackupJobId);
    expect((await start({ IdempotencyToken: 'b' })).BackupJobId).not.toBe(one.BackupJobId);
    const list = await cloud.backup.send(new ListRecoveryPointsByResourceCommand({ ResourceArn: arns.operations }));
    expect(list.RecoveryPoints?.map(({ Status }) => Status)).toEqual(['CREATING', 'COMPLETED']);
  });

  it('has every write that was answered before it, and none that began after it, however many come meanwhile', async () => {
    let stopped = false;
    const answered: string[] = [];
    const begun: string[] = [];
    const writer = async (name: string) => {
      for (let count = 0; !stopped; count += 1) {
        const id = `${name}-${count}`;
        begun.push(id);
        await put(cloud, id);
        answered.push(id);
      }
    };
    const writers = ['a', 'b', 'c', 'd'].map(writer);
    while (answered.length < 60) await new Promise((resolve) => setTimeout(resolve, 2));
    const before = [...answered];
    const { RecoveryPointArn } = await start();
    const beforeTheEnd = new Set(begun);
    const mark = answered.length;
    while (answered.length < mark + 60) await new Promise((resolve) => setTimeout(resolve, 2));
    stopped = true;
    await Promise.all(writers);
    await pass(cloud, 5);
    await restore(RecoveryPointArn, 'scratch-1');
    await pass(cloud, 10);
    const copied = Object.keys(await contentOf(cloud, 'scratch-1')).map((key) => key.split(' ')[0]);
    expect(before.filter((id) => !copied.includes(id))).toEqual([]);
    expect(copied.filter((id) => !beforeTheEnd.has(id ?? ''))).toEqual([]);
    expect(answered.length).toBeGreaterThan(copied.length);
  });

  it('copies ten thousand items within a second, and the restore has them all', async () => {
    await putMany(cloud, 10_000);
    const began = performance.now();
    const { RecoveryPointArn } = await start();
    expect(performance.now() - began).toBeLessThan(1000);
    await pass(cloud, 5);
    await restore(RecoveryPointArn, 'scratch-1');
    await pass(cloud, 10);
    expect(await contentOf(cloud, 'scratch-1')).toEqual(await contentOf(cloud, 'operations'));
  }, 60_000);

  it('is listed by table, state and time, page by page, the newest first', async () => {
    const ids: (string | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.unshift((await start()).BackupJobId);
      await pass(cloud, 60);
    }
    const running = (await start({ ResourceArn: arns.idempotency })).BackupJobId;
    const list = async (query: object) => {
      const found: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const answer = await cloud.backup.send(new ListBackupJobsCommand({ MaxResults: 2, NextToken, ...query }));
        expect(answer.BackupJobs?.length).toBeLessThanOrEqual(2);
        found.push(...(answer.BackupJobs ?? []).map(({ BackupJobId }) => BackupJobId));
        NextToken = answer.NextToken;
      } while (NextToken !== undefined);
      return found;
    };
    expect(await list({})).toEqual([running, ...ids]);
    expect(await list({ ByResourceArn: arns.operations })).toEqual(ids);
    expect(await list({ ByState: 'RUNNING' })).toEqual([running]);
    const created = (await job(ids[1])).CreationDate;
    expect(await list({ ByCreatedAfter: created })).toEqual([running, ids[0]]);
    expect(await list({ ByCreatedBefore: created, ByState: 'COMPLETED' })).toEqual([ids[2]]);
  });

  it.each(['failed', 'aborted', 'expired'] as const)('ends %s when it is told to, and leaves nothing', async (end) => {
    cloud.services.backups.settings.change({ nextBackup: end });
    const { BackupJobId, RecoveryPointArn } = await start();
    await pass(cloud, 5);
    expect(await job(BackupJobId)).toMatchObject({ State: end.toUpperCase(), StatusMessage: expect.any(String) });
    expect(await errorOf(point(RecoveryPointArn))).toBe('ResourceNotFoundException');
    await pass(cloud, 10);
    expect(events()).toMatchObject([{ detail: { backupJobId: BackupJobId, state: end.toUpperCase() } }]);
    const next = await start();
    await pass(cloud, 5);
    expect((await job(next.BackupJobId)).State).toBe('COMPLETED');
  });

  it('is stopped by hand', async () => {
    const { BackupJobId, RecoveryPointArn } = await start();
    await cloud.backup.send(new StopBackupJobCommand({ BackupJobId }));
    expect((await job(BackupJobId)).State).toBe('ABORTED');
    expect(await errorOf(point(RecoveryPointArn))).toBe('ResourceNotFoundException');
    expect(await errorOf(cloud.backup.send(new StopBackupJobCommand({ BackupJobId })))).toBe('InvalidRequestException');
  });

  it('is refused for what is not there, and for roles that nobody knows', async () => {
    expect(await errorOf(start({ BackupVaultName: 'nowhere' }))).toBe('ResourceNotFoundException');
    expect(await errorOf(start({ ResourceArn: `${arns.operations}x` }))).toBe('ResourceNotFoundException');
    expect(await errorOf(start({ ResourceArn: 'arn:aws:rds:eu-central-1:123456789012:db:x' }))).toBe(
      'InvalidParameterValueException',
    );
    expect(await errorOf(start({ IamRoleArn: `${backupRole}x` }))).toBe('InvalidParameterValueException');
    expect(await errorOf(job('nobody'))).toBe('ResourceNotFoundException');
  });
});

describe('a recovery point', () => {
  it('expires with its lifecycle, cannot be restored then, and is gone later', async () => {
    const arn = await completed({ Lifecycle: { DeleteAfterDays: 1 } });
    await pass(cloud, 86_400 - 6);
    expect((await point(arn)).Status).toBe('COMPLETED');
    await pass(cloud, 1);
    expect((await point(arn)).Status).toBe('EXPIRED');
    expect(await errorOf(restore(arn, 'scratch-1'))).toBe('InvalidRequestException');
    await pass(cloud, 3600);
    expect(await errorOf(point(arn))).toBe('ResourceNotFoundException');
    expect(await errorOf(restore(arn, 'scratch-1'))).toBe('ResourceNotFoundException');
  });

  it('is deleted by hand, and is listed by vault', async () => {
    const arn = await completed();
    const list = () => cloud.backup.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: vault }));
    expect((await list()).RecoveryPoints).toMatchObject([{ RecoveryPointArn: arn, ResourceArn: arns.operations }]);
    await cloud.backup.send(new DeleteRecoveryPointCommand({ BackupVaultName: vault, RecoveryPointArn: arn }));
    expect((await list()).RecoveryPoints?.[0]?.Status).toBe('DELETING');
    await pass(cloud, 1);
    expect((await list()).RecoveryPoints).toEqual([]);
  });

  it("is DynamoDB's own while AWS Backup does not manage them", async () => {
    const read = () => cloud.backup.send(new DescribeRegionSettingsCommand({}));
    expect((await read()).ResourceTypeManagementPreference).toMatchObject({ DynamoDB: true });
    expect(await completed()).toMatch(/^arn:aws:backup:eu-central-1:123456789012:recovery-point:/);
    await cloud.backup.send(new UpdateRegionSettingsCommand({ ResourceTypeManagementPreference: { DynamoDB: false } }));
    const arn = await completed();
    expect(arn).toMatch(/^arn:aws:dynamodb:eu-central-1:123456789012:table\/operations\/backup\//);
    const metadata = await cloud.backup.send(
      new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: vault, RecoveryPointArn: arn }),
    );
    expect(metadata.RestoreMetadata).toEqual({ targetTableName: 'operations', encryptionType: 'Default' });
  });
});

describe('a restore job', () => {
  it('makes a table with keys and indexes of the source, and nothing else of it', async () => {
    await put(cloud, 'a', 'T', { queue: { S: 'q' }, subject: { S: 'first' } });
    const arn = await completed();
    const { RestoreJobId } = await restore(arn, 'scratch-1', {
      Metadata: { targetTableName: 'scratch-1', encryptionType: 'KMS', kmsMasterKeyArn: 'arn:aws:kms:key/data' },
    });
    expect(await restoreJob(RestoreJobId)).toMatchObject({ Status: 'RUNNING', PercentDone: '0.00%' });
    expect(await table('scratch-1')).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { SourceBackupArn: arn, SourceTableArn: arns.operations, RestoreInProgress: true },
      GlobalSecondaryIndexes: [{ IndexName: 'queue', IndexStatus: 'CREATING' }],
    });
    const get = new GetItemCommand({ TableName: 'scratch-1', Key: { PK: { S: 'a' }, SK: { S: 'T' } } });
    expect(await errorOf(cloud.open.db.send(get))).toBe('ResourceNotFoundException');
    await pass(cloud, 10);
    const made = await table('scratch-1');
    const source = await table('operations');
    expect(made).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: arns.operations.replace('operations', 'scratch-1'),
      KeySchema: source?.KeySchema,
      ItemCount: 1,
      DeletionProtectionEnabled: false,
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:key/data' },
      RestoreSummary: { RestoreInProgress: false },
      GlobalSecondaryIndexes: [{ IndexName: 'queue', IndexStatus: 'ACTIVE' }],
    });
    expect(made?.StreamSpecification).toBeUndefined();
    expect(source).toMatchObject({ DeletionProtectionEnabled: true, StreamSpecification: { StreamEnabled: true } });
    expect(await restoreJob(RestoreJobId)).toMatchObject({
      Status: 'COMPLETED',
      CreatedResourceArn: made?.TableArn,
      RecoveryPointArn: arn,
      SourceResourceArn: arns.operations,
      PercentDone: '100.00%',
    });
    const query = new QueryCommand({
      TableName: 'scratch-1',
      IndexName: 'queue',
      KeyConditionExpression: 'queue = :q',
      ExpressionAttributeValues: { ':q': { S: 'q' } },
    });
    expect((await cloud.open.db.send(query)).Items).toMatchObject([{ subject: { S: 'first' } }]);
  });

  it('is started once by one token', async () => {
    const arn = await completed();
    const [one, other] = await Promise.all([
      restore(arn, 'scratch-1', { IdempotencyToken: 't' }),
      restore(arn, 'scratch-1', { IdempotencyToken: 't' }),
    ]);
    expect(one.RestoreJobId).toBe(other.RestoreJobId);
    await pass(cloud, 10);
    expect((await restoreJob(one.RestoreJobId)).Status).toBe('COMPLETED');
    expect((await restore(arn, 'scratch-1', { IdempotencyToken: 't' })).RestoreJobId).toBe(one.RestoreJobId);
    const { RestoreJobs } = await cloud.backup.send(new ListRestoreJobsCommand({ ByStatus: 'COMPLETED' }));
    expect(RestoreJobs).toHaveLength(1);
  });

  it('fails for a name that is taken, and leaves that table alone', async () => {
    const arn = await completed();
    await put(cloud, 'later');
    const { RestoreJobId } = await restore(arn, 'operations');
    expect(await restoreJob(RestoreJobId)).toMatchObject({
      Status: 'FAILED',
      StatusMessage: 'Table already exists: operations',
    });
    expect(Object.keys(await contentOf(cloud, 'operations'))).toEqual(['later T']);
  });

  it('ends failed when it is told to, and leaves no table', async () => {
    const arn = await completed();
    cloud.services.backups.settings.change({ nextRestore: 'failed' });
    const { RestoreJobId } = await restore(arn, 'scratch-1');
    await pass(cloud, 10);
    expect((await restoreJob(RestoreJobId)).Status).toBe('FAILED');
    expect(await errorOf(table('scratch-1'))).toBe('ResourceNotFoundException');
  });

  it('takes one final word about its validation', async () => {
    const { RestoreJobId } = await restore(await completed(), 'scratch-1');
    const say = (ValidationStatus: 'VALIDATING' | 'SUCCESSFUL' | 'FAILED', message?: string) =>
      cloud.backup.send(
        new PutRestoreValidationResultCommand({
          RestoreJobId,
          ValidationStatus,
          ...(message === undefined ? {} : { ValidationStatusMessage: message }),
        }),
      );
    expect(await errorOf(say('SUCCESSFUL'))).toBe('InvalidRequestException');
    await pass(cloud, 10);
    await say('VALIDATING');
    await say('FAILED', '3 items missing');
    expect(await restoreJob(RestoreJobId)).toMatchObject({
      ValidationStatus: 'FAILED',
      ValidationStatusMessage: '3 items missing',
    });
    expect(await errorOf(say('SUCCESSFUL'))).toBe('InvalidRequestException');
  });

  it.each([
    [{}, 'MissingParameterValueException'],
    [{ targetTableName: 'x' }, 'InvalidParameterValueException'],
    [{ targetTableName: 'scratch-1', encryptionType: 'KMS' }, 'InvalidParameterValueException'],
    [{ targetTableName: 'scratch-1', colour: 'red' }, 'InvalidParameterValueException'],
  ])('refuses the metadata %j', async (Metadata, expected) => {
    expect(await errorOf(restore(await completed(), '', { Metadata }))).toBe(expected);
  });

  it.each([
    [{ how: 'drop' as const, partition: 'T2', sort: 'EV#' }, ['T1 EV#1', 'T1 EV#2', 'T2 EV#1', 'T2 T']],
    [
      { how: 'add' as const, partition: 'T2', sort: 'T' },
      ['T1 EV#1', 'T1 EV#2', 'T2 EV#1', 'T2 EV#2', 'T2 T', 'T2-FOREIGN T'],
    ],
    [{ how: 'drop' as const, partition: 'T1', which: 'all' as const }, ['T2 EV#1', 'T2 EV#2', 'T2 T']],
  ])('comes with %j wrong when it is told to, once', async (corrupt, expected) => {
    for (const [id, sk] of [
      ['T1', 'EV#1'],
      ['T1', 'EV#2'],
      ['T2', 'EV#1'],
      ['T2', 'EV#2'],
      ['T2', 'T'],
    ] as const)
      await put(cloud, id, sk, { text: { S: 'as it was' } });
    const arn = await completed();
    cloud.services.backups.settings.change({ corrupt: { sort: '', which: 'last', ...corrupt } });
    await restore(arn, 'scratch-1');
    await restore(arn, 'scratch-2');
    await pass(cloud, 10);
    expect(Object.keys(await contentOf(cloud, 'scratch-1')).toSorted()).toEqual(expected);
    expect(await contentOf(cloud, 'scratch-2')).toEqual(await contentOf(cloud, 'operations'));
  });

  it('flips one bit of one attribute', async () => {
    await put(cloud, 'T1', 'T', { text: { S: 'as it was' } });
    const arn = await completed();
    cloud.services.backups.settings.change({
      corrupt: { how: 'flip-byte', partition: '', sort: '', which: 'last' },
    });
    await restore(arn, 'scratch-1');
    await pass(cloud, 10);
    expect(await contentOf(cloud, 'scratch-1')).toMatchObject({ 'T1 T': { text: { S: 'as it war' } } });
  });
});

describe('events', () => {
  it('reach the queue of the rule late: of backups with a state, of restores with a status', async () => {
    const { BackupJobId } = await start();
    await pass(cloud, 5);
    await cloud.clock.advance(9);
    expect(events()).toEqual([]);
    await cloud.clock.advance(1);
    const [backup] = events();
    expect(backup).toMatchObject({
      source: 'aws.backup',
      'detail-type': 'Backup Job State Change',
      account: '123456789012',
      detail: { backupJobId: BackupJobId, state: 'COMPLETED', resourceArn: arns.operations },
    });
    const { RestoreJobId } = await restore(backup.resources[0], 'scratch-1');
    await pass(cloud, 20);
    expect(events()).toMatchObject([
      { 'detail-type': 'Restore Job State Change', detail: { restoreJobId: RestoreJobId, status: 'COMPLETED' } },
    ]);
  });

  it('are lost or come twice by faults', async () => {
    const fault = (kind: 'drop' | 'duplicate') =>
      cloud.faults.add({ target: 'events', fault: kind, count: 1, probability: 1 });
    fault('drop');
    await completed();
    await pass(cloud, 60);
    expect(events()).toEqual([]);
    fault('duplicate');
    await completed();
    await pass(cloud, 60);
    expect(events()).toHaveLength(2);
  });
});

describe('faults', () => {
  const fault = (kind: 'throttle' | 'conflict' | 'drop' | 'crash-before' | 'crash-after') =>
    cloud.faults.add({ target: 'backup', fault: kind, count: 1, probability: 1 });
  const count = async () => (await cloud.backup.send(new ListBackupJobsCommand({}))).BackupJobs?.length;

  it('throttles, and refuses more jobs at once', async () => {
    fault('throttle');
    expect(await errorOf(start())).toBe('ThrottlingException');
    fault('conflict');
    // A question does not use it up.
    expect(await count()).toBe(0);
    expect(await errorOf(start())).toBe('LimitExceededException');
    expect(await count()).toBe(0);
  });

  it('kills the caller before the job is started, or after it', async () => {
    cloud.killed.length = 0;
    fault('crash-before');
    expect(await errorOf(start({ IdempotencyToken: 'k' }))).not.toBe('none');
    expect(await count()).toBe(0);
    fault('crash-after');
    expect(await errorOf(start({ IdempotencyToken: 'k' }))).not.toBe('none');
    expect(await count()).toBe(1);
    await start({ IdempotencyToken: 'k' });
    expect(await count()).toBe(1);
    expect(cloud.killed).toHaveLength(2);
  });

  it('lets a backup run to the end of its window, and a restore for ever', async () => {
    const arn = await completed();
    fault('drop');
    const { BackupJobId } = await start({ CompleteWindowMinutes: 120 });
    await pass(cloud, 7199);
    expect((await job(BackupJobId)).State).toBe('RUNNING');
    await pass(cloud, 1);
    expect((await job(BackupJobId)).State).toBe('ABORTED');
    fault('drop');
    const { RestoreJobId } = await restore(arn, 'scratch-1');
    await pass(cloud, 86_400);
    expect((await restoreJob(RestoreJobId)).Status).toBe('RUNNING');
    expect((await table('scratch-1'))?.TableStatus).toBe('CREATING');
  });
});

describe('permissions', () => {
  it('are asked for each call, and for the role that is passed', async () => {
    const { readerBackup } = cloud;
    const arn = await completed();
    const restoring = new StartRestoreJobCommand({
      RecoveryPointArn: arn,
      Metadata: { targetTableName: 'scratch-1' },
      IamRoleArn: restoreRole,
    });
    await expect(readerBackup.send(restoring)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`backup:StartRestoreJob on resource: ${arn}`),
    });
    await start({}, readerBackup);
    await expect(start({ IamRoleArn: restoreRole }, readerBackup)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`iam:PassRole on resource: ${restoreRole}`),
    });
    expect(await errorOf(readerBackup.send(new ListBackupJobsCommand({})))).toBe('AccessDeniedException');
  });
});
