import { SNSClient, GetSubscriptionAttributesCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { contexts } from '../functions/entrypoints/contexts.ts';
import { type Engine, startTestEngine } from './engine.ts';

/** A request as a client writes it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // Tests read what they know to be there.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly text: string;
  /** What the gateway calls the request. */
  readonly requestId: string;
}

/** Verified token claims; the gateway's authorizer has done its work. */
export interface Claims {
  readonly sub: string;
  readonly username?: string;
}

export const firstAdmin: Claims = { sub: 'sub-first-admin', username: 'root' };

export interface Api {
  readonly engine: Engine;
  /** The services that are not there: what was sent to them. */
  readonly sqs: Pick<ReturnType<typeof mockClient>, 'commandCalls'>;
  readonly sns: Pick<ReturnType<typeof mockClient>, 'commandCalls' | 'on'>;
  readonly send: (claims: Claims, call: Call) => Promise<Reply>;
  readonly stop: () => Promise<void>;
}

type Handler = (
  event: unknown,
  context: unknown,
) => Promise<{ statusCode: number; headers?: Record<string, string>; body?: string }>;

/** For the hook that starts the desk: reading the app and compiling everything takes long on a busy machine. */
export const startTimeoutMs = 120_000;

let requests = 0;

const eventOf = (claims: Claims, call: Call, requestId: string): unknown => {
  const raw = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  return {
    version: '2.0',
    rawPath: call.path,
    headers: { ...(raw === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
    ...(call.query === undefined ? {} : { queryStringParameters: call.query }),
    requestContext: {
      requestId,
      http: { method: call.method, path: call.path },
      authorizer: { jwt: { claims, scopes: [] } },
    },
    ...(raw === undefined ? {} : { body: typeof raw === 'string' ? raw : raw.toString('base64') }),
    isBase64Encoded: typeof raw === 'object',
  };
};

/**
 * The HTTP functions as they are deployed, their own entry points and wiring, on a real DynamoDB engine. Queues take
 * everything, SNS confirms everything.
 */
export const startApi = async (): Promise<Api> => {
  const engine = await startTestEngine();
  const endpoint = await engine.client.config.endpoint?.();
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  const sns = mockClient(SNSClient);
  sns.on(SubscribeCommand).callsFake((input: { Endpoint: string }) => ({
    SubscriptionArn: `arn:aws:sns:eu-central-1:000000000000:alerts:${Buffer.from(input.Endpoint).toString('hex')}`,
  }));
  sns.on(GetSubscriptionAttributesCommand).resolves({ Attributes: { PendingConfirmation: 'false' } });
  sns.on(UnsubscribeCommand).resolves({});
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: `${endpoint?.protocol}//${endpoint?.hostname}:${endpoint?.port}`,
    STAGE: 'test',
    LOG_LEVEL: 'error',
    OPERATIONS_TABLE: engine.tables.operations,
    IDEMPOTENCY_TABLE: engine.tables.idempotency,
    LISTS_TABLE: engine.tables.lists,
    KPIS_TABLE: engine.tables.kpis,
    DUE_CRITICAL_QUEUE_URL: 'http://127.0.0.1:1/critical',
    DUE_REST_QUEUE_URL: 'http://127.0.0.1:1/rest',
    DUE_DRILLS_QUEUE_URL: 'http://127.0.0.1:1/drills',
    DESK_TABLES: JSON.stringify([engine.tables.operations, engine.tables.kpis]),
    DRILL_TABLES: '[]',
    SCRATCH_TABLE_PREFIX: 'cloud-service-desk-test-drill-',
    EVIDENCE_BUCKET: 'evidence',
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:alerts',
    SMS_MONTHLY_BUDGET_USD: '1000',
    SMS_PRICE_USD: '0.1',
    TICKET_LINK: '',
    STAGE_SUBSCRIPTIONS: '[]',
    FIRST_ADMIN: 'root',
    REPORTING_ZONE: 'Europe/Berlin',
  });
  const handlers = {
    'http-desk': (await import('../functions/entrypoints/http-desk.ts')).handler as unknown as Handler,
    'http-sla': (await import('../functions/entrypoints/http-sla.ts')).handler as unknown as Handler,
    'http-on-call': (await import('../functions/entrypoints/http-on-call.ts')).handler as unknown as Handler,
    'http-alerts': (await import('../functions/entrypoints/http-alerts.ts')).handler as unknown as Handler,
    'http-drills': (await import('../functions/entrypoints/http-drills.ts')).handler as unknown as Handler,
    'http-kpis': (await import('../functions/entrypoints/http-kpis.ts')).handler as unknown as Handler,
  };
  return {
    engine,
    sqs,
    sns,
    send: async (claims, call) => {
      const context = call.path.split('/')[2] ?? '';
      const functionName = contexts[context as keyof typeof contexts] ?? 'http-desk';
      const requestId = `request-${(requests += 1)}`;
      const result = await handlers[functionName](eventOf(claims, call, requestId), {
        functionName,
        getRemainingTimeInMillis: () => 10_000,
      });
      const text = result.body ?? '';
      return {
        status: result.statusCode,
        headers: result.headers ?? {},
        body:
          text === '' ? undefined : String(result.headers?.['content-type']).includes('json') ? JSON.parse(text) : text,
        text,
        requestId,
      };
    },
    stop: async () => {
      sqs.restore();
      sns.restore();
      await engine.stop();
    },
  };
};

/** Sends as the first admin and answers the body; for what a test needs to be there. */
export const given = async (api: Api, call: Call): Promise<Reply['body']> => {
  const reply = await api.send(firstAdmin, call);
  if (reply.status >= 300) throw new Error(`${call.method} ${call.path}: ${reply.status} ${reply.text}`);
  return reply.body;
};
