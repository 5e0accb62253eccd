import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { bundleFunctions } from '../../../lib/constructs/bundles.ts';
import { type Engine, startTestEngine } from '../../engine.ts';

/**
 * The functions' own bundles in a process of their own, as Lambda runs them, and a daemon that takes what they send
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon).
 */
const folder = mkdtempSync(join(tmpdir(), 'traced-'));
const daemon = createSocket('udp4');
const documents: Segment[] = [];
let engine: Engine;

// oxlint-disable-next-line typescript/no-explicit-any
type Segment = Record<string, any>;

const runner = `
const { readFileSync } = require('node:fs');
const { name, event, folder } = JSON.parse(readFileSync(0, 'utf8'));
const { handler } = require(folder + '/' + name + '/index.js');
handler(event, { functionName: name, awsRequestId: 'this-invocation', getRemainingTimeInMillis: () => 9000 })
  .then((answer) => ({ answer }), (error) => ({ error: String(error) }))
  .then((outcome) => {
    const loaded = Object.keys(require.cache).some((file) => file.endsWith('/tracer.js'));
    setTimeout(() => { console.error(JSON.stringify({ ...outcome, loaded })); process.exit(); }, 300);
  });
`;

beforeAll(async () => {
  bundleFunctions(folder);
  daemon.on('message', (message) => documents.push(JSON.parse(message.toString().split('\n')[1] ?? '{}')));
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  engine = await startTestEngine();
}, 480_000);
afterAll(async () => {
  daemon.close();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (name: string, sampled: 0 | 1, event: unknown, table = engine.tables.operations) => {
  documents.length = 0;
  const endpoint = await engine.client.config.endpoint?.();
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', runner], {
    env: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: join(folder, name),
      _X_AMZN_TRACE_ID: `Root=1-69241a00-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=${sampled}`,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${(daemon.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: `${endpoint?.protocol}//${endpoint?.hostname}:${endpoint?.port}`,
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
      STAGE: 'test',
      OPERATIONS_TABLE: table,
      IDEMPOTENCY_TABLE: engine.tables.idempotency,
      LISTS_TABLE: engine.tables.lists,
      DUE_CRITICAL_QUEUE_URL: 'http://127.0.0.1:1/critical',
      DUE_REST_QUEUE_URL: 'http://127.0.0.1:1/rest',
      DUE_DRILLS_QUEUE_URL: 'http://127.0.0.1:1/drills',
      ALERT_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:alerts',
      SMS_MONTHLY_BUDGET_USD: '1000',
      SMS_PRICE_USD: '0.1',
      TICKET_LINK: '',
      STAGE_SUBSCRIPTIONS: '[]',
      FIRST_ADMIN: 'root',
      REPORTING_ZONE: 'Europe/Berlin',
    },
  });
  let printed = '';
  child.stderr.on('data', (chunk) => (printed += chunk));
  child.stdin.end(JSON.stringify({ name, event, folder }));
  await once(child, 'close');
  const last: string = printed.trim().split('\n').at(-1) ?? '';
  const outcome: { readonly loaded: boolean; readonly answer?: unknown; readonly error?: string } = JSON.parse(last);
  return outcome;
};

const request = (subject: string) => ({
  version: '2.0',
  rawPath: '/v1/customers',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    requestId: 'this-request',
    http: { method: 'POST', path: '/v1/customers' },
    authorizer: { jwt: { claims: { sub: 'sub-root', username: 'root' }, scopes: [] } },
  },
  body: JSON.stringify({ name: subject, tier: 'standard' }),
  isBase64Encoded: false,
});

it('a sampled request is found in X-Ray by its correlation id, with its calls of AWS and without its content', async () => {
  const outcome = await run('http-desk', 1, request('Zebrastreifen AG'));
  expect(outcome).toMatchObject({ loaded: true, answer: { statusCode: 201 } });
  const own = documents.find(({ name }) => name === '## http-desk');
  expect(own).toMatchObject({
    trace_id: '1-69241a00-0123456789abcdef01234567',
    parent_id: '0123456789abcdef',
    annotations: { function: 'http-desk', correlationId: 'this-request', outcome: 'done' },
  });
  const calls = documents.filter(({ namespace }) => namespace === 'aws');
  expect(calls.map(({ name, aws, parent_id }) => [name, aws.operation, parent_id])).toEqual([
    ['DynamoDB', 'GetItem', own?.['id']],
    ['DynamoDB', 'TransactWriteItems', own?.['id']],
  ]);
  expect(JSON.stringify(documents)).not.toContain('Zebrastreifen');
});

it('a request that is not sampled does not even load the tracer', async () => {
  expect(await run('http-desk', 0, request('Acme'))).toMatchObject({ loaded: false, answer: { statusCode: 201 } });
  expect(documents).toEqual([]);
});

it('what fails is a fault, and says no more than the class of the error', async () => {
  const outcome = await run('job-sweep', 1, { trigger: 'schedule' }, 'no-such-table');
  expect(outcome.error).toContain('ResourceNotFoundException');
  expect(documents.find(({ name }) => name === '## job-sweep')).toMatchObject({
    fault: true,
    annotations: { correlationId: 'this-invocation', outcome: 'failed' },
  });
  expect(documents.find(({ name }) => name === 'DynamoDB')).toMatchObject({
    error: true,
    annotations: { error: 'ResourceNotFoundException' },
  });
  expect(JSON.stringify(documents)).not.toContain('no-such-table');
});

it('each message of a queue is a part with the id of whoever sent it', async () => {
  const body = (correlationId: string) =>
    JSON.stringify({ pk: 'TKT#tkt_none', sk: 'T', dueAt: '2026-03-02T09:00:00.000Z', correlationId });
  await run('queue-due', 1, {
    Records: ['first', 'second'].map((id) => ({ messageId: id, body: body(id) })),
  });
  const own = documents.find(({ name }) => name === '## queue-due');
  const parts = documents.filter(
    ({ parent_id, annotations }) => parent_id === own?.['id'] && annotations !== undefined,
  );
  expect(parts.map(({ annotations }) => annotations.correlationId).sort()).toEqual(['first', 'second']);
  const callers = documents.filter(({ name }) => name === 'DynamoDB').map(({ parent_id }) => parent_id);
  expect(callers.sort()).toEqual(parts.map(({ id }) => id).sort());
});
