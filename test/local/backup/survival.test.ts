import {
  DescribeRestoreJobCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByResourceCommand,
  StartBackupJobCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arns } from '../services/small-cloud.ts';
import { backupRole, contentOf, pass, put, putMany, restoreRole, startBackupCloud, vault } from './backup-cloud.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'desk-test-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const starting = new StartBackupJobCommand({
  BackupVaultName: vault,
  ResourceArn: arns.operations,
  IamRoleArn: backupRole,
  IdempotencyToken: 'once',
});
const restoring = (RecoveryPointArn: string | undefined, targetTableName: string) =>
  new StartRestoreJobCommand({ RecoveryPointArn, Metadata: { targetTableName }, IamRoleArn: restoreRole });

it.each([[null], [{ seed: 1 }]])('goes on after a restart where it was (strict: %j)', async (strict) => {
  const first = await startBackupCloud({ dataDir, strict });
  await putMany(first, 500);
  const { BackupJobId, RecoveryPointArn } = await first.backup.send(starting);
  await pass(first, 5);
  await put(first, 'later');
  const { RestoreJobId } = await first.backup.send(restoring(RecoveryPointArn, 'scratch-1'));
  await first.backup.send(restoring(RecoveryPointArn, 'scratch-2'));
  await pass(first, 10);
  await first.open.db.send(new DeleteTableCommand({ TableName: 'scratch-2' }));
  const third = await first.backup.send(restoring(RecoveryPointArn, 'scratch-3'));
  await first.open.db.send(
    new CreateTableCommand({
      TableName: 'billing',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'invoice', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'invoice', KeyType: 'HASH' }],
    }),
  );
  await first.stop();

  const second = await startBackupCloud({ dataDir, strict });
  try {
    const { Table: billing } = await second.open.db.send(new DescribeTableCommand({ TableName: 'billing' }));
    expect(billing?.TableStatus).toBe('ACTIVE');
    expect((await second.backup.send(starting)).BackupJobId).toBe(BackupJobId);
    expect((await second.backup.send(new ListBackupJobsCommand({}))).BackupJobs).toHaveLength(1);
    const list = await second.backup.send(new ListRecoveryPointsByResourceCommand({ ResourceArn: arns.operations }));
    expect(list.RecoveryPoints).toMatchObject([{ RecoveryPointArn, Status: 'COMPLETED' }]);
    const { Status } = await second.backup.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    expect(Status).toBe('COMPLETED');
    const describing = new DescribeTableCommand({ TableName: 'scratch-3' });
    expect((await second.open.db.send(describing)).Table?.TableStatus).toBe('CREATING');
    await pass(second, 60);
    expect((await second.open.db.send(describing)).Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 500 });
    const finished = await second.backup.send(new DescribeRestoreJobCommand({ RestoreJobId: third.RestoreJobId }));
    expect(finished.Status).toBe('COMPLETED');
    const { 'later T': _, ...before } = await contentOf(second, 'operations');
    expect(await contentOf(second, 'scratch-3')).toEqual(before);
    expect((await second.open.db.send(new ListTablesCommand({}))).TableNames).toEqual([
      'billing',
      'idempotency',
      'operations',
      'scratch-1',
      'scratch-3',
    ]);
  } finally {
    await second.stop();
  }
});

it('forgets everything with a reset, tables and jobs that are on their way too', async () => {
  const cloud = await startBackupCloud({ dataDir });
  try {
    await putMany(cloud, 2000);
    const { RecoveryPointArn } = await cloud.backup.send(starting);
    await pass(cloud, 5);
    await cloud.backup.send(restoring(RecoveryPointArn, 'scratch-1'));
    await cloud.backup.send(restoring(RecoveryPointArn, 'scratch-2'));
    cloud.services.backups.settings.change({ nextBackup: 'failed', backupSeconds: 60 });
    await cloud.services.reset();
    await pass(cloud, 60);
    expect((await cloud.open.db.send(new ListTablesCommand({}))).TableNames).toEqual(['idempotency', 'operations']);
    expect((await cloud.backup.send(new ListBackupJobsCommand({}))).BackupJobs).toEqual([]);
    expect(cloud.services.backups.settings.read()).toMatchObject({ nextBackup: null, backupSeconds: 5 });
    await put(cloud, 'a');
    await cloud.backup.send(starting);
    await pass(cloud, 5);
    expect((await cloud.backup.send(new ListBackupJobsCommand({}))).BackupJobs).toMatchObject([{ State: 'COMPLETED' }]);
  } finally {
    await cloud.stop();
  }
});
