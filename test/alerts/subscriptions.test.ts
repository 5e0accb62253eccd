import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { startEngine, table, TestClock } from './alert-world.ts';
import { alertsApi } from './alerts-api.ts';
import { fakeTopic } from './fake-topic.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
let clock: TestClock;
let topic: ReturnType<typeof fakeTopic>;
let api: ReturnType<typeof alertsApi>;
const stage: readonly StageRecipient[] = [
  {
    id: 'sub_stage_email',
    channel: 'email',
    target: 'oncall@desk.example',
    filter: { severity: ['critical'], kind: [], teamId: [], customerId: [] },
  },
];
beforeEach(async () => {
  ({ client, stop } = await startEngine());
  clock = new TestClock();
  topic = fakeTopic();
  api = alertsApi({ client, clock, sns: topic.sns, stage });
});
afterEach(() => stop());

const email = (target: string, filter: object = {}) => ({ body: { channel: 'email', target, filter } });
const subscribe = (options: object) => api('POST /v1/alert-subscriptions', options);

it('an e-mail address is pending until it confirms, and lapsed when SNS has dropped it', async () => {
  const made = await subscribe(email('Ada@Desk.example', { severity: ['critical'] }));
  expect(made).toMatchObject({
    status: 201,
    headers: { etag: '"1"', location: `/v1/alert-subscriptions/${made.body.id}` },
  });
  expect(made.body).toMatchObject({
    channel: 'email',
    target: 'ada@desk.example',
    state: 'pending',
    source: 'api',
    quietHours: null,
    digest: 'none',
    filter: { severity: ['critical'], kind: [], teamId: [], customerId: [] },
  });
  const read = () => api(`GET /v1/alert-subscriptions/${made.body.id}`, { role: 'auditor' });
  expect(await read()).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { state: 'pending' } });
  for (const one of topic.subscribed.values()) one.pending = false;
  expect(await read()).toMatchObject({ body: { state: 'active' } });
  topic.subscribed.clear();
  expect(await read()).toMatchObject({ body: { state: 'lapsed' } });
});

it('a phone number is active at once', async () => {
  const made = await subscribe({ body: { channel: 'sms', target: '+4930123456' } });
  expect(made).toMatchObject({ status: 201, body: { state: 'active', filter: { severity: [] } } });
});

it('the same Idempotency-Key subscribes once', async () => {
  const options = { ...email('ada@desk.example'), headers: { 'idempotency-key': 'k1' } };
  const first = await subscribe(options);
  const second = await subscribe(options);
  expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } });
  const { body } = await api('GET /v1/alert-subscriptions');
  expect(body.items).toHaveLength(2);
});

it('subscriptions of one address share one SNS subscription, whose policy never changes, until the last one ends', async () => {
  const filters = [{ severity: ['critical'] }, { severity: ['low'] }, { kind: ['sla.breach'] }];
  const made = await Promise.all(filters.map((filter) => subscribe(email('ada@desk.example', filter))));
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(topic.subscribed.size).toBe(1);
  const end = (id: string) => api(`DELETE /v1/alert-subscriptions/${id}`, { headers: { 'if-match': '"1"' } });
  const [first = '', second = '', third = ''] = made.map(({ body }) => body.id);
  expect((await Promise.all([end(first), end(second)])).map(({ status }) => status)).toEqual([204, 204]);
  expect(topic.mock.commandCalls(UnsubscribeCommand)).toHaveLength(0);
  expect(await end(third)).toMatchObject({ status: 204 });
  expect(topic.subscribed.size).toBe(0);
  expect((await api('GET /v1/alert-subscriptions')).body.items).toHaveLength(1);
  expect(await subscribe(email('ada@desk.example'))).toMatchObject({ status: 201 });
  expect(topic.subscribed.size).toBe(1);
});

it('a crash after SNS subscribed leaves nothing that a repetition trips over', async () => {
  topic.mock.on(SubscribeCommand).callsFakeOnce(async (input) => {
    topic.subscribed.set(`email ${input.Endpoint}`, {
      arn: 'arn:sns:x',
      policy: input.Attributes.FilterPolicy,
      pending: true,
    });
    throw new Error('connection reset');
  });
  expect(await subscribe(email('ada@desk.example'))).toMatchObject({ status: 500 });
  expect((await api('GET /v1/alert-subscriptions')).body.items).toHaveLength(1);
});

it('an address that is being ended is not subscribed meanwhile; a dead ending is taken over after half a minute', async () => {
  const { body } = await subscribe(email('ada@desk.example'));
  topic.mock.on(UnsubscribeCommand).rejects(new Error('no route to host'));
  const ended = await api(`DELETE /v1/alert-subscriptions/${body.id}`, { headers: { 'if-match': '"1"' } });
  expect(ended.status).toBe(204);
  expect(await subscribe(email('ada@desk.example'))).toMatchObject({ status: 429, headers: { 'retry-after': '5' } });
  clock.advance(31);
  expect(await subscribe(email('ada@desk.example'))).toMatchObject({ status: 201 });
});

it('ending needs the version that was read', async () => {
  const { body } = await subscribe(email('ada@desk.example'));
  const path = `DELETE /v1/alert-subscriptions/${body.id}`;
  expect(await api(path)).toMatchObject({ status: 428 });
  expect(await api(path, { headers: { 'if-match': '"7"' } })).toMatchObject({ status: 412, headers: { etag: '"1"' } });
  expect(await api(path, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 204, body: null });
  expect(await api(path, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 404 });
  expect(await api(`GET /v1/alert-subscriptions/${body.id}`)).toMatchObject({ status: 404 });
});

it('its life is told by its events; the address leaves the head with the end', async () => {
  const { body } = await subscribe(email('ada@desk.example'));
  await api(`DELETE /v1/alert-subscriptions/${body.id}`, { role: 'lead', headers: { 'if-match': '"1"' } });
  const page = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'PK = :pk',
      ExpressionAttributeValues: { ':pk': `SUB#${body.id}` },
    }),
  );
  expect(page.Items).toMatchObject([
    { type: 'alertSubscription.created', actor: { role: 'admin' }, data: { target: 'ada@desk.example' } },
    { type: 'alertSubscription.deleted', actor: { id: 'usr_lead', role: 'lead' } },
    { state: 'deleted', target: '', version: 2 },
  ]);
});

it('subscriptions of the stage are shown, but not changed', async () => {
  const path = '/v1/alert-subscriptions/sub_stage_email';
  expect(await api(`GET ${path}`)).toMatchObject({
    status: 200,
    body: { source: 'stage', state: 'active', createdAt: null },
  });
  expect(await api(`DELETE ${path}`, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 409 });
  expect(await subscribe(email('oncall@desk.example'))).toMatchObject({ status: 409 });
  expect(topic.mock.commandCalls(SubscribeCommand)).toHaveLength(0);
});

it('the list pages to the end, whatever the page', async () => {
  for (let count = 0; count < 5; count += 1) {
    clock.advance(1);
    await subscribe(email(`a${count}@desk.example`));
  }
  for (const limit of [1, 2, 5, 6, 100]) {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 20; page += 1) {
      const { body } = await api(
        `GET /v1/alert-subscriptions?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(body.items.length).toBeLessThanOrEqual(limit);
      seen.push(...body.items.map(({ target }: { target: string }) => target));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(['oncall@desk.example', ...[0, 1, 2, 3, 4].map((n) => `a${n}@desk.example`)]);
  }
});

it.each([
  [{ channel: 'pager', target: '#ops' }, 'channel', /email, sms, webhook, slack or teams/],
  [{ channel: 'slack', target: '#ops' }, 'target', /https:/],
  [{ channel: 'webhook', target: 'https://x' }, 'target', /internal/],
  [{ channel: 'webhook', target: 'http://hooks.example.com/' }, 'target', /https:/],
  [{ channel: 'webhook', target: 'https://hooks.example.com:8443/' }, 'target', /port/],
  [{ channel: 'webhook', target: 'https://ada:pw@hooks.example.com/' }, 'target', /user name/],
  [{ channel: 'teams', target: 'https://169.254.169.254/latest' }, 'target', /IP address/],
  [{ channel: 'teams', target: 'https://0x7f.1/' }, 'target', /IP address/],
  [{ channel: 'teams', target: 'https://[::1]/' }, 'target', /IP address/],
  [{ channel: 'slack', target: 'https://localhost./' }, 'target', /internal/],
  [{ channel: 'slack', target: 'https://db.eu.internal/' }, 'target', /internal/],
  [{ channel: 'email', target: 'nobody' }, 'target', /e-mail address/],
  [{ channel: 'sms', target: '0301234' }, 'target', /E\.164/],
  [
    { channel: 'email', target: 'a@b.example', quietHours: { timezone: 'UTC', from: '22:00' } },
    'quietHours.to',
    /required/,
  ],
  [
    { channel: 'email', target: 'a@b.example', quietHours: { timezone: 'Mars/Base', from: '22:00', to: '07:00' } },
    'quietHours.timezone',
    /time zone/,
  ],
  [
    { channel: 'email', target: 'a@b.example', quietHours: { timezone: 'UTC', from: '22:00', to: '22:00' } },
    'quietHours',
    /for ever/,
  ],
  [
    { channel: 'email', target: 'a@b.example', quietHours: { timezone: 'UTC', from: '24:00', to: '07:00' } },
    'quietHours.from',
    /22:00/,
  ],
  [{ channel: 'email', target: 'a@b.example', digest: 'weekly' }, 'digest', /./],
  [{ channel: 'email', target: 'a@b.example', filter: { severity: ['urgent'] } }, 'filter.severity.0', /critical/],
  [{ channel: 'email', target: 'a@b.example', filter: { team: [] } }, 'filter.team', /not a field/],
])('what cannot be obeyed is refused: %j', async (body, path, message) => {
  const answer = await subscribe({ body });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path, message: expect.stringMatching(message) }] } });
});

it.each([
  ['admin', 201, 200],
  ['manager', 201, 200],
  ['lead', 201, 200],
  ['agent', 403, 200],
  ['engineer', 403, 200],
  ['auditor', 403, 200],
  ['requester', 403, 403],
  ['integration', 403, 403],
] as const)('%s: subscribe %d, read %d', async (role, write, read) => {
  expect((await subscribe({ role, ...email('ada@desk.example') })).status).toBe(write);
  for (const path of ['/v1/alert-subscriptions', '/v1/alert-subscriptions/sub_stage_email', '/v1/alerts']) {
    expect((await api(`GET ${path}`, { role })).status).toBe(read);
  }
  const ended = await api('DELETE /v1/alert-subscriptions/sub_NONE', { role, headers: { 'if-match': '"1"' } });
  expect(ended.status).toBe(write === 201 ? 404 : 403);
});
