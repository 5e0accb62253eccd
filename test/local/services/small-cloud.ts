import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { FaultRegistry } from '../../../local/faults/fault-registry.ts';
import type { CloudModel, PolicyStatement } from '../../../local/model.ts';
import type { ServicesOptions, WorkerCredentials } from '../../../local/services/services.ts';
import type { Strict } from '../../../local/strict.ts';
import { startServices } from '../../../local/services/start-services.ts';
import { ManualClock } from './manual-clock.ts';

const base = 'eu-central-1:123456789012';
export const arns = {
  operations: `arn:aws:dynamodb:${base}:table/operations`,
  idempotency: `arn:aws:dynamodb:${base}:table/idempotency`,
  due: `arn:aws:sqs:${base}:due`,
  dead: `arn:aws:sqs:${base}:due-dead`,
  alerts: `arn:aws:sns:${base}:alerts`,
};
export const dueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/due';

const allow = (actions: string[], resources: string[]): PolicyStatement => ({
  effect: 'Allow',
  actions,
  resources,
  conditions: {},
});

/** A desk of two tables, a queue with its dead-letter queue and a topic; `open` may do everything, `reader` next to nothing. */
export const smallCloud: CloudModel = {
  region: 'eu-central-1',
  accountId: '123456789012',
  functions: ['open', 'reader'].map((name) => ({
    id: `stack/${name}`,
    name,
    arn: `arn:aws:lambda:${base}:function:${name}`,
    codeDir: '/nowhere',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 256,
    roleId: `role/${name}`,
    reservedConcurrency: null,
  })),
  roles: [
    {
      id: 'role/open',
      arn: 'arn:aws:iam::123456789012:role/open-role',
      statements: [allow(['dynamodb:*', 'sqs:*', 'sns:*', 's3:*'], ['*'])],
    },
    {
      id: 'role/reader',
      arn: 'arn:aws:iam::123456789012:role/reader-role',
      statements: [
        allow(
          ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'],
          [arns.operations, `${arns.operations}/index/*`],
        ),
        allow(['s3:GetObject', 's3:PutObject'], ['arn:aws:s3:::plain/open/*']),
      ],
    },
  ],
  operator: { id: 'operator', arn: 'arn:aws:iam::123456789012:role/operator', statements: [] },
  tables: [
    {
      id: 'stack/operations',
      name: 'operations',
      arn: arns.operations,
      streamArn: `${arns.operations}/stream/1`,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      attributes: [
        { name: 'PK', type: 'S' },
        { name: 'SK', type: 'S' },
        { name: 'queue', type: 'S' },
      ],
      partitionKey: 'PK',
      sortKey: 'SK',
      indexes: [
        { name: 'queue', partitionKey: 'queue', sortKey: 'SK', projection: 'INCLUDE', nonKeyAttributes: ['subject'] },
      ],
      ttlAttribute: null,
    },
    {
      id: 'stack/idempotency',
      name: 'idempotency',
      arn: arns.idempotency,
      streamArn: null,
      streamViewType: null,
      attributes: [{ name: 'PK', type: 'S' }],
      partitionKey: 'PK',
      sortKey: null,
      indexes: [],
      ttlAttribute: 'expiresAt',
    },
  ],
  queues: [
    {
      id: 'stack/due',
      name: 'due',
      arn: arns.due,
      url: dueUrl,
      delaySeconds: 0,
      visibilityTimeoutSeconds: 30,
      retentionSeconds: 3600,
      redrive: { deadLetterArn: arns.dead, maxReceiveCount: 2 },
    },
    {
      id: 'stack/dead',
      name: 'due-dead',
      arn: arns.dead,
      url: `${dueUrl}-dead`,
      delaySeconds: 0,
      visibilityTimeoutSeconds: 30,
      retentionSeconds: 86_400,
      redrive: null,
    },
  ],
  topics: [{ id: 'stack/alerts', name: 'alerts', arn: arns.alerts }],
  topicSubscriptions: [
    {
      topicArn: arns.alerts,
      protocol: 'email',
      endpoint: 'stage@example.com',
      filterPolicy: { severity: ['critical'] },
    },
  ],
  buckets: [
    {
      id: 'stack/plain',
      name: 'plain',
      arn: 'arn:aws:s3:::plain',
      versioned: false,
      objectLock: false,
      defaultRetention: null,
    },
    {
      id: 'stack/locked',
      name: 'locked',
      arn: 'arn:aws:s3:::locked',
      versioned: true,
      objectLock: true,
      defaultRetention: { mode: 'GOVERNANCE', days: 1 },
    },
  ],
  parameters: [{ name: '/desk/sources', arn: `arn:aws:ssm:${base}:parameter/desk/sources`, value: '{"a":1}' }],
  eventSources: [],
  schedules: [],
  eventRules: [],
  backup: { vaults: [], rules: [] },
  alarms: [],
  api: { id: 'api', routes: [], authorizer: null, cors: null },
};

/** The services of the small cloud on a manual clock, with SDK clients of its two functions. */
export async function startSmallCloud(
  options: {
    dataDir?: string | null;
    model?: CloudModel;
    strict?: Strict | null;
    wall?: () => number;
    invoke?: ServicesOptions['invoke'];
  } = {},
) {
  const clock = new ManualClock();
  const faults = new FaultRegistry(1);
  const killed: string[] = [];
  const log: string[] = [];
  const services = await startServices({
    model: options.model ?? smallCloud,
    clock,
    faults,
    dataDir: options.dataDir ?? null,
    strict: options.strict ?? null,
    invoke: options.invoke ?? (async () => ({ kind: 'throttled' })),
    ...(options.wall === undefined ? {} : { wall: options.wall }),
    killWorker: (accessKeyId) => killed.push(accessKeyId),
    log: (message) => log.push(message),
  });
  const clients: { destroy(): void }[] = [];
  const clientsOf = (credentials: WorkerCredentials) => {
    const config = { endpoint: services.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
    const made = {
      credentials,
      db: new DynamoDBClient(config),
      sns: new SNSClient(config),
      s3: new S3Client(config),
      sqs: new SQSClient(config),
    };
    clients.push(made.db, made.s3, made.sns, made.sqs);
    return made;
  };
  return {
    clock,
    faults,
    killed,
    log,
    services,
    clientsOf,
    open: clientsOf(services.credentialsFor('stack/open', 'w1')),
    reader: clientsOf(services.credentialsFor('stack/reader', 'w1')),
    async stop() {
      for (const client of clients) client.destroy();
      await services.stop();
    },
  };
}

export type SmallCloud = Awaited<ReturnType<typeof startSmallCloud>>;
