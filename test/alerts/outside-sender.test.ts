import { createHmac } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { alertDueHandler, alertProjection, AlertStore } from '../../functions/alerts/index.ts';
import type { Post } from '../../functions/alerts/outside/post.ts';
import { plainDelivery, raise, startEngine, table, TestClock } from './alert-world.ts';
import { alertsApi } from './alerts-api.ts';
import { fakeTopic } from './fake-topic.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
let clock: TestClock;
let topic: ReturnType<typeof fakeTopic>;
let api: ReturnType<typeof alertsApi>;
let posted: { target: string; headers: Readonly<Record<string, string>>; body: string }[];
/** What the server does, one after the other; then 200. */
let answers: (number | Error)[];
beforeEach(async () => {
  ({ client, stop } = await startEngine());
  clock = new TestClock();
  topic = fakeTopic();
  topic.mock.on(PublishCommand).resolves({});
  api = alertsApi({ client, clock, sns: topic.sns, stage: [], sms: { budgetUsd: 1, priceUsd: 0.25 } });
  posted = [];
  answers = [];
});
afterEach(() => stop());

const hints = { afterCommit: async () => undefined };
const metrics: [string, number][] = [];
const wiring = () => {
  const post: Post = async (target, letter) => {
    posted.push({ target, ...letter });
    const answer = answers.shift() ?? 200;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    ...plainDelivery,
    sms: { budgetUsd: 1, priceUsd: 0.25 },
    ticketLink: 'https://desk.example/t/{ticketId}',
    client,
    table,
    clock,
    hints,
    metrics: { add: (name: string, value: number) => void metrics.push([name, value]) },
    sns: topic.sns,
    topicArn: 'arn',
    stage: [],
    post,
  };
};
const stream = (alertId: string) => alertProjection(wiring())({ sequenceNumber: '1', newImage: { alertId } });
const due = (alertId: string) => alertDueHandler(wiring())({ pk: `ALT#${alertId}`, sk: 'A', dueAt: '' });
const deliveriesOf = async (alertId: string) =>
  (await new AlertStore({ client, table, clock, hints }).find(alertId))?.deliveries;

const target = 'https://hooks.example.com/alerts?key=1';
const subscribe = (body: object) => api('POST /v1/alert-subscriptions', { body });

it('a webhook gets the alert as JSON, signed with the secret that was shown once', async () => {
  const made = await subscribe({ channel: 'webhook', target });
  const { id, secret } = made.body as unknown as { id: string; secret: string };
  expect(made).toMatchObject({
    status: 201,
    body: { state: 'active', secret: expect.stringMatching(/^whsec_.{43}$/) },
  });
  const { alertId, ticketId } = await raise(client, clock, { subject: 'Grüße "x"' });
  await stream(alertId);
  const [one] = posted;
  expect(one?.target).toBe(target);
  expect(JSON.parse(one?.body ?? '')).toMatchObject({
    type: 'alert',
    alertId,
    ticketId,
    subject: 'Grüße "x"',
    severity: 'critical',
    link: `https://desk.example/t/${ticketId}`,
  });
  const timestamp = one?.headers['x-desk-timestamp'] ?? '';
  expect(Number(timestamp)).toBe(Math.floor(clock.now() / 1000));
  const expected = createHmac('sha256', secret).update(`${timestamp}.${one?.body}`).digest('hex');
  expect(one?.headers).toMatchObject({ 'x-desk-signature': `v1=${expected}`, 'x-desk-id': alertId });
  expect(await deliveriesOf(alertId)).toMatchObject([{ route: id, state: 'published', attempts: 1 }]);
  for (const path of [`/v1/alert-subscriptions/${id}`, '/v1/alert-subscriptions', `/v1/alerts/${alertId}`])
    expect(JSON.stringify((await api(`GET ${path}`)).body)).not.toContain(secret);
  const page = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'PK = :pk AND begins_with(SK, :event)',
      ExpressionAttributeValues: { ':pk': `SUB#${id}`, ':event': 'EV#' },
    }),
  );
  expect(JSON.stringify(page.Items)).not.toContain(secret);
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { PK: 'SUBSCRIPTIONS', SK: id } }));
  expect(Item).not.toHaveProperty('secret');
});

it('who may not subscribe sees only the host of an address', async () => {
  const { body } = await subscribe({ channel: 'slack', target: 'https://hooks.slack.com/services/T/B/secret' });
  const seen = async (role: 'lead' | 'agent') => [
    (await api(`GET /v1/alert-subscriptions/${body.id}`, { role })).body as unknown as { target: string },
    ...(await api('GET /v1/alert-subscriptions', { role })).body.items,
  ];
  expect((await seen('lead')).map(({ target: at }) => at)).toEqual(
    Array(2).fill('https://hooks.slack.com/services/T/B/secret'),
  );
  expect((await seen('agent')).map(({ target: at }) => at)).toEqual(Array(2).fill('https://hooks.slack.com/...'));
});

it('the same Idempotency-Key shows the same secret', async () => {
  const options = { body: { channel: 'webhook', target }, headers: { 'idempotency-key': 'k' } };
  const [first, second] = [
    await api('POST /v1/alert-subscriptions', options),
    await api('POST /v1/alert-subscriptions', options),
  ];
  expect(second.body).toEqual(first.body);
});

it('Slack gets text and blocks in which nothing rings a channel, Teams a card', async () => {
  expect((await subscribe({ channel: 'slack', target: 'https://hooks.slack.com/services/a/b/c' })).body).toMatchObject({
    secret: null,
  });
  await subscribe({ channel: 'teams', target: 'https://x.logic.azure.com/workflows/1' });
  await subscribe({ channel: 'teams', target: 'https://x.logic.azure.com/workflows/1' });
  const { alertId } = await raise(client, clock, { subject: '<!channel> *[x](https://evil.example)*' });
  await stream(alertId);
  expect(posted).toHaveLength(2);
  const bodyFor = (host: string) => JSON.parse(posted.find((one) => one.target.includes(host))?.body ?? '');
  const slack = bodyFor('slack');
  expect(slack).toMatchObject({
    text: '[critical] T-12: first response overdue',
    blocks: [{ type: 'header' }, { type: 'section' }, { type: 'section' }, { type: 'context' }],
  });
  expect(JSON.stringify(slack)).toContain('&lt;!channel&gt;');
  const teams = bodyFor('azure');
  expect(teams).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { type: 'AdaptiveCard', actions: [{ type: 'Action.OpenUrl' }] },
      },
    ],
  });
  expect(JSON.stringify(teams)).not.toContain('[x](https');
  for (const { headers } of posted) expect(headers).not.toHaveProperty('x-desk-signature');
});

it.each([
  ['429', 429],
  ['500', 500],
  ['503', 503],
  ['a timeout', Object.assign(new Error('late'), { name: 'WebhookTimeout' })],
  ['a broken connection', new Error('ECONNRESET')],
])(
  '%s is tried again by the due index, with the same body and id; the stream does not wait for it',
  async (_what, answer) => {
    await subscribe({ channel: 'webhook', target });
    answers = [answer];
    const { alertId } = await raise(client, clock);
    await stream(alertId);
    expect(await deliveriesOf(alertId)).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    clock.advance(61);
    await due(alertId);
    expect(await deliveriesOf(alertId)).toMatchObject([{ state: 'published', attempts: 2 }]);
    expect(posted[1]?.body).toBe(posted[0]?.body);
    expect(posted.map(({ headers }) => headers['x-desk-id'])).toEqual([alertId, alertId]);
  },
);

it.each([301, 400, 401, 404, 410])('%d is failed at once, and says so', async (status) => {
  await subscribe({ channel: 'webhook', target });
  answers = [status];
  const { alertId } = await raise(client, clock);
  await stream(alertId);
  expect((await api(`GET /v1/alerts/${alertId}`)).body).toMatchObject({
    state: 'failed',
    deliveries: [{ state: 'failed', attempts: 1, lastError: `WebhookAnswered${status}` }],
  });
});

it('a subscription that ended while its delivery waited gets nothing', async () => {
  const { body } = await subscribe({ channel: 'webhook', target });
  answers = [500];
  const { alertId } = await raise(client, clock);
  await stream(alertId).catch(() => undefined);
  const ended = await api(`DELETE /v1/alert-subscriptions/${body.id}`, { headers: { 'if-match': '"1"' } });
  expect(ended.status).toBe(204);
  clock.advance(61);
  await due(alertId);
  expect(posted).toHaveLength(1);
  expect(await deliveriesOf(alertId)).toMatchObject([{ state: 'failed', lastError: 'SubscriptionEnded' }]);
});

it('texts stop when the budget of the month is used up; others are told all the same, and the next month begins anew', async () => {
  await subscribe({ channel: 'email', target: 'ada@desk.example' });
  const { body: sms } = await subscribe({ channel: 'sms', target: '+4930123456' });
  const spend = async () => (await api(`GET /v1/alert-subscriptions/${sms.id}`)).body;
  expect(await spend()).toMatchObject({ state: 'active', sms: { spentDollars: 0, budgetDollars: 1, state: 'ok' } });
  const tell = async () => {
    const { alertId } = await raise(client, clock);
    await stream(alertId);
    return ((await deliveriesOf(alertId)) ?? []).map(({ channel, state, lastError }) => [channel, state, lastError]);
  };
  metrics.length = 0;
  for (let count = 0; count < 4; count += 1) await tell();
  expect(await spend()).toMatchObject({ state: 'active', sms: { spentDollars: 1, state: 'exhausted' } });
  expect((await tell()).sort()).toEqual([
    ['email', 'published', undefined],
    ['sms', 'failed', 'SmsBudgetExhausted'],
  ]);
  expect(topic.mock.commandCalls(PublishCommand)).toHaveLength(9);
  const used = metrics.filter(([name]) => name === 'SmsBudgetUsed').map(([, value]) => value);
  expect(used).toEqual([25, 50, 75, 100, 100]);
  clock.advance(31 * 86_400);
  expect((await tell()).map(([, state]) => state)).toEqual(['published', 'published']);
  expect(await spend()).toMatchObject({ sms: { spentDollars: 0.25, state: 'ok' } });
});

it('a change needs the version that was read, names what it changes and leaves the rest', async () => {
  const { body } = await subscribe({ channel: 'webhook', target, filter: { severity: ['critical'] } });
  const path = `/v1/alert-subscriptions/${body.id}`;
  const change = (wishes: object, version = 1, role: 'lead' | 'agent' = 'lead') =>
    api(`PATCH ${path}`, { role, body: wishes, headers: { 'if-match': `"${version}"` } });
  expect(await api(`PATCH ${path}`, { body: { digest: 'daily' } })).toMatchObject({ status: 428 });
  expect(await change({ digest: 'daily' }, 1, 'agent')).toMatchObject({ status: 403 });
  expect(await change({})).toMatchObject({ status: 400 });
  expect(await change({ target: 'https://other.example.com/' })).toMatchObject({ status: 400 });
  const quietHours = { timezone: 'Europe/Berlin', from: '22:00', to: '07:00', days: ['sat'], except: ['critical'] };
  const agentId = 'agt_01J8Z0K3V5W7Y9ABCDEFGHJKMN';
  expect(await change({ quietHours, agentId })).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { quietHours, agentId, digest: 'none', filter: { severity: ['critical'] }, version: 2 },
  });
  expect(await change({ digest: 'daily' })).toMatchObject({ status: 412, headers: { etag: '"2"' } });
  expect(await change({ quietHours: null, digest: 'daily' }, 2)).toMatchObject({
    body: { quietHours: null, digest: 'daily', agentId, version: 3 },
  });
  expect((await api(`GET ${path}`)).body).toMatchObject({ digest: 'daily', agentId, version: 3 });
  // The secret is still there: what it gets is signed.
  const { alertId } = await raise(client, clock);
  expect(await change({ digest: 'none' }, 3)).toMatchObject({ status: 200 });
  await stream(alertId);
  expect(posted[0]?.headers).toHaveProperty('x-desk-signature');
  expect(
    await api('PATCH /v1/alert-subscriptions/sub_NONE', { body: { digest: 'none' }, headers: { 'if-match': '"1"' } }),
  ).toMatchObject({ status: 404 });
});
