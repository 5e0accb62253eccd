import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type IndexStatus,
  type PointInTimeRecoveryStatus,
  ResourceInUseException,
  type TableDescription,
  type TableStatus,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { awsActions } from '../../../functions/drills/aws/actions.ts';
import { ScratchNames } from '../../../functions/drills/aws/scratch-names.ts';
import { aws, describes, noTable, prefix, scratchTable, sent, source, tableOf } from './fixture.ts';

const TableName = scratchTable;

describe('look-at-table', () => {
  const look = { do: 'look-at-table', scratchTable } as const;
  const index = (status: IndexStatus, Backfilling?: boolean) => ({
    IndexName: 'queue',
    IndexStatus: status,
    Backfilling,
  });

  it.each([
    ['all active', tableOf({ GlobalSecondaryIndexes: [index('ACTIVE')] }), ''],
    ['being created', tableOf({ TableStatus: 'CREATING' }), 'table CREATING'],
    ['an index being created', tableOf({ GlobalSecondaryIndexes: [index('CREATING')] }), 'index queue CREATING'],
    ['an index being filled', tableOf({ GlobalSecondaryIndexes: [index('ACTIVE', true)] }), 'index queue ACTIVE'],
    [
      'both',
      tableOf({ TableStatus: 'UPDATING', GlobalSecondaryIndexes: [index('UPDATING')] }),
      'table UPDATING, index queue UPDATING',
    ],
    [
      'an index without a status',
      tableOf({ GlobalSecondaryIndexes: [{ IndexName: 'queue' }] }),
      'index queue without a status',
    ],
    ['without a status', tableOf({ TableStatus: undefined }), 'table without a status'],
  ])('waits until table and indexes are active: %s', async (_what, table, waitingFor) => {
    const desk = aws();
    describes(desk, table);
    expect(await desk.perform(look)).toEqual({
      of: 'look-at-table',
      table: { active: waitingFor === '', waitingFor },
    });
    expect(sent(desk.dynamodb)).toEqual([['DescribeTable', { TableName }]]);
  });

  it('has no table where there is none', async () => {
    const desk = aws();
    describes(desk, null);
    expect(await desk.perform(look)).toEqual({ of: 'look-at-table', table: null });
  });

  it('does not wait for a table whose key cannot be used', async () => {
    const desk = aws();
    describes(desk, tableOf({ TableStatus: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' }));
    expect(await desk.perform(look)).toMatchObject({ of: 'look-at-table', trouble: 'denied' });
  });
});

/** One table as DynamoDB has it, for what removing does. */
const fakeTable = (table: TableDescription, recovery: PointInTimeRecoveryStatus = 'ENABLED') => {
  const desk = aws();
  const now: { table: TableDescription | null; recovery: PointInTimeRecoveryStatus } = { table, recovery };
  const existing = (): TableDescription => {
    if (now.table === null) throw noTable();
    return now.table;
  };
  desk.dynamodb.on(DescribeTableCommand).callsFake(() => ({ Table: existing() }));
  desk.dynamodb.on(DescribeContinuousBackupsCommand).callsFake(() => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: now.recovery },
    },
  }));
  desk.dynamodb.on(UpdateContinuousBackupsCommand).callsFake(({ PointInTimeRecoverySpecification: wanted }) => {
    now.recovery = wanted?.PointInTimeRecoveryEnabled === true ? 'ENABLED' : 'DISABLED';
    return {};
  });
  desk.dynamodb.on(UpdateTableCommand).callsFake(({ DeletionProtectionEnabled }) => {
    now.table = { ...existing(), DeletionProtectionEnabled };
    return {};
  });
  desk.dynamodb.on(DeleteTableCommand).callsFake(() => {
    if (existing().DeletionProtectionEnabled === true) throw new Error('protected');
    now.table = { ...existing(), TableStatus: 'DELETING' };
    return {};
  });
  return { ...desk, now };
};

describe('remove-table', () => {
  const remove = { do: 'remove-table', scratchTable } as const;
  const still = { of: 'remove-table', removed: false };

  it('takes the protection off, then the backups, then the table, and is done once the table is gone', async () => {
    const desk = fakeTable(tableOf({ DeletionProtectionEnabled: true }));
    expect(await desk.perform(remove)).toEqual(still);
    expect(await desk.perform(remove)).toEqual(still);
    expect(await desk.perform(remove)).toEqual(still);
    desk.now.table = null;
    expect(await desk.perform(remove)).toEqual({ of: 'remove-table', removed: true });
    expect(await desk.perform(remove)).toEqual({ of: 'remove-table', removed: true });
    expect(sent(desk.dynamodb)).toEqual([
      ['DescribeTable', { TableName }],
      ['UpdateTable', { TableName, DeletionProtectionEnabled: false }],
      ['DescribeTable', { TableName }],
      ['DescribeContinuousBackups', { TableName }],
      [
        'UpdateContinuousBackups',
        { TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
      ],
      ['DeleteTable', { TableName }],
      ['DescribeTable', { TableName }],
      ['DescribeTable', { TableName }],
      ['DescribeTable', { TableName }],
    ]);
  });

  it.each(['CREATING', 'UPDATING', 'DELETING'] satisfies TableStatus[])(
    'waits for a table that is %s',
    async (TableStatus) => {
      const desk = fakeTable(tableOf({ TableStatus, DeletionProtectionEnabled: true }));
      expect(await desk.perform(remove)).toEqual(still);
      expect(sent(desk.dynamodb)).toEqual([['DescribeTable', { TableName }]]);
    },
  );

  it('removes a table whose key cannot be used, too', async () => {
    const desk = fakeTable(tableOf({ TableStatus: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' }));
    expect(await desk.perform(remove)).toEqual(still);
    expect(sent(desk.dynamodb)).toEqual([
      ['DescribeTable', { TableName }],
      ['DeleteTable', { TableName }],
    ]);
  });

  it('comes back when the protection is not off everywhere yet, or the table is just being changed', async () => {
    const desk = fakeTable(tableOf());
    desk.dynamodb.on(DeleteTableCommand).rejects(
      Object.assign(
        new Error(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        ),
        {
          name: 'ValidationException',
        },
      ),
    );
    expect(await desk.perform(remove)).toMatchObject({ of: 'remove-table', trouble: 'busy' });
    desk.dynamodb.on(DeleteTableCommand).rejects(new ResourceInUseException({ message: 'in use', $metadata: {} }));
    expect(await desk.perform(remove)).toMatchObject({ of: 'remove-table', trouble: 'busy' });
  });

  it('takes a table that went in the meantime for one that is there still, until it has looked', async () => {
    const desk = fakeTable(tableOf());
    desk.dynamodb.on(DeleteTableCommand).rejects(noTable());
    expect(await desk.perform(remove)).toMatchObject({ of: 'remove-table', trouble: 'not-found' });
    desk.now.table = null;
    expect(await desk.perform(remove)).toEqual({ of: 'remove-table', removed: true });
  });
});

/** Names that somebody might come by: live tables, ARNs, near misses of the prefix, and anything. */
const foreignNames = fc
  .oneof(
    fc.string(),
    fc.constantFrom(
      'desk-operations',
      'desk-lists',
      '',
      prefix,
      prefix.slice(0, -1),
      prefix.toUpperCase() + 'x',
      ` ${scratchTable}`,
      `arn:aws:dynamodb:eu-central-1:111122223333:table/${scratchTable}`,
      `${scratchTable}/index/queue`,
      `${scratchTable}\n`,
    ),
    fc.string({ unit: fc.constantFrom(...'cloudservice-desktrill_.0') }),
    fc.nat(prefix.length - 1).map((length) => prefix.slice(0, length) + 'operations'),
    fc.string().map((tail) => `x${prefix}${tail}`),
    fc.string({ minLength: 1 }).map((tail) => `${prefix}${tail}/`),
  )
  .filter(
    (name) => !(name.startsWith(prefix) && /^[A-Za-z0-9_.-]+$/.test(name.slice(prefix.length)) && !name.endsWith('\n')),
  );

describe('foreign tables', () => {
  it('are refused by whatever makes, changes or removes a table, without a single call', async () => {
    const desk = aws();
    describes(desk, tableOf());
    await fc.assert(
      fc.asyncProperty(foreignNames, async (name) => {
        const recoveryPoint = { arn: null, createdAt: '2026-03-02T09:00:00.000Z', sizeBytes: null };
        const about = { scratchTable: name, drillId: 'drl_1', source };
        for (const action of [
          { do: 'remove-table', scratchTable: name },
          { do: 'rearm', ...about },
          { do: 'start-restore', ...about, recoveryPoint, token: 't' },
          { do: 'start-restore', ...about, recoveryPoint: { ...recoveryPoint, arn: 'arn:aws:backup:x' }, token: 't' },
        ] as const) {
          expect(await desk.perform(action)).toMatchObject({ of: action.do, trouble: 'refused' });
        }
      }),
      { numRuns: 500 },
    );
    expect([...sent(desk.dynamodb), ...sent(desk.backup)]).toEqual([]);
  });

  it('stay refused when they are live tables that the prefix fits', () => {
    expect(() => new ScratchNames('cloud-service-', ['cloud-service-desk-operations'])).toThrow(
      /a live table begins with it/,
    );
    const { options } = aws();
    for (const scratchPrefix of ['', 'desk-', 'desk-op', 'desk-operations', 'arn:aws:dynamodb:', `${prefix}*`]) {
      expect(() => awsActions({ ...options, scratchPrefix })).toThrow(/cannot be the prefix of scratch tables/);
    }
  });

  it('while scratch tables of every drill are allowed', () => {
    const names = new ScratchNames(prefix, ['desk-operations']);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz_'), minLength: 1, maxLength: 60 }),
        (id) => {
          expect(names.allows(prefix + id)).toBe(true);
        },
      ),
    );
  });
});
