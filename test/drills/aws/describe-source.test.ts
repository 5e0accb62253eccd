import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TableNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { aws, dataKeyArn, describes, sent, source, sourceArn } from './fixture.ts';

const described = () => {
  const desk = aws();
  const { dynamodb } = desk;
  dynamodb.on(DescribeTableCommand).resolves({
    Table: {
      TableName: 'desk-operations',
      TableArn: sourceArn,
      TableStatus: 'ACTIVE',
      TableSizeBytes: 2_000,
      ItemCount: 10,
      KeySchema: [
        { AttributeName: 'SK', KeyType: 'RANGE' },
        { AttributeName: 'PK', KeyType: 'HASH' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'queue',
          KeySchema: [
            { AttributeName: 'queuePK', KeyType: 'HASH' },
            { AttributeName: 'queueSK', KeyType: 'RANGE' },
          ],
        },
        { IndexName: 'due', KeySchema: [{ AttributeName: 'dueShard', KeyType: 'HASH' }] },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [
            { AttributeName: 'PK', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      DeletionProtectionEnabled: true,
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: dataKeyArn },
    },
  });
  dynamodb.on(DescribeTimeToLiveCommand).resolves({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
  });
  dynamodb.on(DescribeContinuousBackupsCommand).resolves({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: 'ENABLED',
        EarliestRestorableDateTime: new Date('2026-02-01T00:00:00Z'),
        LatestRestorableDateTime: new Date('2026-03-02T08:55:00Z'),
      },
    },
  });
  dynamodb
    .on(ListTagsOfResourceCommand)
    .resolvesOnce({ Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'desk' }], NextToken: 'more' })
    .resolves({ Tags: [{ Key: 'team', Value: 'desk' }] });
  return desk;
};

it('says how the desk’s own table is made, under its name here, with all pages of its tags but those of AWS', async () => {
  const desk = described();
  expect(await desk.perform({ do: 'describe-source', table: 'operations' })).toEqual({
    of: 'describe-source',
    source: {
      ...source,
      indexes: [
        { name: 'due', keys: ['dueShard'] },
        { name: 'local', keys: ['PK', 'at'] },
        { name: 'queue', keys: ['queuePK', 'queueSK'] },
      ],
    },
  });
  const TableName = 'desk-operations';
  expect(sent(desk.dynamodb)).toEqual([
    ['DescribeTable', { TableName }],
    ['DescribeTimeToLive', { TableName }],
    ['DescribeContinuousBackups', { TableName }],
    ['ListTagsOfResource', { ResourceArn: sourceArn }],
    ['ListTagsOfResource', { ResourceArn: sourceArn, NextToken: 'more' }],
  ]);
});

it('takes any other name for that of a table', async () => {
  const desk = aws();
  describes(desk, null);
  expect(await desk.perform({ do: 'describe-source', table: 'orders' })).toEqual({
    of: 'describe-source',
    trouble: 'not-found',
    message: 'There is no table orders.',
  });
  expect(sent(desk.dynamodb)).toEqual([['DescribeTable', { TableName: 'orders' }]]);
});

it('says null and false where a table has nothing of the kind', async () => {
  const desk = described();
  desk.dynamodb.on(DescribeTableCommand).resolves({
    Table: {
      TableArn: sourceArn,
      KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: false },
    },
  });
  desk.dynamodb.on(DescribeTimeToLiveCommand).resolves({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } });
  desk.dynamodb.on(DescribeContinuousBackupsCommand).resolves({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  });
  desk.dynamodb.on(ListTagsOfResourceCommand).resolves({});
  expect(await desk.perform({ do: 'describe-source', table: 'orders' })).toEqual({
    of: 'describe-source',
    source: {
      tableName: 'orders',
      tableArn: sourceArn,
      sizeBytes: 0,
      itemCount: 0,
      keys: ['PK'],
      indexes: [],
      stream: null,
      ttl: null,
      pointInTimeRecovery: false,
      latestRestorableAt: null,
      deletionProtection: false,
      tags: {},
      kmsKeyArn: null,
    },
  });
});

it('counts a time to live that is being enabled, and not one that is being disabled', async () => {
  for (const [status, ttl] of [
    ['ENABLING', 'expiresAt'],
    ['DISABLING', null],
  ] as const) {
    const desk = described();
    desk.dynamodb.on(DescribeTimeToLiveCommand).resolves({
      TimeToLiveDescription: { TimeToLiveStatus: status, AttributeName: 'expiresAt' },
    });
    expect(await desk.perform({ do: 'describe-source', table: 'operations' })).toMatchObject({ source: { ttl } });
  }
});

it('says not-found when the table goes while it is described', async () => {
  const desk = described();
  desk.dynamodb
    .on(DescribeContinuousBackupsCommand)
    .rejects(new TableNotFoundException({ message: 'Table not found', $metadata: {} }));
  expect(await desk.perform({ do: 'describe-source', table: 'operations' })).toEqual({
    of: 'describe-source',
    trouble: 'not-found',
    message: 'TableNotFoundException: Table not found',
  });
});

it('does not go on with an answer that leaves out what cannot be done without', async () => {
  const desk = described();
  desk.dynamodb.on(DescribeTableCommand).resolves({ Table: { TableArn: sourceArn } });
  await expect(desk.perform({ do: 'describe-source', table: 'operations' })).rejects.toThrow(
    /DescribeTable.*KeySchema/,
  );
  desk.dynamodb.on(DescribeTableCommand).resolves({});
  await expect(desk.perform({ do: 'describe-source', table: 'operations' })).rejects.toThrow(/DescribeTable.*Table/);
});
