import { BackupClient } from '@aws-sdk/client-backup';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  TagResourceCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type AwsActionName, awsActions, leftOverTables } from '../../../functions/drills/aws/actions.ts';
import type { DrillAwsOptions } from '../../../functions/drills/aws/options.ts';
import type { Action, Observation } from '../../../functions/drills/domain/action.ts';
import type { TableShape } from '../../../functions/drills/domain/drill.ts';
import { type Database, startDatabase } from '../../../local/services/dynamodb/start-database.ts';
import { dataKeyArn, drillId, prefix, scratchTable } from './fixture.ts';

/** The engine has no point-in-time recovery: the two calls about it are answered here, everything else by the engine. */
const withRecovery = (client: DynamoDBClient): DynamoDBClient => {
  const enabled = new Set<unknown>();
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'DescribeContinuousBackupsCommand' && commandName !== 'UpdateContinuousBackupsCommand') {
          return next(args);
        }
        const input = args.input as {
          TableName?: string;
          PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled?: boolean };
        };
        const wanted = input.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled;
        if (wanted === true) enabled.add(input.TableName);
        if (wanted === false) enabled.delete(input.TableName);
        const PointInTimeRecoveryStatus = enabled.has(input.TableName) ? 'ENABLED' : 'DISABLED';
        const ContinuousBackupsDescription = {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
        } as const;
        return { response: {}, output: { ContinuousBackupsDescription, $metadata: {} } };
      },
    { step: 'initialize' },
  );
  return client;
};

const bare = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'PK', AttributeType: 'S' },
    { AttributeName: 'SK', AttributeType: 'S' },
    { AttributeName: 'customer', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'PK', KeyType: 'HASH' },
    { AttributeName: 'SK', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'customer',
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

let database: Database;
let dynamodb: DynamoDBClient;
let options: DrillAwsOptions;
beforeAll(async () => {
  database = await startDatabase({ dataDir: null });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  dynamodb = withRecovery(new DynamoDBClient({ endpoint: database.endpoint, region: 'eu-central-1', credentials }));
  options = {
    backup: new BackupClient({ region: 'eu-central-1' }),
    dynamodb,
    vault: 'desk',
    backupRoleArn: 'arn:aws:iam::111122223333:role/backup',
    restoreRoleArn: 'arn:aws:iam::111122223333:role/restore',
    dataKeyArn,
    scratchPrefix: prefix,
    tableNames: { operations: 'desk-operations' },
  };
});
afterAll(async () => {
  dynamodb.destroy();
  await database.stop();
});

const perform = (action: Action & { readonly do: AwsActionName }): Promise<Observation> =>
  awsActions(options)[action.do](action);

const shapeOf = async (table: string): Promise<TableShape> => {
  const observation = await perform({ do: 'describe-source', table });
  if (!('source' in observation)) throw new Error(JSON.stringify(observation));
  return observation.source;
};

it('makes a bare copy the same as its source, and removes it, on a real engine', async () => {
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      ...bare('desk-operations'),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      DeletionProtectionEnabled: true,
    }),
  );
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expiresAt' };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: 'desk-operations', TimeToLiveSpecification }));
  const Tags = [{ Key: 'team', Value: 'desk' }];
  await dynamodb.send(new TagResourceCommand({ ResourceArn: TableDescription?.TableArn, Tags }));
  const source = { ...(await shapeOf('operations')), pointInTimeRecovery: true };
  expect(source).toMatchObject({
    keys: ['PK', 'SK'],
    indexes: [{ name: 'customer', keys: ['customer', 'SK'] }],
    stream: 'NEW_AND_OLD_IMAGES',
    ttl: 'expiresAt',
    deletionProtection: true,
    tags: { team: 'desk' },
  });

  expect(await perform({ do: 'look-at-table', scratchTable })).toEqual({ of: 'look-at-table', table: null });
  await dynamodb.send(new CreateTableCommand(bare(scratchTable)));
  expect(await perform({ do: 'look-at-table', scratchTable })).toEqual({
    of: 'look-at-table',
    table: { active: true, waitingFor: '' },
  });
  const observed: Observation[] = [];
  for (let calls = 0; calls < 6; calls += 1)
    observed.push(await perform({ do: 'rearm', scratchTable, source, drillId }));
  expect(observed.map((one) => ('done' in one ? one.waitingFor : one))).toEqual([
    'tags',
    'time to live',
    'point-in-time recovery',
    'stream',
    'deletion protection',
    '',
  ]);
  const copy = await shapeOf(scratchTable);
  expect({ ...copy, tableName: '', tableArn: '' }).toEqual({
    ...source,
    tags: { team: 'desk', 'drill-id': drillId },
    tableName: '',
    tableArn: '',
  });
  expect(await leftOverTables(options).list()).toMatchObject([{ name: scratchTable, drillId, status: 'ACTIVE' }]);

  const removals: Observation[] = [];
  do removals.push(await perform({ do: 'remove-table', scratchTable }));
  while (JSON.stringify(removals.at(-1)) === '{"of":"remove-table","removed":false}' && removals.length < 10);
  expect(removals.at(-1)).toEqual({ of: 'remove-table', removed: true });
  expect(await leftOverTables(options).list()).toEqual([]);
});

it('never removes the live table, protected or not', async () => {
  expect(await perform({ do: 'remove-table', scratchTable: 'desk-operations' })).toMatchObject({ trouble: 'refused' });
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'desk-operations' }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true });
});
