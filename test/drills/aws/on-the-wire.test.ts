import { BackupClient } from '@aws-sdk/client-backup';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type AwsActionName, awsActions } from '../../../functions/drills/aws/actions.ts';
import type { Action } from '../../../functions/drills/domain/action.ts';
import { aws, dataKeyArn, drillId, recoveryPointArn, scratchTable, source, sourceArn } from './fixture.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: object;
}
interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Answers as the services do, so that what the SDK makes of it is seen: null hangs up. */
let next: Answer | null;
let received: Received[];
let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: text === '' ? null : JSON.parse(text) });
      if (next === null) {
        request.socket.destroy();
        return;
      }
      response.writeHead(next.status, { 'content-type': 'application/json', ...next.headers });
      response.end(JSON.stringify(next.body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = [];
});
afterAll(async () => {
  const closed = new Promise((resolved) => server.close(resolved));
  server.closeAllConnections();
  await closed;
});

const perform = async (action: Action & { readonly do: AwsActionName }, at = endpoint) => {
  const client = {
    endpoint: at,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const backup = new BackupClient(client);
  const dynamodb = new DynamoDBClient(client);
  try {
    return await awsActions({ ...aws().options, backup, dynamodb })[action.do](action);
  } finally {
    backup.destroy();
    dynamodb.destroy();
  }
};

const recoveryPoint = { arn: recoveryPointArn, createdAt: '2026-03-02T03:00:00.000Z', sizeBytes: null };
const start = {
  do: 'start-restore',
  source,
  scratchTable,
  token: 'drl_01JX-restore-1',
  drillId,
  recoveryPoint,
} as const;
const startFromInstant = {
  ...start,
  recoveryPoint: { arn: null, createdAt: '2026-03-02T08:54:59.999Z', sizeBytes: null },
};

it('puts a restore job', async () => {
  next = { status: 200, body: { RestoreJobId: 'restore-1' } };
  expect(await perform(start)).toEqual({ of: 'start-restore', jobId: 'restore-1', acceptedAt: null });
  expect(received).toMatchObject([
    {
      method: 'PUT',
      url: '/restore-jobs',
      body: {
        RecoveryPointArn: recoveryPointArn,
        IdempotencyToken: 'drl_01JX-restore-1',
        Metadata: { targetTableName: scratchTable, encryptionType: 'KMS', kmsMasterKeyArn: dataKeyArn },
      },
    },
  ]);
});

it('asks for an instant in whole seconds, and reads instants with their fractions', async () => {
  next = { status: 200, body: { TableDescription: { CreationDateTime: 1_772_442_001.25 } } };
  expect(await perform(startFromInstant)).toEqual({
    of: 'start-restore',
    jobId: null,
    acceptedAt: '2026-03-02T09:00:01.250Z',
  });
  expect(received).toMatchObject([
    {
      headers: { 'x-amz-target': 'DynamoDB_20120810.RestoreTableToPointInTime' },
      body: { RestoreDateTime: 1_772_441_699, TargetTableName: scratchTable },
    },
  ]);
});

it('reads the exact instants of a job', async () => {
  next = {
    status: 200,
    body: { Status: 'COMPLETED', CreationDate: 1_772_442_000.5, CompletionDate: 1_772_443_867.087, PercentDone: '100' },
  };
  expect(await perform({ do: 'look-at-restore', jobId: 'restore/1', scratchTable })).toMatchObject({
    job: { state: 'completed', startedAt: '2026-03-02T09:00:00.500Z', completedAt: '2026-03-02T09:31:07.087Z' },
  });
  expect(received).toMatchObject([{ method: 'GET', url: '/restore-jobs/restore%2F1' }]);
});

it.each([
  ['InvalidParameterValueException', 400, 'refused'],
  ['InvalidRequestException', 400, 'refused'],
  ['MissingParameterValueException', 400, 'refused'],
  ['ResourceNotFoundException', 400, 'unusable'],
  ['LimitExceededException', 400, 'busy'],
  ['ServiceUnavailableException', 500, 'busy'],
  ['ThrottlingException', 400, 'busy'],
  ['AccessDeniedException', 403, 'denied'],
] as const)('reads %s of AWS Backup with its message', async (name, status, trouble) => {
  next = {
    status,
    headers: { 'x-amzn-errortype': `${name}:http://amazon.com/` },
    body: { Code: 'ERROR', Message: 'so it is' },
  };
  expect(await perform(start)).toEqual({ of: 'start-restore', trouble, message: `${name}: so it is` });
});

it.each([
  ['com.amazonaws.dynamodb.v20120810#LimitExceededException', 400, 'busy'],
  ['com.amazonaws.dynamodb.v20120810#InvalidRestoreTimeException', 400, 'unusable'],
  ['com.amazonaws.dynamodb.v20120810#PointInTimeRecoveryUnavailableException', 400, 'unusable'],
  ['com.amazonaws.dynamodb.v20120810#TableNotFoundException', 400, 'not-found'],
  ['com.amazonaws.dynamodb.v20120810#InternalServerError', 500, 'busy'],
  ['com.amazon.coral.availability#ThrottlingException', 400, 'busy'],
  ['com.amazon.coral.service#AccessDeniedException', 400, 'denied'],
  ['com.amazon.coral.validate#ValidationException', 400, 'refused'],
] as const)('reads %s of DynamoDB with its message', async (type, status, trouble) => {
  next = { status, body: { __type: type, message: 'so it is' } };
  const message = `${type.replace(/^.*#/, '')}: so it is`;
  expect(await perform(startFromInstant)).toEqual({ of: 'start-restore', trouble, message });
});

it('throws an error that it does not know, as the service has called it', async () => {
  next = { status: 400, headers: { 'x-amzn-errortype': 'BrandNewException' }, body: { Message: 'new' } };
  await expect(perform(start)).rejects.toMatchObject({ name: 'BrandNewException' });
});

/**
 * In a process of its own: errors of Node's sockets are of another realm than what runs under Jest, so the SDK wraps them here.
 */
const observedAlone = async (at: string): Promise<unknown> => {
  const script = `
    import { BackupClient } from '@aws-sdk/client-backup';
    import { Backups } from './functions/drills/aws/backups.ts';
    import { troubleOf } from './functions/drills/aws/troubles.ts';
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const backup = new BackupClient({ endpoint: process.argv[1], region: 'eu-central-1', credentials, maxAttempts: 1 });
    const error = await new Backups({ backup, vault: 'desk' }).recoveryPoints('arn').catch((error) => error);
    console.log(JSON.stringify(troubleOf(error, 'list-recovery-points')));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, at], {
    cwd: resolve(import.meta.dirname, '../../..'),
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout);
};

it('takes a service that hangs up, or is not there, for busy', async () => {
  next = null;
  const busy = { of: 'list-recovery-points', trouble: 'busy' };
  expect(await observedAlone(endpoint)).toMatchObject(busy);
  expect(received).toHaveLength(1);
  expect(await observedAlone('http://127.0.0.1:1')).toMatchObject(busy);
});

it('takes a service that fails without a name for busy', async () => {
  next = { status: 502, body: {} };
  expect(await perform({ do: 'list-recovery-points', tableArn: sourceArn })).toMatchObject({ trouble: 'busy' });
});
