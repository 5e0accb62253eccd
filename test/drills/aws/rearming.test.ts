import {
  ContinuousBackupsUnavailableException,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBServiceException,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { TableShape } from '../../../functions/drills/domain/drill.ts';
import { aws, describes, drillId, scratchArn, scratchTable, sent, source, tableOf } from './fixture.ts';

const TableName = scratchTable;

/** A restored table as DynamoDB has it: bare at first, and changed by what is asked of it. */
const fakeCopy = () => {
  const desk = aws();
  const { dynamodb } = desk;
  const copy = {
    table: tableOf(),
    tags: new Map<string, string>(),
    ttl: null as string | null,
    recovery: false,
    changes: 0,
  };
  const change = (table: Partial<TableDescription>): object => {
    copy.changes += 1;
    copy.table = { ...copy.table, ...table };
    return {};
  };
  dynamodb.on(DescribeTableCommand).callsFake(() => ({ Table: copy.table }));
  dynamodb
    .on(ListTagsOfResourceCommand)
    .callsFake(() => ({ Tags: [...copy.tags].map(([Key, Value]) => ({ Key, Value })) }));
  dynamodb.on(TagResourceCommand).callsFake(({ Tags }) => {
    for (const { Key, Value } of Tags) copy.tags.set(Key, Value);
    return change({});
  });
  dynamodb.on(DescribeTimeToLiveCommand).callsFake(() => ({
    TimeToLiveDescription:
      copy.ttl === null ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLING', AttributeName: copy.ttl },
  }));
  dynamodb.on(UpdateTimeToLiveCommand).callsFake(({ TimeToLiveSpecification }) => {
    copy.ttl = TimeToLiveSpecification.AttributeName;
    return change({});
  });
  dynamodb.on(DescribeContinuousBackupsCommand).callsFake(() => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: copy.recovery ? 'ENABLED' : 'DISABLED' },
    },
  }));
  dynamodb.on(UpdateContinuousBackupsCommand).callsFake(() => {
    copy.recovery = true;
    return change({});
  });
  dynamodb.on(UpdateTableCommand).callsFake(({ TableName: _name, ...wanted }) => change(wanted));
  return { ...desk, copy };
};

const rearm = (of: TableShape = source) => ({ do: 'rearm', scratchTable, source: of, drillId }) as const;
const changesSent = (desk: ReturnType<typeof aws>) =>
  sent(desk.dynamodb).filter(([name]) => /^(Tag|Update)/.test(name));

it('gives the copy one thing a call, the tag of its drill first and deletion protection last, and then is done', async () => {
  const desk = fakeCopy();
  const waits: string[] = [];
  for (let calls = 1; ; calls += 1) {
    const observation = await desk.perform(rearm());
    if (!('done' in observation)) throw new Error(JSON.stringify(observation));
    if (observation.done) break;
    expect(desk.copy.changes).toBe(calls);
    waits.push(observation.waitingFor);
  }
  expect(waits).toEqual(['tags', 'time to live', 'point-in-time recovery', 'stream', 'deletion protection']);
  const Tags = [
    { Key: 'team', Value: 'desk' },
    { Key: 'drill-id', Value: drillId },
  ];
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' };
  expect(changesSent(desk)).toEqual([
    ['TagResource', { ResourceArn: scratchArn, Tags }],
    ['UpdateTimeToLive', { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' } }],
    ['UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    ['UpdateTable', { TableName, StreamSpecification }],
    ['UpdateTable', { TableName, DeletionProtectionEnabled: true }],
  ]);
  expect(await desk.perform(rearm())).toEqual({ of: 'rearm', done: true, waitingFor: '' });
  expect(desk.copy.changes).toBe(5);
});

it('gives a copy what its source has and no more, wherever it was broken off', async () => {
  const shapes = fc.record({
    ttl: fc.constantFrom(null, 'expiresAt'),
    stream: fc.constantFrom(null, 'KEYS_ONLY', 'NEW_AND_OLD_IMAGES'),
    pointInTimeRecovery: fc.boolean(),
    deletionProtection: fc.boolean(),
    tags: fc.constantFrom<Record<string, string>>({}, { team: 'desk' }, { 'drill-id': 'drl_of_another' }),
  });
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(6), async (shape, crashAt) => {
      const desk = fakeCopy();
      const wanted = rearm({ ...source, ...shape });
      let calls = 0;
      for (;;) {
        calls += 1;
        // A call that was answered to nobody is made again.
        if (calls === crashAt) await desk.perform(wanted);
        const observation = await desk.perform(wanted);
        if ('done' in observation && observation.done) break;
        if (calls > 10) throw new Error('never done');
      }
      const { table, ttl, recovery, tags } = desk.copy;
      expect({
        ttl,
        recovery,
        stream: table.StreamSpecification?.StreamViewType ?? null,
        protection: table.DeletionProtectionEnabled ?? false,
        tags: Object.fromEntries(tags),
      }).toEqual({
        ttl: shape.ttl,
        recovery: shape.pointInTimeRecovery,
        stream: shape.stream,
        protection: shape.deletionProtection,
        tags: { ...shape.tags, 'drill-id': drillId },
      });
    }),
    { numRuns: 100 },
  );
});

it('changes nothing while the table or an index is being changed', async () => {
  for (const [table, waitingFor] of [
    [tableOf({ TableStatus: 'UPDATING' }), 'table UPDATING'],
    [tableOf({ GlobalSecondaryIndexes: [{ IndexName: 'due', IndexStatus: 'CREATING' }] }), 'index due CREATING'],
  ] as const) {
    const desk = fakeCopy();
    describes(desk, table);
    expect(await desk.perform(rearm())).toEqual({ of: 'rearm', done: false, waitingFor });
    expect(sent(desk.dynamodb)).toEqual([['DescribeTable', { TableName }]]);
  }
});

it('says when there is no table to rearm', async () => {
  const desk = fakeCopy();
  describes(desk, null);
  expect(await desk.perform(rearm())).toMatchObject({ of: 'rearm', trouble: 'not-found' });
});

it('tags again what the tags do not show yet', async () => {
  const desk = fakeCopy();
  desk.dynamodb.on(ListTagsOfResourceCommand).resolves({ Tags: [] });
  await desk.perform(rearm());
  expect(await desk.perform(rearm())).toEqual({ of: 'rearm', done: false, waitingFor: 'tags' });
  expect(changesSent(desk).map(([name]) => name)).toEqual(['TagResource', 'TagResource']);
});

const validation = (message: string) =>
  new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata: {} });

it.each([
  ['TimeToLive is already enabled', 'busy'],
  ['Time to live has been modified multiple times within a fixed interval', 'busy'],
  ['TimeToLive is active on a different AttributeName: current AttributeName is a', 'refused'],
])('takes “%s” for %s', async (message, trouble) => {
  const desk = fakeCopy();
  desk.copy.tags = new Map([...Object.entries(source.tags), ['drill-id', drillId]]);
  desk.dynamodb.on(UpdateTimeToLiveCommand).rejects(validation(message));
  expect(await desk.perform(rearm())).toEqual({ of: 'rearm', trouble, message: `ValidationException: ${message}` });
});

it('comes back for a stream that somebody has switched on in the meantime, and for backups that are still being enabled', async () => {
  const desk = fakeCopy();
  desk.copy.tags = new Map([...Object.entries(source.tags), ['drill-id', drillId]]);
  desk.copy.ttl = source.ttl;
  desk.dynamodb
    .on(UpdateContinuousBackupsCommand)
    .rejectsOnce(
      new ContinuousBackupsUnavailableException({ message: 'Backups are being enabled for the table', $metadata: {} }),
    );
  expect(await desk.perform(rearm())).toMatchObject({ trouble: 'busy' });
  desk.copy.recovery = true;
  desk.dynamodb.on(UpdateTableCommand).rejects(validation('Table already has an enabled stream: TableName: x'));
  expect(await desk.perform(rearm())).toMatchObject({ trouble: 'busy' });
});

it('does not switch on a stream of a kind that DynamoDB does not know', async () => {
  const desk = fakeCopy();
  desk.copy.tags = new Map([['drill-id', drillId]]);
  const wanted = rearm({ ...source, tags: {}, ttl: null, pointInTimeRecovery: false, stream: 'EVERYTHING' });
  await expect(desk.perform(wanted)).rejects.toThrow(/StreamViewType/);
});
