import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { arns, dueUrl, type SmallCloud, smallCloud, startSmallCloud } from './small-cloud.ts';

/** What an operator's command asks of the services, by permissions that are checked like those of functions. */
const functionArn = smallCloud.functions[0]?.arn ?? '';
const allow = (actions: string[], resources: string[]) => ({
  effect: 'Allow' as const,
  actions,
  resources,
  conditions: {},
});

const tables = 'arn:aws:dynamodb:eu-central-1:123456789012:table';

let cloud: SmallCloud;
let clients: { sqs: SQSClient; ssm: SSMClient; lambda: LambdaClient; s3: S3Client; db: DynamoDBClient };
const outcomes: ('throttled' | 'failed' | 'answered')[] = [];

beforeAll(async () => {
  cloud = await startSmallCloud({
    model: {
      ...smallCloud,
      parameters: [
        ...smallCloud.parameters,
        { name: '/desk/fixed', arn: 'arn:aws:ssm:eu-central-1:123456789012:parameter/desk/fixed', value: 'fixed' },
      ],
      roles: [
        ...smallCloud.roles,
        {
          id: 'role/drills',
          arn: 'arn:aws:iam::123456789012:role/drills',
          statements: [
            allow(['dynamodb:DeleteTable'], [`${tables}/desk-drill-*`]),
            allow(['dynamodb:Scan'], [`${tables}/billing`, `${tables}/*`]),
          ],
        },
      ],
      operator: {
        ...smallCloud.operator,
        statements: [
          allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage'], [arns.dead]),
          allow(['sqs:SendMessage'], [arns.due]),
          allow(['ssm:GetParameter'], ['arn:aws:ssm:eu-central-1:123456789012:parameter/desk/*']),
          allow(['ssm:PutParameter'], ['arn:aws:ssm:eu-central-1:123456789012:parameter/desk/sources']),
          allow(['lambda:InvokeFunction'], [`${functionArn}:live`]),
        ],
      },
    },
    invoke: async (id, event) => {
      switch (outcomes.shift() ?? 'answered') {
        case 'throttled':
          return { kind: 'throttled' };
        case 'failed':
          return { kind: 'failed', failure: { errorType: 'TypeError', errorMessage: 'no', trace: [] } };
        case 'answered':
          return { kind: 'answered', payload: JSON.stringify({ id, event }) };
      }
    },
  });
  const config = {
    endpoint: cloud.services.endpoint,
    region: 'eu-central-1',
    credentials: cloud.services.operatorCredentials(),
    maxAttempts: 1,
  };
  clients = {
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    ssm: new SSMClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client(config),
    db: new DynamoDBClient(config),
  };
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await cloud.stop();
});
beforeEach(() => cloud.services.reset());

const error = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (reason: Error) => reason.name,
  );
const deadUrl = `${dueUrl}-dead`;

it('receives a message with its attributes, hides it, shows it again, removes it', async () => {
  const attributes = { kind: { DataType: 'String', StringValue: 'sla' } };
  await cloud.open.sqs.send(
    new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: 'héllo', MessageAttributes: attributes }),
  );
  const receive = async (VisibilityTimeout: number) =>
    (
      await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: deadUrl, MaxNumberOfMessages: 10, VisibilityTimeout }),
      )
    ).Messages ?? [];
  // Without hiding it: once in an answer, and there for the next.
  expect(await receive(0)).toHaveLength(1);
  const [message] = await receive(20);
  expect(message).toMatchObject({
    Body: 'héllo',
    Attributes: { SentTimestamp: String(cloud.clock.now()) },
    MessageAttributes: attributes,
  });
  expect(await receive(20)).toEqual([]);
  await cloud.clock.advance(21);
  const [again] = await receive(20);
  expect(again?.MessageId).toBe(message?.MessageId);
  await clients.sqs.send(new DeleteMessageCommand({ QueueUrl: deadUrl, ReceiptHandle: again?.ReceiptHandle }));
  await cloud.clock.advance(21);
  expect(await receive(0)).toEqual([]);
});

it('calls a function at its live version, and says how it failed', async () => {
  const invoke = (Qualifier?: string, FunctionName = 'open') =>
    clients.lambda.send(new InvokeCommand({ FunctionName, Qualifier, Payload: Buffer.from('{"a":1}') }));
  const answer = await invoke('live');
  expect(answer.FunctionError).toBeUndefined();
  expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toEqual({ id: 'stack/open', event: { a: 1 } });
  outcomes.push('failed', 'throttled');
  const failure = await invoke('live');
  expect(failure.FunctionError).toBe('Unhandled');
  expect(Buffer.from(failure.Payload ?? []).toString()).toContain('TypeError');
  expect(await error(invoke('live'))).toBe('TooManyRequestsException');
  expect(await error(invoke())).toBe('AccessDeniedException');
  expect(await error(invoke('live', 'reader'))).toBe('AccessDeniedException');
});

it('tells a parameter of the template', async () => {
  const get = (Name: string) => clients.ssm.send(new GetParameterCommand({ Name }));
  expect((await get('/desk/sources')).Parameter?.Value).toBe('{"a":1}');
  expect(await error(get('/desk/other'))).toBe('AccessDeniedException');
});

it('refuses what the policy does not name', async () => {
  const { sqs, s3 } = clients;
  expect(await error(sqs.send(new ReceiveMessageCommand({ QueueUrl: dueUrl })))).toBe('AccessDeniedException');
  expect(await error(sqs.send(new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: 'x' })))).toBe(
    'AccessDeniedException',
  );
  expect(await error(sqs.send(new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['All'] })))).toBe(
    'AccessDeniedException',
  );
  expect(await error(s3.send(new ListObjectsV2Command({ Bucket: 'plain' })))).toBe('AccessDenied');
});

it('makes and fills tables that the template does not have, and touches none that it has or makes', async () => {
  const { db } = clients;
  const make = (TableName: string) =>
    db.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'PK', AttributeType: 'N' }],
        KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
      }),
    );
  await make('billing');
  await cloud.clock.advance(1);
  await db.send(new PutItemCommand({ TableName: 'billing', Item: { PK: { N: '1' } } }));
  expect((await db.send(new ScanCommand({ TableName: 'billing' }))).Items).toEqual([{ PK: { N: '1' } }]);
  const key = { PK: { S: 'a' }, SK: { S: 'T' } };
  expect(await error(db.send(new GetItemCommand({ TableName: 'operations', Key: key })))).toBe('AccessDeniedException');
  expect(await error(make('operations'))).toBe('AccessDeniedException');
  expect(await error(make('desk-drill-1'))).toBe('AccessDeniedException');
});

it('writes over a parameter that may be written, until everything is reset', async () => {
  const put = (Name: string, Overwrite?: boolean) =>
    clients.ssm.send(new PutParameterCommand({ Name, Value: '{"b":2}', Overwrite }));
  const value = async () =>
    (await clients.ssm.send(new GetParameterCommand({ Name: '/desk/sources' }))).Parameter?.Value;
  expect(await error(put('/desk/sources'))).toBe('ParameterAlreadyExists');
  expect(await error(put('/desk/fixed', true))).toBe('AccessDeniedException');
  expect(await value()).toBe('{"a":1}');
  await put('/desk/sources', true);
  expect(await value()).toBe('{"b":2}');
  await cloud.services.reset();
  expect(await value()).toBe('{"a":1}');
});
