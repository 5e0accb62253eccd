import { BackupClient } from '@aws-sdk/client-backup';
import {
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { type AwsActionName, awsActions } from '../../../functions/drills/aws/actions.ts';
import type { DrillAwsOptions } from '../../../functions/drills/aws/options.ts';
import type { Action } from '../../../functions/drills/domain/action.ts';
import type { TableShape } from '../../../functions/drills/domain/drill.ts';
import '../../quiet.ts';

export const region = 'eu-central-1';
export const prefix = 'cloud-service-desk-test-drill-';
export const scratchTable = `${prefix}drl_01jx`;
export const drillId = 'drl_01JX';
const arnOf = (name: string): string => `arn:aws:dynamodb:${region}:111122223333:table/${name}`;
export const sourceArn = arnOf('desk-operations');
export const scratchArn = arnOf(scratchTable);
export const dataKeyArn = `arn:aws:kms:${region}:111122223333:key/1234abcd`;
export const recoveryPointArn = `arn:aws:backup:${region}:111122223333:recovery-point:1EB3B5E7`;

/** Mocked clients that never wait between attempts, and the options with them. */
export const aws = () => {
  const backupClient = new BackupClient({ region, maxAttempts: 1 });
  const tablesClient = new DynamoDBClient({ region, maxAttempts: 1 });
  const options: DrillAwsOptions = {
    backup: backupClient,
    dynamodb: tablesClient,
    vault: 'desk',
    backupRoleArn: 'arn:aws:iam::111122223333:role/backup',
    restoreRoleArn: 'arn:aws:iam::111122223333:role/restore',
    dataKeyArn,
    scratchPrefix: prefix,
    tableNames: { operations: 'desk-operations' },
  };
  const handlers = awsActions(options);
  return {
    options,
    backup: recorded(backupClient, mockClient(backupClient)),
    dynamodb: recorded(tablesClient, mockClient(tablesClient)),
    perform: (action: Action & { readonly do: AwsActionName }) => handlers[action.do](action),
  };
};

/** The source, as its drill knows it. */
export const source: TableShape = {
  tableName: 'desk-operations',
  tableArn: sourceArn,
  sizeBytes: 2_000,
  itemCount: 10,
  keys: ['PK', 'SK'],
  indexes: [],
  stream: 'NEW_AND_OLD_IMAGES',
  ttl: 'expiresAt',
  pointInTimeRecovery: true,
  latestRestorableAt: '2026-03-02T08:55:00.000Z',
  deletionProtection: true,
  tags: { team: 'desk' },
  kmsKeyArn: dataKeyArn,
};

export const tableOf = (more: Partial<TableDescription> = {}): TableDescription => ({
  TableName: scratchTable,
  TableArn: scratchArn,
  TableStatus: 'ACTIVE',
  ...more,
});

export const noTable = () => new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: {} });

/** What DescribeTable says, one answer after the other; the last stays. */
export const describes = (
  { dynamodb }: Pick<ReturnType<typeof aws>, 'dynamodb'>,
  table: TableDescription | null,
): void => {
  if (table === null) dynamodb.on(DescribeTableCommand).rejects(noTable());
  else dynamodb.on(DescribeTableCommand).resolves({ Table: table });
};

type Sent = readonly [command: string, input: unknown];
const records = new WeakMap<object, Sent[]>();

/** Keeps what is sent as it is then: the SDK's paginators go on with the same object. */
const recorded = <Mock extends object>(client: { send: unknown }, mock: Mock): Mock => {
  const record: Sent[] = [];
  const send = client.send as (...args: unknown[]) => unknown;
  client.send = (command: { input: unknown }, ...rest: unknown[]) => {
    record.push([command.constructor.name.replace(/Command$/, ''), structuredClone(command.input)]);
    return send.call(client, command, ...rest);
  };
  records.set(mock, record);
  return mock;
};

/** The names and inputs of the commands that were sent to a mocked client. */
export const sent = (mock: object): readonly Sent[] => records.get(mock) ?? [];
