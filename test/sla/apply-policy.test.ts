import { jest } from '@jest/globals';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ticketPorts } from '../../functions/entrypoints/desk.ts';
import { operations } from '../../functions/entrypoints/operations.ts';
import { policyApplier } from '../../functions/entrypoints/policy-tickets.ts';
import { headSum } from '../../functions/platform/store/head-sum.ts';
import { applicationDueHandler } from '../../functions/sla/index.ts';
import { type Api, firstAdmin, given, startApi, startTimeoutMs } from '../api.ts';
import { policiesApi } from './policies-api.ts';

let api: Api;
let desk: ReturnType<typeof policiesApi>;
let customerId: string;
let ports: ReturnType<typeof policyApplier>;
let calendarId: string;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

beforeAll(async () => {
  api = await startApi();
  desk = policiesApi(api);
  const hours = Object.fromEntries(days.map((day) => [day, [['00:00', '24:00']]]));
  calendarId = (await desk.calendar({ hours })).id;
  const base = operations({
    OPERATIONS_TABLE: api.engine.tables.operations,
    DUE_CRITICAL_QUEUE_URL: 'http://127.0.0.1:1/critical',
    DUE_REST_QUEUE_URL: 'http://127.0.0.1:1/rest',
  });
  ports = policyApplier(base, ticketPorts(base), 'Europe/Berlin');
}, startTimeoutMs);
afterAll(() => api.stop());
/** A customer of its own, so that tests do not meet. */
beforeEach(async () => {
  customerId = (await given(api, { method: 'POST', path: '/v1/customers', body: { name: 'Acme' } })).id;
});

const ticket = (change: object = {}) =>
  given(api, {
    method: 'POST',
    path: '/v1/tickets',
    body: {
      customerId,
      requester: { name: 'Bob', email: 'bob@acme.example' },
      subject: 'x',
      priority: 'high',
      ...change,
    },
  });
const policy = () =>
  desk.policy({
    calendarId,
    conditions: { customerId: [customerId] },
    targets: { resolution: { high: { seconds: 3600 }, low: { seconds: 7200 } } },
  });
const slower = { targets: { resolution: { high: { seconds: 7200 }, low: { seconds: 7200 } } } };
const sla = async (id: string) => (await desk.send('GET', `/v1/tickets/${id}/sla`)).body.clocks;
const preview = async (policyId: string, body: object = {}, limit = '100') => {
  const items = [];
  let examined = 0;
  let cursor: string | null = null;
  do {
    const reply: { status: number; body: { items: []; examined: number; nextCursor: string | null } } = await api.send(
      { sub: 'sub-first-admin', username: 'root' },
      {
        method: 'POST',
        path: `/v1/sla-policies/${policyId}/preview`,
        query: { limit, ...(cursor === null ? {} : { cursor }) },
        body,
      },
    );
    expect(reply.status).toBe(200);
    items.push(...(reply.body.items as { ticketId: string; policy: object; clocks: object[] }[]));
    examined += reply.body.examined;
    cursor = reply.body.nextCursor;
  } while (cursor !== null);
  return { items, examined };
};
const start = async (policyId: string) => {
  const reply = await desk.send('POST', `/v1/sla-policies/${policyId}/apply`);
  expect(reply).toMatchObject({ status: 202, body: { state: 'waiting', policyId } });
  expect(reply.headers['location']).toBe(`/v1/sla-policies/${policyId}/applications/${reply.body.id}`);
  return { id: reply.body.id as string, path: reply.headers['location'] ?? '' };
};
const run = async (id: string, with_ = ports) => {
  const hint = { pk: `SLA#${id}`, sk: 'J', dueAt: new Date().toISOString() };
  for (let turn = 0; turn < 50; turn += 1) {
    await applicationDueHandler(with_)(hint);
    const found = await ports.applications.find(id);
    if (found?.endedAt != null) return;
  }
  throw new Error('it does not end');
};
const appliedEvents = async (id: string) =>
  (await desk.send('GET', `/v1/tickets/${id}/timeline`)).body.items.filter(
    ({ type }: { type: string }) => type === 'sla.policyApplied',
  );

it('moves exactly what the preview lists, to the due dates that it says', async () => {
  const gold = await policy();
  const [one, two, low, solved] = [await ticket(), await ticket(), await ticket({ priority: 'low' }), await ticket()];
  await desk.send('POST', `/v1/tickets/${solved.id}/status`, { status: 'resolved' });
  await desk.patch(`/v1/sla-policies/${gold.id}`, slower);
  const before = await sla(one.id);
  const told = await preview(gold.id, {}, '1');
  expect(told.items.map(({ ticketId }) => ticketId).sort()).toEqual([one.id, two.id, low.id].sort());
  expect(told.items.find(({ ticketId }) => ticketId === low.id)?.clocks).toEqual([]);
  const item = told.items.find(({ ticketId }) => ticketId === one.id);
  const newDueAt = new Date(Date.parse(before[0].dueAt) + 3_600_000).toISOString();
  expect(item).toEqual({
    ticketId: one.id,
    number: one.number,
    policy: { from: { id: gold.id, version: 1 }, to: { id: gold.id, version: 2 } },
    clocks: [
      { metric: 'resolution', cycle: 1, dueAt: before[0].dueAt, newDueAt, state: 'running', newState: 'running' },
    ],
  });
  const { id, path } = await start(gold.id);
  const second = await desk.send('POST', `/v1/sla-policies/${gold.id}/apply`);
  expect(second.status).toBe(409);
  expect(second.body.detail).toContain(id);
  await run(id);
  expect((await desk.send('GET', path)).body).toMatchObject({
    state: 'done',
    moved: 3,
    failed: 0,
    endedAt: expect.any(String),
  });
  expect(await sla(one.id)).toMatchObject([{ dueAt: newDueAt, targetSeconds: 7200, policy: { version: 2 } }]);
  expect(await sla(solved.id)).toMatchObject([{ targetSeconds: 3600, policy: { version: 1 } }]);
  expect(await appliedEvents(one.id)).toMatchObject([
    { data: { from: { version: 1 }, to: { version: 2 }, applicationId: id } },
  ]);
  expect((await preview(gold.id)).items).toEqual([]);
  const again = await start(gold.id);
  await run(again.id);
  expect((await desk.send('GET', again.path)).body).toMatchObject({ state: 'done', moved: 0 });
  expect(await appliedEvents(one.id)).toHaveLength(1);
  const list = (await desk.send('GET', `/v1/sla-policies/${gold.id}/applications`)).body.items;
  expect(list.map((each: { id: string }) => each.id)).toEqual([again.id, id]);
});

it('a what-if tells of a change that is not made, and writes nothing', async () => {
  const gold = await policy();
  const one = await ticket();
  const told = await preview(gold.id, { change: slower });
  expect(told.items).toMatchObject([
    { ticketId: one.id, policy: { to: { version: 2 } }, clocks: [{ metric: 'resolution' }] },
  ]);
  const disabled = await preview(gold.id, { change: { enabled: false } });
  expect(disabled.items).toMatchObject([{ ticketId: one.id, policy: { from: { id: gold.id } } }]);
  expect((await desk.send('GET', `/v1/sla-policies/${gold.id}`)).body.version).toBe(1);
  const wrong = await desk.send('POST', `/v1/sla-policies/${gold.id}/preview`, { change: { position: 99 } });
  expect(wrong.status).toBe(400);
});

it('pauses and recorded breaches survive', async () => {
  const gold = await policy();
  const paused = await ticket();
  await desk.send('POST', `/v1/tickets/${paused.id}/status`, { status: 'waiting_customer' });
  const held = (await sla(paused.id))[0].pauses;
  await desk.patch(`/v1/sla-policies/${gold.id}`, slower);
  const { id } = await start(gold.id);
  await run(id);
  expect(await sla(paused.id)).toMatchObject([{ state: 'paused', targetSeconds: 7200, pauses: held }]);
});

it('a repeat that is added and applied makes the next repetition of a running ticket due, and tells nothing twice', async () => {
  const level = { metrics: ['resolution'], offsetSeconds: 600, targets: ['topic'] };
  const gold = await policy();
  await desk.patch(`/v1/sla-policies/${gold.id}`, { levels: [level] });
  const { id: ticketId } = await ticket();
  const dueAt = Date.parse((await sla(ticketId))[0].dueAt);
  const minutesLate = (minutes: number) => jest.spyOn(Date, 'now').mockReturnValue(dueAt + minutes * 60_000);
  const raised = async () => (await sla(ticketId))[0].levels.map((one: { raised: boolean }) => one.raised);
  const look = () => desk.send('POST', `/v1/tickets/${ticketId}/replies`, { body: 'x', visibility: 'internal' });
  try {
    minutesLate(12);
    await look();
    expect(await raised()).toEqual([true]);
    await desk.patch(`/v1/sla-policies/${gold.id}`, {
      levels: [{ ...level, repeat: { everySeconds: 300, times: 2 } }],
    });
    const { id } = await start(gold.id);
    await run(id);
    expect(await raised()).toEqual([true, false, false]);
    minutesLate(16);
    await look();
    const [{ levels }] = await sla(ticketId);
    const at = (minutes: number) => new Date(dueAt + minutes * 60_000).toISOString();
    expect(levels).toEqual([
      { level: 1, repetition: 0, offsetSeconds: 600, targets: ['topic'], at: at(10), raised: true },
      { level: 1, repetition: 1, offsetSeconds: 900, targets: ['topic'], at: at(15), raised: true },
      { level: 1, repetition: 2, offsetSeconds: 1200, targets: ['topic'], at: at(20), raised: false },
    ]);
    const events = (await desk.send('GET', `/v1/tickets/${ticketId}/timeline`)).body.items;
    const escalated = events.filter(({ type }: { type: string }) => type === 'sla.escalated');
    expect(escalated.map(({ data }: { data: object }) => data)).toMatchObject([
      { level: 1, offsetSeconds: 600 },
      { level: 1, repetition: 1, offsetSeconds: 900 },
    ]);
    expect(escalated[0].data).not.toHaveProperty('repetition');
    const query = { ticketId, kind: 'sla.escalation' };
    const alerts = (await api.send(firstAdmin, { method: 'GET', path: '/v1/alerts', query })).body.items;
    expect(alerts.map((one: { repetition: number }) => one.repetition).sort()).toEqual([0, 1]);
  } finally {
    jest.restoreAllMocks();
  }
});

it('a breach that nobody has recorded yet is recorded before, and stays one by the later due date', async () => {
  const gold = await policy();
  const late = await ticket();
  await desk.patch(`/v1/sla-policies/${gold.id}`, slower);
  const now = Date.now() + 90 * 60_000;
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
  try {
    const told = await preview(gold.id);
    expect(told.items).toMatchObject([{ clocks: [{ state: 'breached', newState: 'breached' }] }]);
    const { id } = await start(gold.id);
    await run(id);
    const [resolution] = await sla(late.id);
    expect(resolution).toMatchObject({
      state: 'breached',
      targetSeconds: 7200,
      dueAt: told.items.map(({ clocks: [clock] }) => (clock as { newDueAt: string }).newDueAt)[0],
    });
    const types = (await desk.send('GET', `/v1/tickets/${late.id}/timeline`)).body.items.map(
      (one: { type: string }) => one.type,
    );
    expect(types.slice(-2)).toEqual(['sla.breached', 'sla.policyApplied']);
  } finally {
    clock.mockRestore();
  }
});

describe('killed between any two steps', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
    'at step %i, it goes on and counts each ticket once',
    async (deadly) => {
      const gold = await policy();
      const tickets = [await ticket(), await ticket(), await ticket()];
      await desk.patch(`/v1/sla-policies/${gold.id}`, slower);
      const { id, path } = await start(gold.id);
      let step = 0;
      const dies =
        <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>, when: 'before' | 'after') =>
        async (...args: Args): Promise<Result> => {
          step += 1;
          if (step === deadly && when === 'before') throw new Error('killed');
          const result = await work(...args);
          if (step === deadly) throw new Error('killed');
          return result;
        };
      const mortal = (when: 'before' | 'after') => ({
        ...ports,
        running: { page: dies(ports.running.page, when) },
        // A kill inside a ticket takes the whole invocation with it: nothing of it is kept but what was committed.
        applications: {
          find: ports.applications.find.bind(ports.applications),
          counted: ports.applications.counted.bind(ports.applications),
          advance: dies(ports.applications.advance.bind(ports.applications), when),
          end: dies(ports.applications.end.bind(ports.applications), when),
        },
      });
      const hint = { pk: `SLA#${id}`, sk: 'J', dueAt: new Date().toISOString() };
      const when = deadly % 2 === 0 ? 'before' : 'after';
      for (let turn = 0; turn < 50; turn += 1) {
        await applicationDueHandler(mortal(when) as never)(hint).catch(() => null);
        if ((await ports.applications.find(id))?.endedAt != null) break;
      }
      expect((await desk.send('GET', path)).body).toMatchObject({ state: 'done', moved: 3, failed: 0 });
      for (const one of tickets) expect(await appliedEvents(one.id)).toHaveLength(1);
      expect((await desk.send('POST', `/v1/sla-policies/${gold.id}/apply`)).status).toBe(202);
    },
  );

  it('two invocations at once move each ticket once', async () => {
    const gold = await policy();
    const tickets = [await ticket(), await ticket(), await ticket()];
    await desk.patch(`/v1/sla-policies/${gold.id}`, slower);
    const { id, path } = await start(gold.id);
    await Promise.all([run(id), run(id), run(id)].map((one) => one.catch(() => null)));
    expect((await desk.send('GET', path)).body).toMatchObject({ state: 'done', moved: 3, failed: 0 });
    for (const one of tickets) expect(await appliedEvents(one.id)).toHaveLength(1);
  });
});

it('a ticket that fails is counted and does not stop the others', async () => {
  const gold = await policy();
  const [bad, good] = [await ticket(), await ticket()];
  await desk.patch(`/v1/sla-policies/${gold.id}`, slower);
  const { id, path } = await start(gold.id);
  await run(id, {
    ...ports,
    applyTo: async (ticketId, how) => {
      if (ticketId === bad.id) throw new Error('broken');
      return ports.applyTo(ticketId, how);
    },
  });
  expect((await desk.send('GET', path)).body).toMatchObject({ state: 'done', moved: 1, failed: 1 });
  expect(await appliedEvents(good.id)).toHaveLength(1);
});

/** The last: it looks at all that the tests above have left. */
it('every head has the sum of what it holds, but for applications that went on, which is not committed', async () => {
  const { Items = [] } = await api.engine.client.send(
    new ScanCommand({ TableName: api.engine.tables.operations, ConsistentRead: true }),
  );
  const heads = Items.filter(({ chain }) => chain !== undefined);
  const others = heads.filter((head) => head['sum'] !== headSum(head));
  expect([...new Set(others.map(({ PK, sum }) => [String(PK).slice(0, 4), sum].join(' ')))]).toEqual(['SLA# ']);
  expect(new Set(heads.map(({ PK }) => String(PK).slice(0, 4)))).toEqual(
    new Set(['TKT#', 'CUS#', 'CTC#', 'CAL#', 'SLP#', 'SLA#']),
  );
});
