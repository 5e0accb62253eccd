import '../platform/observability/loud.ts';
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { everyKind, kindsOf, type TableName, tableNames } from '../../bin/upgrade-items/every-kind.ts';
import { type Counts, walkTable } from '../../bin/upgrade-items/walk.ts';
import { chainHash, payloadDigest } from '../../functions/platform/store/event.ts';
import { startTimeoutMs } from '../api.ts';
import { messages, newTicket, startWholeDesk, type WholeDesk } from '../platform/observability/whole-desk.ts';
import { loadOldDesk, readOldDesk } from './old-desk.ts';

const old = readOldDesk();
let desk: WholeDesk;
beforeAll(async () => {
  desk = await startWholeDesk();
  desk.advance((old.now - Date.parse('2026-03-02T09:00:00Z')) / 1000);
  await loadOldDesk(old, desk.api.engine.client, desk.api.engine.tables);
}, startTimeoutMs);
afterAll(() => desk.stop());

const scan = async (table: TableName): Promise<readonly Record<string, unknown>[]> =>
  (
    await desk.api.engine.client.send(
      new ScanCommand({ TableName: desk.api.engine.tables[table], ConsistentRead: true }),
    )
  ).Items ?? [];
const everything = async () => Promise.all(tableNames.map(scan));

const get = async (path: string) => {
  const [pathname = '', query = ''] = path.split('?');
  return desk.call({ method: 'GET', path: pathname, query: Object.fromEntries(new URLSearchParams(query)) });
};
const post = async (path: string, body: unknown) => {
  const reply = await desk.call({ method: 'POST', path, body });
  if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`);
  return reply.body;
};
const ticketWith = (subject: string): Record<string, unknown> => {
  const found = old.items.find(({ item }) => item['SK'] === 'T' && item['subject'] === subject);
  if (found === undefined) throw new Error(`no ticket "${subject}"`);
  return found.item;
};
/** The streams bring what was written; then the rollup runs. */
const settle = async (): Promise<void> => {
  const changes = await desk.changes();
  expect(await desk.run('stream-kpis', changes, 'kpis')).toEqual({ batchItemFailures: [] });
  expect(await desk.run('stream-alerts', changes, 'alerts')).toEqual({ batchItemFailures: [] });
  expect(await desk.run('job-rollup', { trigger: 'schedule' }, 'rollup')).toMatchObject({ batchItemFailures: [] });
};
const walkAll = async (dryRun = false): Promise<Counts> => {
  const all: Counts = new Map();
  for (const table of tableNames) {
    const found = await walkTable({
      client: desk.api.engine.client,
      table,
      tableName: desk.api.engine.tables[table],
      kinds: everyKind,
      segments: 3,
      pageSize: 10,
      dryRun,
    });
    for (const [kind, count] of found) all.set(kind, count);
  }
  return all;
};
const volumeOf = async () => {
  const { body } = await get('/v1/kpis/ticket-volume?from=2026-03-01&to=2026-04-01&groupBy=priority');
  return { total: body.total.value, counted: body.total.n };
};
/** The truth, by the tickets themselves. */
const opened = async () => {
  const heads = (await scan('operations')).filter(({ PK, SK }) => SK === 'T' && String(PK).startsWith('TKT#'));
  const inMarch = heads.filter(({ createdAt }) => String(createdAt) >= '2026-03-01').length;
  return { total: inMarch, counted: inMarch };
};

test('the tables of the first commit hold every kind', () => {
  const names = new Set(
    old.items.flatMap(({ table, item }) => kindsOf(everyKind, table, item).map(({ kind }) => kind.name)),
  );
  const kpis = ['part of an hour', 'digest progress', 'heartbeat', 'seen heartbeat', 'recount', 'open recount'];
  const alerts = ['on-call rota', 'rota of a team', 'parcel', 'parcel entry', 'parcel seal', 'pace', 'sms spend'];
  const promises = [
    'calendar',
    'calendar version',
    'SLA policy',
    'SLA policy version',
    'SLA book',
    'SLA application',
    'SLA application of a policy',
  ];
  const recovery = [
    'service',
    'service of a table',
    'drill',
    'drill of a table',
    'drill plan',
    'canary',
    'backup run',
    'backup watch',
    'freshness of backups',
    'nightly manifest',
  ];
  const later = [...kpis, ...alerts, ...promises, ...recovery, 'corrective action', 'actions of a violation'];
  expect([...names].sort()).toEqual(
    everyKind
      .map(({ kind }) => kind.name)
      .filter((name) => !later.includes(name))
      .sort(),
  );
});

/** The clocks; the words that explain them are for people and may change. */
const unexplained = (answer: unknown): object =>
  JSON.parse(JSON.stringify(answer, (key, value) => (key === 'explain' ? undefined : value)));

test.each(old.answers.map(({ path }) => path))('answers %s as the first commit did', async (path) => {
  const { answer } = old.answers.find((one) => one.path === path) ?? {};
  const reply = await get(path);
  expect(reply.status).toBe(200);
  // An answer may say more than it did then, and nothing else.
  expect(reply.body).toMatchObject(path.endsWith('/sla') ? unexplained(answer) : (answer as object));
});

test('a change of an old ticket keeps its description, which the head had in itself', async () => {
  const { id, description } = ticketWith('Described in 320 bytes');
  expect(Buffer.byteLength(String(description))).toBeGreaterThan(250);
  await post(`/v1/tickets/${id}/replies`, { body: 'Still looking.', visibility: 'public', channel: 'email' });
  expect((await get(`/v1/tickets/${id}`)).body.description).toBe(description);
  const head = (await scan('operations')).find(({ PK, SK }) => PK === `TKT#${id}` && SK === 'T');
  expect(head?.['description']).toBeUndefined();
});

test('an hour of before hours had parts is not counted twice after a late change', async () => {
  // The streams bring everything again, as after a stop: every hour is computed anew, in parts beside the whole.
  await settle();
  expect(await volumeOf()).toEqual(await opened());
  // A ticket opened before changes its team: its fact, in an hour that is stored whole, is said again.
  const { id } = ticketWith('Described in 2,000 bytes');
  const { version } = (await get(`/v1/tickets/${id}`)).body;
  const teamId = (await get('/v1/teams')).body.items[0].id;
  const changed = await desk.call({
    method: 'PATCH',
    path: `/v1/tickets/${id}`,
    headers: { 'if-match': `"${version}"` },
    body: { teamId },
  });
  expect(changed.status).toBe(200);
  await settle();
  const hours = (await scan('kpis')).filter(({ PK }) => String(PK).startsWith('H#ticket-volume#2026-03-02'));
  const sorts = hours.map(({ SK }) => String(SK));
  expect(sorts.some((one) => sorts.includes(`others#${one}`))).toBe(true);
  expect(await volumeOf()).toEqual(await opened());
});

test('old tickets, people, alerts and subscriptions go on', async () => {
  const lively = ticketWith('The tunnel flaps');
  const unheard = ticketWith('Its alert is not heard');
  await post(`/v1/tickets/${lively['id']}/status`, { status: 'open', reason: 'again', note: null });
  await post(`/v1/tickets/${lively['id']}/replies`, { body: 'x'.repeat(700), visibility: 'public', channel: 'email' });
  await post(`/v1/tickets/${unheard['id']}/status`, { status: 'resolved', reason: 'fixed', note: null });
  await post('/v1/alert-subscriptions', {
    channel: 'email',
    target: 'a@acme.example',
    filter: { severity: [], kind: [], teamId: [], customerId: [] },
    quietHours: null,
    digest: 'none',
  });
  const fresh = await post('/v1/tickets', newTicket(String(lively['customerId'])));
  expect(Number(fresh.number.slice(2))).toBeGreaterThan(Number(String(unheard['number']).slice(2)));
  // The alert that could not be delivered then is delivered now.
  for (const { PK, state, dueAt } of await scan('operations')) {
    if (!String(PK).startsWith('ALT#') || state !== 'raised') continue;
    desk.advance(3600);
    await desk.run('queue-due', messages(JSON.stringify({ pk: PK, sk: 'A', dueAt })), 'due');
  }
  await settle();
  const alerts = (await get('/v1/alerts?limit=100')).body.items;
  expect(alerts.length).toBeGreaterThanOrEqual(5);
  expect(alerts.filter(({ state }: { state: string }) => state !== 'delivered')).toEqual([]);
});

/** Verified on items as they are stored: reading brings old events into today's shape, their seals are of their own. */
const verifyChains = async (): Promise<number> => {
  const items = await scan('operations');
  let verified = 0;
  for (const head of items.filter(({ chain }) => chain !== undefined)) {
    let chain = '';
    const events = items
      .filter(({ PK, SK }) => PK === head['PK'] && String(SK).startsWith('EV#'))
      .sort((a, b) => Number(a['version']) - Number(b['version']));
    for (const { salt, type, at, actor, data, digest, hash, version } of events) {
      expect(payloadDigest(String(salt), { type, at, actor, data } as never)).toBe(digest);
      chain = chainHash(chain, Number(version), String(digest));
      expect(hash).toBe(chain);
    }
    expect(head['chain']).toBe(chain);
    verified += events.length;
  }
  return verified;
};

test('every chain verifies, through old and new events', async () => {
  expect(await verifyChains()).toBeGreaterThan(
    old.items.filter(({ item }) => String(item['SK']).startsWith('EV#')).length,
  );
});

test('every item of every table, old and new, is of one declared kind', async () => {
  for (const table of tableNames) {
    const unclaimed = (await scan(table)).filter((item) => kindsOf(everyKind, table, item).length !== 1);
    expect(unclaimed.map(({ PK, SK }) => `${table}: ${PK} ${SK}`)).toEqual([]);
  }
});

test('the upgrade makes every item current, and a second one writes nothing', async () => {
  const before = await everything();
  const foreseen = await walkAll(true);
  expect(await everything()).toEqual(before);
  const first = await walkAll();
  expect(first).toEqual(foreseen);
  expect(first.get('former hour')?.upgraded).toBeGreaterThan(5);
  const after = await everything();
  expect((await scan('kpis')).filter(({ PK, SK }) => String(PK).startsWith('H#') && !String(SK).includes('#'))).toEqual(
    [],
  );
  const second = await walkAll();
  expect([...second.values()].filter(({ upgraded, overtaken }) => upgraded + overtaken > 0)).toEqual([]);
  expect(await everything()).toEqual(after);
  await verifyChains();
});

test('figures are what they were before the upgrade, and go on', async () => {
  expect(await volumeOf()).toEqual(await opened());
  const { id } = ticketWith('Described in 2,000 bytes');
  const { version } = (await get(`/v1/tickets/${id}`)).body;
  await desk.call({
    method: 'PATCH',
    path: `/v1/tickets/${id}`,
    headers: { 'if-match': `"${version}"` },
    body: { priority: 'critical' },
  });
  await settle();
  expect(await volumeOf()).toEqual(await opened());
  await post('/v1/tickets', newTicket(String(ticketWith('The tunnel flaps')['customerId'])));
  await settle();
  expect(await volumeOf()).toEqual(await opened());
});

test('an item that no kind claims stops the walk', async () => {
  const { client, tables } = desk.api.engine;
  const Key = { PK: 'NEW#1', SK: 'X' };
  await client.send(new PutCommand({ TableName: tables.operations, Item: Key }));
  await expect(walkAll()).rejects.toThrow('no kind claims');
  await client.send(new DeleteCommand({ TableName: tables.operations, Key }));
  expect((await client.send(new GetCommand({ TableName: tables.operations, Key }))).Item).toBeUndefined();
});
