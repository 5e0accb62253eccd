import { BackupServiceException } from '@aws-sdk/client-backup';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { existsSync, readFileSync } from 'node:fs';
import { awsActionNames, awsActions } from '../../../functions/drills/aws/actions.ts';
import { troubleOf } from '../../../functions/drills/aws/troubles.ts';
import { type ActionName, type Trouble, troubles } from '../../../functions/drills/domain/action.ts';
import { aws, recoveryPointArn, scratchTable, source, sourceArn } from './fixture.ts';

/** Every call that an action makes, by the SDK's name. */
const callsOf = {
  'describe-source': ['DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups', 'ListTagsOfResource'],
  'list-recovery-points': ['ListRecoveryPointsByResource'],
  'start-backup': ['StartBackupJob'],
  'look-at-backup': ['DescribeBackupJob', 'DescribeRecoveryPoint'],
  'start-restore': ['StartRestoreJob', 'RestoreTableToPointInTime', 'DescribeTable', 'ListTagsOfResource'],
  'look-at-restore': ['DescribeRestoreJob', 'DescribeTable'],
  'look-at-table': ['DescribeTable'],
  rearm: [
    'DescribeTable',
    'ListTagsOfResource',
    'TagResource',
    'DescribeTimeToLive',
    'UpdateTimeToLive',
    'DescribeContinuousBackups',
    'UpdateContinuousBackups',
    'UpdateTable',
  ],
  'remove-table': [
    'DescribeTable',
    'UpdateTable',
    'DescribeContinuousBackups',
    'UpdateContinuousBackups',
    'DeleteTable',
  ],
} as const satisfies Partial<Record<ActionName, readonly string[]>>;

const typesOf = (client: string, call: string): URL =>
  new URL(`../../../node_modules/@aws-sdk/${client}/dist-types/commands/${call}Command.d.ts`, import.meta.url);

/** The errors that AWS documents for a call, as its model says and the SDK hands on. */
const documented = (call: string): { readonly ofBackup: boolean; readonly names: readonly string[] } => {
  const ofBackup = existsSync(typesOf('client-backup', call)) && !existsSync(typesOf('client-dynamodb', call));
  const types = readFileSync(typesOf(ofBackup ? 'client-backup' : 'client-dynamodb', call), 'utf8');
  const names = [...types.matchAll(/@throws \{@link (\w+)\}/g)].map(([, name]) => name ?? '');
  return { ofBackup, names: names.filter((name) => !name.endsWith('ServiceException')) };
};

const failure = (name: string, ofBackup: boolean, message = 'so'): Error => {
  const about = { name, message, $fault: 'client' as const, $metadata: {} };
  return ofBackup ? new BackupServiceException(about) : new DynamoDBServiceException(about);
};

const expected: Readonly<Record<string, Trouble>> = {
  BackupInUseException: 'busy',
  BackupNotFoundException: 'unusable',
  ContinuousBackupsUnavailableException: 'busy',
  DependencyFailureException: 'busy',
  InternalServerError: 'busy',
  InvalidEndpointException: 'busy',
  InvalidParameterValueException: 'refused',
  InvalidRequestException: 'refused',
  InvalidRestoreTimeException: 'unusable',
  LimitExceededException: 'busy',
  MissingParameterValueException: 'refused',
  PointInTimeRecoveryUnavailableException: 'unusable',
  ResourceInUseException: 'busy',
  ResourceNotFoundException: 'not-found',
  ServiceUnavailableException: 'busy',
  TableAlreadyExistsException: 'exists',
  TableInUseException: 'busy',
  TableNotFoundException: 'not-found',
};

const cases = Object.entries(callsOf).flatMap(([action, calls]) =>
  calls.flatMap((call) => {
    const { ofBackup, names } = documented(call);
    return names.map((name) => {
      const missingPoint = call === 'StartRestoreJob' && name === 'ResourceNotFoundException';
      return { action, call, name, ofBackup, trouble: missingPoint ? 'unusable' : expected[name] };
    });
  }),
);

it('knows the errors of the calls from the SDK', () => {
  expect(cases.length).toBeGreaterThan(80);
  expect(documented('StartBackupJob')).toEqual({
    ofBackup: true,
    names: expect.arrayContaining(['LimitExceededException', 'ServiceUnavailableException']),
  });
  expect(documented('RestoreTableToPointInTime').names).toContain('InvalidRestoreTimeException');
});

it.each(cases)('$action: $call may say $name, which is $trouble', ({ action, name, ofBackup, trouble }) => {
  expect(troubles).toContain(trouble);
  expect(troubleOf(failure(name, ofBackup), action as ActionName)).toEqual({
    of: action,
    trouble,
    message: `${name}: so`,
  });
});

it.each([
  ['AccessDeniedException', 'denied'],
  ['UnrecognizedClientException', 'denied'],
  ['OptInRequired', 'denied'],
  ['NotAuthorized', 'denied'],
  ['KMSAccessDeniedException', 'denied'],
  ['KMSDisabledException', 'denied'],
  ['KMSInvalidStateException', 'denied'],
  ['KMSNotFoundException', 'denied'],
  ['KMSThrottlingException', 'busy'],
  ['ThrottlingException', 'busy'],
  ['ProvisionedThroughputExceededException', 'busy'],
  ['RequestLimitExceeded', 'busy'],
  ['ExpiredTokenException', 'busy'],
  ['InternalFailure', 'busy'],
  ['ServiceUnavailable', 'busy'],
  ['AlreadyExistsException', 'busy'],
  ['ConflictException', 'busy'],
  ['InvalidResourceStateException', 'busy'],
  ['BackupInUseException', 'busy'],
  ['BackupNotFoundException', 'unusable'],
  ['ValidationException', 'refused'],
] as const)('of every call: %s is %s', (name, trouble) => {
  for (const ofBackup of [true, false]) {
    expect(troubleOf(failure(name, ofBackup), 'start-restore')).toMatchObject({ of: 'start-restore', trouble });
  }
});

it.each([
  ['InvalidParameterValueException', 'The recovery point has expired.', 'unusable'],
  ['InvalidRequestException', 'Recovery point arn:aws:backup:x is in state EXPIRED or being deleted', 'unusable'],
  [
    'InvalidParameterValueException',
    'IAM Role arn:aws:iam::111122223333:role/x cannot be assumed by AWS Backup',
    'denied',
  ],
  ['InvalidRequestException', 'Cannot find recovery point.', 'unusable'],
  ['InvalidRequestException', 'The recovery point is being deleted and cannot be restored.', 'unusable'],
  [
    'InvalidRequestException',
    'Backup not found: arn:aws:dynamodb:eu-central-1:111122223333:table/desk/backup/1',
    'unusable',
  ],
  ['InvalidRequestException', 'Insufficient privileges to perform this action.', 'denied'],
  ['InvalidRequestException', 'Access denied exception while trying to use the KMS key.', 'denied'],
  ['InvalidRequestException', 'KMSInvalidStateException: the key is pending deletion', 'denied'],
  [
    'InvalidRequestException',
    'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: dynamodb:StartAwsBackupJob',
    'denied',
  ],
  ['InvalidRequestException', 'Table already exists: x', 'exists'],
  ['InvalidParameterValueException', 'Invalid restore metadata.', 'refused'],
  ['InvalidParameterValueException', 'Backup vault desk does not exist', 'refused'],
  ['InvalidRequestException', 'AWS Backup is not available for this resource type', 'refused'],
  ['ValidationException', 'KMS key arn:aws:kms:x is disabled', 'denied'],
  ['ValidationException', 'KMS validation error: the key does not exist', 'denied'],
  ['ValidationException', '1 validation error detected', 'refused'],
])('looks at the words of %s: %s', (name, message, trouble) => {
  expect(troubleOf(failure(name, true, message), 'start-restore')).toMatchObject({ trouble });
});

it('takes the network, timeouts and a failing service for busy', () => {
  const coded = (code: string) => Object.assign(new Error('socket hang up'), { code });
  const status = (httpStatusCode: number) => Object.assign(new Error('so'), { $metadata: { httpStatusCode } });
  for (const error of [
    ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].map(coded),
    Object.assign(new Error('no answer'), { name: 'TimeoutError' }),
    status(500),
    status(503),
    status(429),
  ]) {
    expect(troubleOf(error, 'rearm')).toMatchObject({ of: 'rearm', trouble: 'busy' });
  }
});

it('knows nothing of what nobody knows', () => {
  for (const error of [
    failure('SomethingNewException', true),
    failure('constructor', false),
    new TypeError('undefined is not a function'),
    Object.assign(new Error('so'), { code: 'ENOENT' }),
    Object.assign(new Error('so'), { code: 13 }),
    Object.assign(new Error('so'), { $metadata: { httpStatusCode: 400 } }),
    Object.assign(new Error('so'), { $metadata: { httpStatusCode: '500' } }),
    Object.assign(new Error('so'), { $metadata: null }),
    Object.assign(new Error('so'), { $metadata: {} }),
    'AccessDeniedException',
    undefined,
  ]) {
    expect(troubleOf(error, 'start-restore')).toBeNull();
  }
});

it('keeps messages short', () => {
  expect(troubleOf(failure('ThrottlingException', true, 'x'.repeat(9_000)), 'rearm')?.message).toHaveLength(500);
});

/** One of each action, so that each handler is seen to hand on and to throw. */
const recoveryPoint = { arn: recoveryPointArn, createdAt: '2026-03-02T03:00:00.000Z', sizeBytes: null };
const restore = { do: 'start-restore', source, scratchTable, token: 't', drillId: 'd' } as const;
const actions = [
  { do: 'describe-source', table: 'operations' },
  { do: 'list-recovery-points', tableArn: sourceArn },
  { do: 'start-backup', tableArn: sourceArn, token: 't' },
  { do: 'look-at-backup', jobId: 'j' },
  { ...restore, recoveryPoint },
  { ...restore, recoveryPoint: { ...recoveryPoint, arn: null } },
  { do: 'look-at-restore', jobId: 'j', scratchTable },
  { do: 'look-at-restore', jobId: null, scratchTable },
  { do: 'look-at-table', scratchTable },
  { do: 'rearm', scratchTable, source, drillId: 'd' },
  { do: 'remove-table', scratchTable },
] as const;

it.each(actions)('$do hands on throttling and denial, and throws what nobody knows', async (action) => {
  const desk = aws();
  const fail = (error: Error) => {
    desk.backup.onAnyCommand().rejects(error);
    desk.dynamodb.onAnyCommand().rejects(error);
  };
  fail(failure('ThrottlingException', false, 'Rate exceeded'));
  const throttled = { of: action.do, trouble: 'busy', message: 'ThrottlingException: Rate exceeded' };
  expect(await desk.perform(action)).toEqual(throttled);
  fail(failure('AccessDeniedException', true, 'no'));
  expect(await desk.perform(action)).toEqual({
    of: action.do,
    trouble: 'denied',
    message: 'AccessDeniedException: no',
  });
  fail(failure('SomethingNewException', true, 'new'));
  await expect(desk.perform(action)).rejects.toMatchObject({ name: 'SomethingNewException', message: 'new' });
});

it('gives no handler the action of another', async () => {
  const { options } = aws();
  const handlers = awsActions(options);
  expect(Object.keys(handlers).toSorted()).toEqual([...awsActionNames].toSorted());
  await expect(handlers['remove-table']({ do: 'look-at-table', scratchTable })).rejects.toThrow(
    'look-at-table was given to whoever does remove-table.',
  );
});
