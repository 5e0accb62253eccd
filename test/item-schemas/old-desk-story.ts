import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { writeFileSync } from 'node:fs';
import { type Call, firstAdmin, given, startApi } from '../api.ts';

/**
 * Writes the tables of a desk that an old commit ran, and what it answered then. It is run in a checkout of that commit
 * (see test/data/README.md), so it uses only what was there from the start: the HTTP functions and the functions behind them.
 *
 *     node test/item-schemas/old-desk-story.ts FILE
 */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file to write');

let now = Date.parse('2026-03-02T09:00:00Z');
Date.now = () => now;
const advance = (minutes: number): void => void (now += minutes * 60_000);

const api = await startApi();
const filterOfAll = { severity: [], kind: [], teamId: [], customerId: [] };
Object.assign(process.env, {
  ROLLUP_QUEUE_URL: 'http://127.0.0.1:1/rollup',
  SMS_MONTHLY_BUDGET_USD: '1000',
  SMS_PRICE_USD: '0.1',
  TICKET_LINK: '',
  STAGE_SUBSCRIPTIONS: JSON.stringify([
    { id: 'sub_stage_oncall', channel: 'email', target: 'oncall@desk.example', filter: filterOfAll },
  ]),
});
mockClient(SQSClient).onAnyCommand().resolves({ Successful: [], Failed: [] }).on(SendMessageCommand).resolves({});
let topicWorks = true;
const subscriptionArn = (input: { Endpoint: string }) => ({
  SubscriptionArn: `arn:aws:sns:eu-central-1:000000000000:alerts:${Buffer.from(input.Endpoint).toString('hex')}`,
});
mockClient(SNSClient)
  .onAnyCommand()
  .callsFake((input: { Endpoint?: string }) =>
    input.Endpoint === undefined
      ? { Attributes: { PendingConfirmation: 'false' } }
      : subscriptionArn({ Endpoint: input.Endpoint }),
  )
  .on(PublishCommand)
  .callsFake(() => {
    if (!topicWorks) throw new Error('the topic is away');
    return { MessageId: 'message' };
  });

type Run = (event: unknown, context: unknown) => Promise<unknown>;
const load = async (name: string): Promise<Run> => (await import(`../../functions/entrypoints/${name}.ts`)).handler;
const functions = {
  kpis: await load('stream-kpis'),
  alerts: await load('stream-alerts'),
  due: await load('queue-due'),
  rollup: await load('job-rollup'),
};
const run = async (name: keyof typeof functions, event: unknown): Promise<unknown> =>
  functions[name](event, { functionName: name, awsRequestId: name, getRemainingTimeInMillis: () => 100_000 });

const itemsOf = async (table: string) =>
  (await api.engine.client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

const seen = new Set<string>();
/** Brings what was written since the last time to both streams, as Lambda would. */
const stream = async (): Promise<void> => {
  const fresh = (await itemsOf(api.engine.tables.operations))
    .filter(({ PK, SK, version }) => {
      const key = `${PK} ${SK} ${version}`;
      if (seen.has(key) || !(String(SK).startsWith('EV#') || SK === 'T')) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => (`${a['PK']} ${a['SK']}` < `${b['PK']} ${b['SK']}` ? -1 : 1));
  const Records = fresh.map((item, index) => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: `${index}`, NewImage: marshall(item) },
  }));
  await run('kpis', { Records });
  await run('alerts', { Records });
};
/** Attends to one item of the due index. */
const attend = (pk: string, sk: string): Promise<unknown> =>
  run('due', {
    Records: [{ messageId: 'due', body: JSON.stringify({ pk, sk, dueAt: new Date(now).toISOString() }) }],
  });

const post = (path: string, body: unknown, headers: Call['headers'] = {}) =>
  given(api, { method: 'POST', path, body, headers });
const customer = await post('/v1/customers', { name: 'Acme', tier: 'gold' });
const other = await post('/v1/customers', { name: 'Globex', tier: 'standard' });
const team = await post('/v1/teams', { name: 'Network' });
const second = await post('/v1/teams', { name: 'Storage' });
const agent = await post('/v1/agents', {
  name: 'Grace',
  email: 'grace@desk.example',
  teamId: team.id,
  role: 'lead',
  subject: 'sub-grace',
});
await post('/v1/contacts', { customerId: customer.id, name: 'Bob', email: 'bob@acme.example', subject: 'sub-bob' });
await post('/v1/alert-subscriptions', {
  channel: 'email',
  target: 'a@acme.example',
  filter: filterOfAll,
  quietHours: null,
  digest: 'none',
});
await post('/v1/alert-subscriptions', {
  channel: 'sms',
  target: '+4915112345678',
  filter: { ...filterOfAll, severity: ['critical'] },
  quietHours: null,
  digest: 'none',
});
const gone = await post('/v1/alert-subscriptions', {
  channel: 'email',
  target: 'gone@acme.example',
  filter: filterOfAll,
  quietHours: null,
  digest: 'none',
});
const deleted = await api.send(firstAdmin, {
  method: 'DELETE',
  path: `/v1/alert-subscriptions/${gone.id}`,
  headers: { 'if-match': `"${gone.version}"` },
});
if (deleted.status >= 300) throw new Error(`the subscription was not deleted: ${deleted.text}`);

const open = async (subject: string, over: Readonly<Record<string, unknown>>, headers: Call['headers'] = {}) => {
  const made = await post(
    '/v1/tickets',
    {
      customerId: customer.id,
      requester: { name: 'Ada', email: 'ada@acme.example', phone: null },
      subject,
      description: 'Since 09:10.',
      type: 'incident',
      priority: 'high',
      channel: 'email',
      teamId: team.id,
      tags: ['vpn'],
      ...over,
    },
    headers,
  );
  await stream();
  return made;
};
const reply = async (id: string, body: string, over: object = {}): Promise<void> => {
  await post(`/v1/tickets/${id}/replies`, { body, visibility: 'public', channel: 'email', ...over });
  await stream();
};
const status = async (id: string, to: string): Promise<void> => {
  await post(`/v1/tickets/${id}/status`, { status: to, reason: 'said so', note: 'A note.' });
  await stream();
};
const words = (count: number): string =>
  'Zwölf Boxkämpfer jagen Viktor. '.repeat(Math.ceil(count / 32)).slice(0, count);

// A long life: replies, notes, a pause, a reopen, a change of team and priority.
const lively = await open('The tunnel flaps', {}, { 'idempotency-key': 'lively' });
advance(20);
await reply(lively.id, words(900));
await reply(lively.id, 'Only for us.', { visibility: 'internal' });
await status(lively.id, 'waiting_customer');
advance(45);
await reply(lively.id, 'It is the left one.', { onBehalfOf: lively.requesterId });
await given(api, {
  method: 'PATCH',
  path: `/v1/tickets/${lively.id}`,
  headers: { 'if-match': '"6"' },
  body: { teamId: second.id, priority: 'critical', tags: ['vpn', 'left'] },
}).catch(async () => {
  const { version } = await given(api, { method: 'GET', path: `/v1/tickets/${lively.id}` });
  await given(api, {
    method: 'PATCH',
    path: `/v1/tickets/${lively.id}`,
    headers: { 'if-match': `"${version}"` },
    body: { teamId: second.id, priority: 'critical', tags: ['vpn', 'left'] },
  });
});
await stream();
await status(lively.id, 'resolved');
advance(30);
await status(lively.id, 'open');
advance(10);
await status(lively.id, 'resolved');
await run('rollup', { trigger: 'schedule' });

// Descriptions of every length that is kept in another way.
const inHead = await open('Described in 320 bytes', { description: words(320).slice(0, 300), priority: 'normal' });
await open('Described in 2,000 bytes', { description: words(2000), teamId: null, customerId: other.id });
const solved = await open('Solved at once', { priority: 'low' });
await status(solved.id, 'resolved');

// Breaches: one by its timer, one noticed by a late reply, one whose alert cannot be delivered.
const late = await open('Nobody answers', { priority: 'critical' });
const lateAnswer = await open('Answered too late', { priority: 'critical', teamId: second.id });
advance(70);
await attend(`TKT#${late.id}`, 'T');
await stream();
await reply(lateAnswer.id, 'Sorry.');
topicWorks = false;
const unheard = await open('Its alert is not heard', { priority: 'critical' });
advance(90);
await attend(`TKT#${unheard.id}`, 'T');
await stream();
advance(2);
for (const { PK, state } of await itemsOf(api.engine.tables.operations)) {
  if (String(PK).startsWith('ALT#') && state === 'raised') await attend(String(PK), 'A');
}
topicWorks = true;
await run('rollup', { trigger: 'schedule' });

// History from elsewhere.
await post(
  '/v1/tickets/import',
  {
    tickets: [1, 2].map((number) => ({
      externalId: `INC${number}`,
      source: 'old-desk',
      subject: `Imported ${number}`,
      customer: 'Initech',
      requester: 'Peter',
      priority: 'normal',
      team: 'Printers',
      channel: 'phone',
      createdAt: '2026-02-27T08:00:00.000Z',
      history: [
        { at: '2026-02-27T09:00:00.000Z', type: 'assigned', team: 'Printers', assignee: 'Milton' },
        { at: '2026-02-27T10:30:00.000Z', type: 'reply', visibility: 'public', author: 'agent', body: words(500) },
        { at: '2026-02-28T09:00:00.000Z', type: 'status', status: 'resolved' },
      ],
    })),
  },
  { 'idempotency-key': 'import' },
);
await stream();
await run('rollup', { trigger: 'schedule' });

// Closed by the desk itself, a week later; and work that is left: marks, a delivery that waits.
advance(7 * 24 * 60 + 1);
await attend(`TKT#${solved.id}`, 'T');
await stream();
await run('rollup', { trigger: 'schedule' });
await open('The last one', { requester: null, description: '' }).catch(() => open('The last one', { description: '' }));
await reply(inHead.id, 'We look into it.');

const answers: Record<string, unknown> = {};
const remember = async (path: string, query?: Record<string, string>, asked = path): Promise<void> => {
  const key = query === undefined ? asked : `${asked}?${new URLSearchParams(query)}`;
  answers[key] = await given(api, { method: 'GET', path, ...(query === undefined ? {} : { query }) });
};
const lists = await given(api, { method: 'GET', path: '/v1/tickets', query: { sort: 'updated', limit: '100' } });
for (const { id } of lists.items) {
  for (const part of ['', '/timeline', '/sla']) await remember(`/v1/tickets/${id}${part}`);
}
for (const sort of ['deadline', 'updated']) await remember('/v1/tickets', { sort, limit: '100' });
await remember('/v1/tickets', { customerId: customer.id, limit: '100' });
await remember('/v1/customers');
await remember('/v1/teams');
await remember('/v1/agents');
await remember(`/v1/agents/${agent.id}`);
await remember('/v1/contacts', { customerId: customer.id });
await remember('/v1/alert-subscriptions');
await remember('/v1/alerts');
for (const { id } of (answers['/v1/alerts'] as { items: { id: string }[] }).items) await remember(`/v1/alerts/${id}`);
const period = { from: '2026-02-01', to: '2026-04-01' };
for (const kpi of ['ticket-volume', 'first-response-time', 'resolution-time']) {
  for (const groupBy of ['priority', 'team', 'customer']) {
    for (const granularity of ['day', 'month']) await remember(`/v1/kpis/${kpi}`, { ...period, groupBy, granularity });
  }
}
// A page of one, so that there is a cursor and the key that signs it.
await given(api, { method: 'GET', path: '/v1/tickets', query: { limit: '1' } });

const lines: string[] = [];
for (const name of ['operations', 'idempotency', 'lists', 'kpis'] as const) {
  const keyed = (await itemsOf(api.engine.tables[name])).map((item) => ({
    key: `${item['PK']} ${item['SK']}`,
    item: marshall(item),
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { item } of keyed) {
    const sorted = Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
    const bytes = (_key: string, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    const plain = JSON.stringify(sorted, (key, value) =>
      value !== null && typeof value === 'object' && value.type === 'Buffer' && Array.isArray(value.data)
        ? Buffer.from(value.data).toString('base64')
        : bytes(key, value),
    );
    lines.push(`{"table":"${name}","item":${plain}}`);
  }
}
lines.push(`{"now":${now}}`);
for (const [path, answer] of Object.entries(answers)) lines.push(JSON.stringify({ path, answer }));
writeFileSync(file, `${lines.join('\n')}\n`);
await api.stop();
process.exit(0);
