import { BackupClient } from '@aws-sdk/client-backup';
import { BatchWriteItemCommand, paginateScan, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { CloudModel, PolicyStatement } from '../../../local/model.ts';
import type { WorkerCredentials } from '../../../local/services/services.ts';
import { arns, type SmallCloud, smallCloud, startSmallCloud } from '../services/small-cloud.ts';

const account = '123456789012';
export const vault = 'vault';
export const vaultArn = `arn:aws:backup:eu-central-1:${account}:backup-vault:${vault}`;
export const backupRole = `arn:aws:iam::${account}:role/backup-role`;
export const restoreRole = `arn:aws:iam::${account}:role/restore-role`;
export const eventsQueue = arns.dead;

const statement = (
  actions: string[],
  resources: string[],
  conditions: PolicyStatement['conditions'] = {},
): PolicyStatement => ({ effect: 'Allow', actions, resources, conditions });

/** The small cloud with a vault, roles for AWS Backup, and a rule that brings its events to a queue. */
export const backupCloud: CloudModel = {
  ...smallCloud,
  roles: [
    ...smallCloud.roles.map((role) =>
      role.id === 'role/open'
        ? { ...role, statements: [...role.statements, statement(['backup:*', 'iam:PassRole'], ['*'])] }
        : {
            ...role,
            statements: [
              ...role.statements,
              statement(['backup:StartBackupJob'], [vaultArn]),
              statement(['iam:PassRole'], [backupRole], {
                StringEquals: { 'iam:PassedToService': ['backup.amazonaws.com'] },
              }),
              statement(
                ['dynamodb:DescribeTable', 'dynamodb:DeleteTable'],
                [`arn:aws:dynamodb:eu-central-1:${account}:table/scratch-*`],
              ),
            ],
          },
    ),
    { id: 'role/backup', arn: backupRole, statements: [] },
    { id: 'role/restore', arn: restoreRole, statements: [] },
  ],
  tables: smallCloud.tables.map((table) =>
    table.name === 'operations'
      ? {
          ...table,
          protection: {
            pointInTimeRecovery: true,
            deletionProtection: true,
            tags: { backup: 'daily' },
            kmsKeyArn: `arn:aws:kms:eu-central-1:${account}:key/data`,
          },
        }
      : table,
  ),
  backup: { vaults: [{ name: vault, arn: vaultArn, kmsKeyArn: null }], rules: [] },
  eventRules: [
    {
      id: 'stack/rule',
      name: 'rule',
      enabled: true,
      pattern: {
        source: ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Restore Job State Change'],
        $or: [
          { detail: { state: ['COMPLETED', 'FAILED', 'ABORTED', 'EXPIRED'] } },
          { detail: { status: ['COMPLETED', 'FAILED', 'ABORTED'] } },
        ],
      },
      targets: [{ queueArn: eventsQueue, input: null }],
    },
  ],
};

export const startBackupCloud = async (options: Parameters<typeof startSmallCloud>[0] = {}) => {
  const cloud = await startSmallCloud({ model: backupCloud, ...options });
  const clients: BackupClient[] = [];
  const backupClient = (credentials: WorkerCredentials): BackupClient => {
    const config = { endpoint: cloud.services.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
    const client = new BackupClient(config);
    clients.push(client);
    return client;
  };
  return {
    ...cloud,
    backup: backupClient(cloud.open.credentials),
    readerBackup: backupClient(cloud.reader.credentials),
    async stop() {
      for (const client of clients) client.destroy();
      await cloud.stop();
    },
  };
};
export type BackupCloud = Awaited<ReturnType<typeof startBackupCloud>>;

export const put = (cloud: SmallCloud, id: string, sk = 'T', more: object = {}, TableName = 'operations') =>
  cloud.open.db.send(new PutItemCommand({ TableName, Item: { PK: { S: id }, SK: { S: sk }, ...more } }));

/** Writes so many items of some content. */
export const putMany = async (cloud: SmallCloud, count: number): Promise<void> => {
  for (let start = 0; start < count; start += 25) {
    const ids = Array.from({ length: Math.min(25, count - start) }, (_, index) => start + index);
    const requests = ids.map((id) => ({
      PutRequest: {
        Item: { PK: { S: `P${id}` }, SK: { S: 'T' }, queue: { S: `q${id % 3}` }, subject: { S: 'x'.repeat(200) } },
      },
    }));
    await cloud.open.db.send(new BatchWriteItemCommand({ RequestItems: { operations: requests } }));
  }
};

/** Every item of a table by its key, as JSON. */
export const contentOf = async (cloud: SmallCloud, TableName: string): Promise<Record<string, unknown>> => {
  const found: Record<string, unknown> = {};
  for await (const page of paginateScan({ client: cloud.open.db }, { TableName, ConsistentRead: true }))
    for (const item of page.Items ?? []) found[`${item['PK']?.S} ${item['SK']?.S}`] = item;
  return found;
};

/** Moves time until what it set going is done. */
export const pass = async (cloud: SmallCloud, seconds: number): Promise<void> => {
  await settled(cloud);
  await cloud.clock.advance(seconds);
  await settled(cloud);
};

const settled = async (cloud: SmallCloud): Promise<void> => {
  for (let tries = 0; cloud.services.busy && tries < 2000; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
};

export const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (reason: Error) => reason.name,
  );
