import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  RestoreTableToPointInTimeCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { arns } from '../services/small-cloud.ts';
import { type BackupCloud, contentOf, errorOf, pass, put, startBackupCloud } from './backup-cloud.ts';

let cloud: BackupCloud;
beforeAll(async () => {
  cloud = await startBackupCloud();
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.services.reset());

const name = 'scratch-table';
const arn = arns.operations.replace('operations', name);
const db = (): DynamoDBClient => cloud.open.db;
const describeTable = async (TableName = name) => (await db().send(new DescribeTableCommand({ TableName }))).Table;
const update = (change: Partial<UpdateTableCommandInput>, TableName = name) =>
  db().send(new UpdateTableCommand({ TableName, ...change }));
const remove = (TableName = name, client = db()) => client.send(new DeleteTableCommand({ TableName }));
const create = (TableName = name, more: Partial<CreateTableCommandInput> = {}, client = db()) =>
  client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'PK', AttributeType: 'S' },
        { AttributeName: 'SK', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'PK', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      ...more,
    }),
  );
const make = async (TableName = name) => {
  await create(TableName);
  await pass(cloud, 1);
};

describe('the control plane', () => {
  it('tells what the template says of its own tables', async () => {
    await put(cloud, 'a');
    expect(await describeTable('operations')).toMatchObject({
      TableArn: arns.operations,
      TableStatus: 'ACTIVE',
      ItemCount: 1,
      DeletionProtectionEnabled: true,
      LatestStreamArn: `${arns.operations}/stream/1`,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      SSEDescription: { SSEType: 'KMS' },
      CreationDateTime: new Date(cloud.clock.now()),
      GlobalSecondaryIndexes: [{ IndexArn: `${arns.operations}/index/queue`, IndexStatus: 'ACTIVE' }],
    });
    expect((await describeTable('operations'))?.TableSizeBytes).toBeGreaterThan(0);
    const ttl = await db().send(new DescribeTimeToLiveCommand({ TableName: 'idempotency' }));
    expect(ttl.TimeToLiveDescription).toEqual({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' });
    const tags = await db().send(new ListTagsOfResourceCommand({ ResourceArn: arns.operations }));
    expect(tags.Tags).toEqual([{ Key: 'backup', Value: 'daily' }]);
    expect(await errorOf(describeTable('nobody'))).toBe('ResourceNotFoundException');
  });

  it('makes a table of somebody else, which takes its time', async () => {
    const made = await create(name, {
      Tags: [{ Key: 'team', Value: 'billing' }],
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      AttributeDefinitions: [
        { AttributeName: 'PK', AttributeType: 'S' },
        { AttributeName: 'SK', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-due',
          KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    expect(made.TableDescription).toMatchObject({ TableArn: arn, TableStatus: 'CREATING' });
    expect(await errorOf(put(cloud, 'a', 'T', {}, name))).toBe('ResourceNotFoundException');
    await expect(create()).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: `Table already exists: ${name}`,
    });
    expect(await errorOf(create('operations'))).toBe('ResourceInUseException');
    await pass(cloud, 1);
    await put(cloud, 'a', 'T', {}, name);
    expect(await describeTable()).toMatchObject({
      TableStatus: 'ACTIVE',
      ItemCount: 1,
      CreationDateTime: new Date(cloud.clock.now() - 1000),
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-due', IndexStatus: 'ACTIVE' }],
    });
    const { Tags } = await db().send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'billing' }]);
  });

  it('refuses a table that it could not make as it was asked for, and a caller who may make none', async () => {
    expect(await errorOf(create(name, { BillingMode: 'PROVISIONED' }))).toBe('ValidationException');
    expect(await errorOf(create(name, { AttributeDefinitions: [] }))).toBe('ValidationException');
    expect(await errorOf(create('x'))).toBe('ValidationException');
    expect(await errorOf(create(name, {}, cloud.reader.db))).toBe('AccessDeniedException');
    expect(await errorOf(describeTable())).toBe('ResourceNotFoundException');
  });

  it('arms a table step by step, each of which takes its time', async () => {
    await make();
    await update({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } });
    expect((await describeTable())?.TableStatus).toBe('UPDATING');
    expect(await errorOf(update({ DeletionProtectionEnabled: true }))).toBe('ResourceInUseException');
    await pass(cloud, 1);
    expect(await describeTable()).toMatchObject({
      TableStatus: 'ACTIVE',
      LatestStreamArn: expect.stringMatching(new RegExp(`^${arn}/stream/`)),
    });
    const again = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const } };
    expect(await errorOf(update(again))).toBe('ValidationException');
    const ttl = (Enabled: boolean) =>
      db().send(
        new UpdateTimeToLiveCommand({
          TableName: name,
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled },
        }),
      );
    const ttlState = async () =>
      (await db().send(new DescribeTimeToLiveCommand({ TableName: name }))).TimeToLiveDescription?.TimeToLiveStatus;
    expect(await ttlState()).toBe('DISABLED');
    await ttl(true);
    expect(await ttlState()).toBe('ENABLING');
    expect(await errorOf(ttl(false))).toBe('ValidationException');
    await pass(cloud, 1);
    expect(await ttlState()).toBe('ENABLED');
    expect(await errorOf(ttl(true))).toBe('ValidationException');
    await db().send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'drill', Value: '1' }] }));
    expect((await db().send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags).toEqual([
      { Key: 'drill', Value: '1' },
    ]);
    const pitr = async () =>
      (await db().send(new DescribeContinuousBackupsCommand({ TableName: name }))).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription;
    expect(await pitr()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
    await db().send(
      new UpdateContinuousBackupsCommand({
        TableName: name,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await pitr()).toMatchObject({ PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 35 });
  });

  it('removes a table late, and never one that is protected', async () => {
    await make();
    await update({ DeletionProtectionEnabled: true });
    await pass(cloud, 1);
    expect(await errorOf(remove())).toBe('ValidationException');
    await update({ DeletionProtectionEnabled: false });
    expect(await errorOf(remove())).toBe('ResourceInUseException');
    await pass(cloud, 1);
    expect((await remove()).TableDescription?.TableStatus).toBe('DELETING');
    expect((await describeTable())?.TableStatus).toBe('DELETING');
    expect(await errorOf(put(cloud, 'a', 'T', {}, name))).toBe('ResourceNotFoundException');
    expect(await errorOf(remove())).toBe('ResourceInUseException');
    await pass(cloud, 2);
    expect(await errorOf(describeTable())).toBe('ResourceNotFoundException');
    expect(await errorOf(remove('operations'))).toBe('ValidationException');
  });

  it('lists tables page by page', async () => {
    await make('one-more');
    const first = await db().send(new ListTablesCommand({ Limit: 2 }));
    expect(first).toMatchObject({
      TableNames: ['idempotency', 'one-more'],
      LastEvaluatedTableName: 'one-more',
    });
    const { LastEvaluatedTableName: ExclusiveStartTableName } = first;
    expect((await db().send(new ListTablesCommand({ ExclusiveStartTableName }))).TableNames).toEqual(['operations']);
  });

  it('lets a role do what it names: tables by the beginning of their name', async () => {
    const reader = cloud.reader.db;
    await make();
    await make('other');
    expect((await reader.send(new DescribeTableCommand({ TableName: name }))).Table?.TableName).toBe(name);
    expect(await errorOf(reader.send(new DescribeTableCommand({ TableName: 'other' })))).toBe('AccessDeniedException');
    expect(await errorOf(remove('other', reader))).toBe('AccessDeniedException');
    expect(await errorOf(reader.send(new ListTagsOfResourceCommand({ ResourceArn: arn })))).toBe(
      'AccessDeniedException',
    );
    const restoring = new RestoreTableToPointInTimeCommand({
      SourceTableName: 'operations',
      TargetTableName: 'scratch-2',
      UseLatestRestorableTime: true,
    });
    await expect(reader.send(restoring)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`dynamodb:RestoreTableToPointInTime on resource: ${arns.operations}`),
    });
    await remove(name, reader);
  });

  it('fails as it is told to: throttled, and with a caller who dies before or after the change', async () => {
    await make();
    const fault = (kind: 'throttle' | 'crash-before' | 'crash-after') =>
      cloud.faults.add({ target: 'dynamodb', fault: kind, count: 1, probability: 1 });
    fault('throttle');
    expect(await errorOf(remove())).toBe('ThrottlingException');
    fault('crash-before');
    expect((await describeTable())?.TableStatus).toBe('ACTIVE');
    expect(await errorOf(remove())).not.toBe('none');
    expect((await describeTable())?.TableStatus).toBe('ACTIVE');
    fault('crash-after');
    expect(await errorOf(remove())).not.toBe('none');
    expect((await describeTable())?.TableStatus).toBe('DELETING');
  });

  it('refuses what it does not do', async () => {
    await make();
    expect(await errorOf(update({ TableClass: 'STANDARD' }))).toBe('ValidationException');
  });
});

describe('point-in-time recovery', () => {
  const window = async (TableName = 'operations') =>
    (await db().send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
      ?.PointInTimeRecoveryDescription;
  const restore = (TargetTableName: string, at: Date | null, SourceTableName = 'operations') =>
    db().send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName,
        TargetTableName,
        ...(at === null ? { UseLatestRestorableTime: true } : { RestoreDateTime: at }),
      }),
    );

  it('has a window that ends some minutes ago, or as the lag says', async () => {
    const startedAt = new Date(cloud.clock.now());
    await cloud.clock.advance(3600);
    const { EarliestRestorableDateTime, LatestRestorableDateTime } = (await window()) ?? {};
    expect(EarliestRestorableDateTime).toEqual(startedAt);
    expect(LatestRestorableDateTime).toEqual(new Date(cloud.clock.now() - 300_000));
    cloud.services.backups.settings.change({ pitrLagSeconds: 0 });
    expect((await window())?.LatestRestorableDateTime).toEqual(new Date(cloud.clock.now()));
    expect(await errorOf(restore('scratch-1', new Date(startedAt.getTime() - 1000)))).toBe(
      'InvalidRestoreTimeException',
    );
    expect(await errorOf(restore('scratch-1', new Date(cloud.clock.now() + 1000)))).toBe('InvalidRestoreTimeException');
    expect(await errorOf(restore('operations', null))).toBe('TableAlreadyExistsException');
    expect(await errorOf(restore('scratch-1', null, 'idempotency'))).toBe('PointInTimeRecoveryUnavailableException');
    expect(await errorOf(restore('scratch-1', null, 'nobody'))).toBe('TableNotFoundException');
  });

  it('takes a table back to the state of any second', async () => {
    let round = 0;
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      value: fc.option(fc.nat(9), { freq: 3 }),
      after: fc.constantFrom(0, 0, 0.4, 1, 7),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(20), async (steps, back) => {
        await cloud.services.reset();
        cloud.services.backups.settings.change({ pitrLagSeconds: 0, restoreSeconds: 1 });
        round += 1;
        const startedAt = cloud.clock.now();
        const done: { at: number; state: Record<string, unknown> }[] = [{ at: startedAt - 1, state: {} }];
        for (const { id, value, after } of steps) {
          await cloud.clock.advance(after);
          const state = { ...done.at(-1)?.state };
          if (value === null) {
            await db().send(new DeleteItemCommand({ TableName: 'operations', Key: { PK: { S: id }, SK: { S: 'T' } } }));
            delete state[`${id} T`];
          } else {
            await put(cloud, id, 'T', { value: { N: String(value) } });
            state[`${id} T`] = { PK: { S: id }, SK: { S: 'T' }, value: { N: String(value) } };
          }
          done.push({ at: cloud.clock.now(), state });
        }
        const latest = Math.floor(cloud.clock.now() / 1000) * 1000;
        const instant = Math.max(Math.ceil(startedAt / 1000) * 1000, latest - back * 1000);
        await restore(`scratch-${round}`, new Date(instant));
        await pass(cloud, 1);
        // What was written in that second or later is not in it.
        const expected = done.filter(({ at }) => at < instant).at(-1)?.state ?? {};
        expect(await contentOf(cloud, `scratch-${round}`)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it('makes a table that says where it came from', async () => {
    await put(cloud, 'a');
    await cloud.clock.advance(600);
    const at = new Date(Math.floor(cloud.clock.now() / 1000 - 300) * 1000);
    expect((await restore('scratch-1', null)).TableDescription).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { SourceTableArn: arns.operations, RestoreDateTime: at, RestoreInProgress: true },
    });
    expect((await window('scratch-1').catch((error: Error) => error.name)) ?? '').toMatchObject({
      PointInTimeRecoveryStatus: 'DISABLED',
    });
    await pass(cloud, 10);
    expect(await describeTable('scratch-1')).toMatchObject({
      TableStatus: 'ACTIVE',
      ItemCount: 1,
      RestoreSummary: { RestoreInProgress: false },
    });
  });
});
