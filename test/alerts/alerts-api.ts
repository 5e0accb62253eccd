import type { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SmsPrices } from '../../functions/alerts/domain/sms-spend.ts';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import {
  AlertLists,
  alertReadingRoutes,
  AlertStore,
  alertSubscriptionRoutes,
  AlertTopic,
  newSecret,
  Roster,
  SmsSpendStore,
  SubscriptionStore,
} from '../../functions/alerts/index.ts';
import type { Role } from '../../functions/platform/actor.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import { DueHints } from '../../functions/platform/due/hints.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { OnceRecords } from '../../functions/platform/store/once.ts';
import { idempotencyTable, plainDelivery, table, type TestClock } from './alert-world.ts';

/** The fields of an answer that tests look at by name; the rest they match as a whole. */
interface Body {
  readonly id: string;
  readonly items: { readonly id: string; readonly target: string }[];
  readonly nextCursor: string | null;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
}

/** The HTTP function of alerts, with callers that are whatever role the test says. */
export const alertsApi = (options: {
  client: DynamoDBDocumentClient;
  clock: TestClock;
  sns: SNSClient;
  stage: readonly StageRecipient[];
  sms?: SmsPrices;
}) => {
  const clients = { sqs: new SQSClient({ region: 'eu-central-1' }), urls: { critical: 'critical', rest: 'rest' } };
  const hints = new DueHints({ ...clients, clock: options.clock });
  const base = { ...options, table, hints };
  const once = new OnceRecords({ ...options, table: idempotencyTable });
  const cursors = new Cursors(base);
  const handler = httpHandler({
    routes: [
      ...alertSubscriptionRoutes({
        ...base,
        roster: new Roster(base),
        subscriptions: new SubscriptionStore({ ...base, committer: new Committer(base) }),
        endpoints: new AlertTopic({ sns: options.sns, topicArn: 'arn:aws:sns:eu-central-1:000000000000:alerts' }),
        cursors,
        once,
        newSecret,
        spend: new SmsSpendStore({ ...base, sms: options.sms ?? plainDelivery.sms }),
      }),
      ...alertReadingRoutes({
        alerts: new AlertStore(base),
        lists: new AlertLists(base),
        cursors,
        once,
        acknowledge: () => Promise.reject(new Error('is told to the ticket: see test/desk/acknowledge.test.ts')),
      }),
    ],
    principalOf: async (claims) => ({
      id: `usr_${claims['role']}`,
      role: claims['role'] as Role,
      customerId: null,
      teamId: null,
    }),
    once,
  });
  return async (
    request: string,
    { role = 'admin', body, headers = {} }: { role?: Role; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer> => {
    const [method = '', url = ''] = request.split(' ');
    const { pathname, searchParams } = new URL(url, 'http://desk');
    const event = {
      rawPath: pathname,
      queryStringParameters: Object.fromEntries(searchParams),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: { requestId: 'r', http: { method }, authorizer: { jwt: { claims: { role } } } },
    };
    const answer = await handler(event as never, {} as never);
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers ?? {},
      body: answer.body === undefined ? null : JSON.parse(answer.body),
    };
  };
};
