import { DescribeRestoreJobCommand, type RestoreJobStatus, StartRestoreJobCommand } from '@aws-sdk/client-backup';
import {
  ListTagsOfResourceCommand,
  RestoreTableToPointInTimeCommand,
  TableAlreadyExistsException,
  type TableDescription,
  TableInUseException,
} from '@aws-sdk/client-dynamodb';
import {
  aws,
  dataKeyArn,
  describes,
  drillId,
  recoveryPointArn,
  scratchTable,
  sent,
  source,
  sourceArn,
  tableOf,
} from './fixture.ts';

const start = {
  do: 'start-restore',
  source,
  recoveryPoint: { arn: recoveryPointArn, createdAt: '2026-03-02T03:00:00.000Z', sizeBytes: 2_000 },
  scratchTable,
  token: 'drl_01JX-restore-1',
  drillId,
} as const;
const startFromInstant = {
  ...start,
  recoveryPoint: { arn: null, createdAt: '2026-03-02T08:54:59.750Z', sizeBytes: null },
};
const restored = new Date('2026-03-02T08:54:59Z');
const created = new Date('2026-03-02T09:00:01.250Z');

describe('start-restore from a recovery point', () => {
  it('asks AWS Backup with the token and the metadata of a table; the same again when repeated', async () => {
    const desk = aws();
    desk.backup.on(StartRestoreJobCommand).resolves({ RestoreJobId: 'restore-1' });
    const observed = { of: 'start-restore', jobId: 'restore-1', acceptedAt: null };
    expect(await desk.perform(start)).toEqual(observed);
    expect(await desk.perform(start)).toEqual(observed);
    const request = {
      RecoveryPointArn: recoveryPointArn,
      ResourceType: 'DynamoDB',
      IamRoleArn: 'arn:aws:iam::111122223333:role/restore',
      IdempotencyToken: 'drl_01JX-restore-1',
      Metadata: { targetTableName: scratchTable, encryptionType: 'KMS', kmsMasterKeyArn: dataKeyArn },
    };
    expect(sent(desk.backup)).toEqual([
      ['StartRestoreJob', request],
      ['StartRestoreJob', request],
    ]);
    expect(sent(desk.dynamodb)).toEqual([]);
  });

  it('does not take an answer without a job for a job', async () => {
    const desk = aws();
    desk.backup.on(StartRestoreJobCommand).resolves({});
    await expect(desk.perform(start)).rejects.toThrow(/StartRestoreJob.*RestoreJobId/);
  });
});

describe('start-restore from an instant', () => {
  it('asks DynamoDB, for the whole second before, and encrypted', async () => {
    const desk = aws();
    desk.dynamodb
      .on(RestoreTableToPointInTimeCommand)
      .resolves({ TableDescription: tableOf({ CreationDateTime: created }) });
    expect(await desk.perform(startFromInstant)).toEqual({
      of: 'start-restore',
      jobId: null,
      acceptedAt: '2026-03-02T09:00:01.250Z',
    });
    expect(sent(desk.dynamodb)).toEqual([
      [
        'RestoreTableToPointInTime',
        {
          SourceTableName: 'desk-operations',
          TargetTableName: scratchTable,
          RestoreDateTime: restored,
          SSESpecificationOverride: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: dataKeyArn },
        },
      ],
    ]);
    expect(sent(desk.backup)).toEqual([]);
  });

  it('accepts an answer that does not describe the table', async () => {
    const desk = aws();
    desk.dynamodb.on(RestoreTableToPointInTimeCommand).resolves({});
    expect(await desk.perform(startFromInstant)).toEqual({ of: 'start-restore', jobId: null, acceptedAt: null });
  });

  const there = (table: TableDescription | null, tags: Record<string, string> = {}) => {
    const desk = aws();
    const exists = new TableAlreadyExistsException({ message: `Table already exists: ${scratchTable}`, $metadata: {} });
    desk.dynamodb.on(RestoreTableToPointInTimeCommand).rejects(exists);
    describes(desk, table);
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    desk.dynamodb.on(ListTagsOfResourceCommand).resolves({ Tags });
    return desk.perform(startFromInstant);
  };
  const summary = { SourceTableArn: sourceArn, RestoreDateTime: restored, RestoreInProgress: true };
  const accepted = { of: 'start-restore', jobId: null, acceptedAt: '2026-03-02T09:00:01.250Z' };
  const foreign = {
    of: 'start-restore',
    trouble: 'exists',
    message: `There is a table ${scratchTable}, and it is not of this drill.`,
  };

  it('knows the table of its own earlier request by what was restored', async () => {
    expect(await there(tableOf({ CreationDateTime: created, RestoreSummary: summary }))).toEqual(accepted);
  });

  it('knows it by its tag', async () => {
    expect(await there(tableOf({ CreationDateTime: created }), { 'drill-id': drillId })).toEqual(accepted);
  });

  it.each([
    ['of another source', { ...summary, SourceTableArn: `${sourceArn}-2` }],
    ['of another instant', { ...summary, RestoreDateTime: new Date('2026-03-02T08:54:58Z') }],
    ['of a recovery point without a source', { ...summary, SourceTableArn: undefined }],
    ['that was not restored', undefined],
  ])('does not take a table %s for its own', async (_what, RestoreSummary) => {
    const table = tableOf(RestoreSummary === undefined ? {} : { RestoreSummary });
    expect(await there(table, { 'drill-id': 'drl_other' })).toEqual(foreign);
    expect(await there(table)).toEqual(foreign);
  });

  it('waits for a table of that name to go', async () => {
    const going = { of: 'start-restore', trouble: 'busy', message: `The table ${scratchTable} is being removed.` };
    expect(await there(tableOf({ TableStatus: 'DELETING', RestoreSummary: summary }))).toEqual(going);
    expect(await there(null)).toEqual(going);
  });

  it('knows its own table while it is being created, too', async () => {
    const desk = aws();
    const inUse = new TableInUseException({ message: 'Table is being created', $metadata: {} });
    desk.dynamodb.on(RestoreTableToPointInTimeCommand).rejects(inUse);
    describes(desk, tableOf({ TableStatus: 'CREATING', CreationDateTime: created, RestoreSummary: summary }));
    expect(await desk.perform(startFromInstant)).toEqual(accepted);
  });
});

it.each([
  ['from a recovery point', start],
  ['from an instant', startFromInstant],
])('restores into no table but a scratch table, %s', async (_how, action) => {
  const desk = aws();
  expect(await desk.perform({ ...action, scratchTable: 'desk-operations-2' })).toMatchObject({
    of: 'start-restore',
    trouble: 'refused',
  });
  expect([...sent(desk.backup), ...sent(desk.dynamodb)]).toEqual([]);
});

describe('look-at-restore of a job', () => {
  const look = { do: 'look-at-restore', jobId: 'restore-1', scratchTable } as const;
  const begun = { RestoreJobId: 'restore-1', CreationDate: new Date('2026-03-02T09:00:00.500Z') };

  it.each([
    ['PENDING', 'running'],
    ['RUNNING', 'running'],
    ['COMPLETED', 'completed'],
    ['ABORTED', 'aborted'],
    ['FAILED', 'failed'],
  ] satisfies [RestoreJobStatus, string][])('knows %s as %s, with the exact instants', async (Status, state) => {
    const desk = aws();
    desk.backup
      .on(DescribeRestoreJobCommand)
      .resolves({ ...begun, Status, CompletionDate: new Date('2026-03-02T09:31:07.087Z'), StatusMessage: 'so' });
    expect(await desk.perform(look)).toEqual({
      of: 'look-at-restore',
      job: {
        state,
        startedAt: '2026-03-02T09:00:00.500Z',
        completedAt: '2026-03-02T09:31:07.087Z',
        message: 'so',
      },
    });
    expect(sent(desk.backup)).toEqual([['DescribeRestoreJob', { RestoreJobId: 'restore-1' }]]);
  });

  it.each([
    `Table already exists: ${scratchTable}`,
    'Cannot find recovery point.',
    'The recovery point has expired.',
    'Access denied exception while trying to use the KMS key.',
    'LimitExceededException: 50 restores are under way',
  ])(
    'tells a job that failed with “%s” as failed with it: it is over, and looking again would not help',
    async (StatusMessage) => {
      const desk = aws();
      desk.backup.on(DescribeRestoreJobCommand).resolves({ ...begun, Status: 'FAILED', StatusMessage });
      expect(await desk.perform(look)).toEqual({
        of: 'look-at-restore',
        job: { state: 'failed', startedAt: '2026-03-02T09:00:00.500Z', completedAt: null, message: StatusMessage },
      });
    },
  );

  it('does not guess at a job without a status, or with a new one', async () => {
    const desk = aws();
    for (const answer of [begun, { ...begun, Status: 'RESTING' as RestoreJobStatus }]) {
      desk.backup.on(DescribeRestoreJobCommand).resolves(answer);
      await expect(desk.perform(look)).rejects.toThrow(/The answer of DescribeRestoreJob says nothing/);
    }
  });
});

describe('look-at-restore from an instant', () => {
  const look = { do: 'look-at-restore', jobId: null, scratchTable } as const;
  const summary = (RestoreInProgress: boolean) => ({ RestoreDateTime: restored, RestoreInProgress });

  it.each([
    ['CREATING', true, 'running', null],
    ['ACTIVE', true, 'running', null],
    ['CREATING', false, 'running', null],
    [undefined, false, 'running', null],
    ['ACTIVE', false, 'completed', null],
    ['UPDATING', false, 'completed', null],
    ['DELETING', false, 'failed', 'The table is DELETING.'],
    ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', false, 'failed', 'The table is INACCESSIBLE_ENCRYPTION_CREDENTIALS.'],
  ] as const)('knows a table %s, in progress %s, as %s', async (TableStatus, inProgress, state, message) => {
    const desk = aws();
    describes(desk, tableOf({ TableStatus, CreationDateTime: created, RestoreSummary: summary(inProgress) }));
    expect(await desk.perform(look)).toEqual({
      of: 'look-at-restore',
      job: { state, startedAt: '2026-03-02T09:00:01.250Z', completedAt: null, message },
    });
    expect(sent(desk.backup)).toEqual([]);
  });

  it('says when there is no table', async () => {
    const desk = aws();
    describes(desk, null);
    expect(await desk.perform(look)).toMatchObject({ of: 'look-at-restore', trouble: 'not-found' });
  });

  it('judges a table that says nothing of a restore by its status', async () => {
    const desk = aws();
    for (const [TableStatus, state] of [
      ['CREATING', 'running'],
      ['ACTIVE', 'completed'],
    ] as const) {
      describes(desk, tableOf({ TableStatus }));
      expect(await desk.perform(look)).toMatchObject({ job: { state, startedAt: null } });
    }
  });
});
