import { type Api, given, startApi, startTimeoutMs } from '../api.ts';
import { errorsOf, policiesApi } from './policies-api.ts';

let api: Api;
let desk: ReturnType<typeof policiesApi>;
let customerId: string;
beforeAll(async () => {
  api = await startApi();
  desk = policiesApi(api);
  const customer = { method: 'POST', path: '/v1/customers', body: { name: 'Acme', tier: 'gold' } };
  customerId = (await given(api, customer)).id;
}, startTimeoutMs);
afterAll(() => api.stop());

const listed = async (): Promise<{ id: string; name: string; position: number; isDefault: boolean }[]> =>
  (await desk.send('GET', '/v1/sla-policies')).body.items;
const clocksOf = async (priority = 'high') => {
  const ticket = await given(api, {
    method: 'POST',
    path: '/v1/tickets',
    body: { customerId, requester: { name: 'Bob', email: 'bob@acme.example' }, subject: 'x', priority },
  });
  const { clocks } = (await desk.send('GET', `/v1/tickets/${ticket.id}/sla`)).body;
  return { ticketId: ticket.id, clocks };
};
const everywhere = { hours: { mon: [['00:00', '24:00']], tue: [['00:00', '24:00']] } };

describe('an SLA policy', () => {
  it('is made before the default one, read, listed in order, changed, moved and archived', async () => {
    const calendar = await desk.calendar();
    const body = {
      name: 'Gold',
      conditions: { tier: ['gold'], customerId: [customerId] },
      calendarId: calendar.id,
      targets: { resolution: { high: { seconds: 3600 } } },
      levels: [
        { metrics: ['resolution'], offsetSeconds: 1800, targets: ['manager'] },
        { metrics: ['resolution'], offsetSeconds: -600, targets: ['assignee', 'onCall'] },
      ],
    };
    const made = await desk.send('POST', '/v1/sla-policies', body, { 'idempotency-key': 'slp-1' });
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: {
        name: 'Gold',
        isDefault: false,
        enabled: true,
        position: 1,
        conditions: { tier: ['gold'], customerId: [customerId], type: [], priority: [], serviceId: [], teamId: [] },
        targets: { resolution: { high: { seconds: 3600, calendarId: calendar.id, calendarVersion: 1 } } },
        pausedBy: { resolution: ['waiting_customer'], ola: ['waiting_customer', 'waiting_vendor'] },
        warnings: [75],
        levels: [{ offsetSeconds: -600 }, { offsetSeconds: 1800 }],
        archivedAt: null,
      },
    });
    expect((await desk.send('POST', '/v1/sla-policies', body, { 'idempotency-key': 'slp-1' })).body).toEqual(made.body);
    const path = `/v1/sla-policies/${made.body.id}`;
    expect((await desk.send('GET', path)).body).toEqual(made.body);
    const silver = await desk.policy({ name: 'Silver' });
    expect((await listed()).map(({ name, position }) => [name, position])).toEqual([
      ['Gold', 1],
      ['Silver', 2],
      ['Default', 3],
    ]);
    expect((await desk.patch(path, { position: 2 })).body).toMatchObject({ position: 2, version: 2 });
    expect((await listed()).map(({ name }) => name)).toEqual(['Silver', 'Gold', 'Default']);
    const changed = await desk.patch(path, { warnings: [90, 50], enabled: false });
    expect(changed.body).toMatchObject({ warnings: [50, 90], enabled: false, version: 3, position: 2 });
    expect((await desk.patch(path, { enabled: false })).body.version).toBe(3);
    expect((await desk.send('GET', `${path}/versions/1`)).body).toMatchObject({
      version: 1,
      warnings: [75],
      enabled: true,
    });
    const archived = await desk.send('POST', `${path}/archive`);
    expect(archived).toMatchObject({ status: 200, body: { position: null, version: 4 } });
    expect((await listed()).map(({ name }) => name)).toEqual(['Silver', 'Default']);
    const all = await api.send(
      { sub: 'sub-first-admin', username: 'root' },
      { method: 'GET', path: '/v1/sla-policies', query: { archived: 'true' } },
    );
    expect(all.body.items.map(({ name, position }: { name: string; position: number }) => [name, position])).toEqual([
      ['Default', 2],
      ['Gold', null],
      ['Silver', 1],
    ]);
    await desk.send('POST', `/v1/sla-policies/${silver.id}/archive`);
  });

  it('holds for the ticket that is opened right after a change; running ones keep their version', async () => {
    const calendar = await desk.calendar(everywhere);
    const policy = await desk.policy({ calendarId: calendar.id, warnings: [] });
    const path = `/v1/sla-policies/${policy.id}`;
    const before = await clocksOf();
    expect(before.clocks).toMatchObject([
      { metric: 'resolution', targetSeconds: 3600, policy: { id: policy.id, version: 1 } },
    ]);
    await desk.patch(path, { targets: { resolution: { high: { seconds: 7200 } } } });
    expect((await clocksOf()).clocks).toMatchObject([{ targetSeconds: 7200, policy: { id: policy.id, version: 2 } }]);
    await desk.patch(`/v1/calendars/${calendar.id}`, { hours: { wed: [['00:00', '24:00']] } });
    expect((await clocksOf()).clocks).toMatchObject([
      { policy: { id: policy.id, version: 3 }, calendar: { id: calendar.id, version: 2 } },
    ]);
    const kept = (await desk.send('GET', `/v1/tickets/${before.ticketId}/sla`)).body.clocks;
    expect(kept).toMatchObject([{ policy: { version: 1 }, calendar: { version: 1 }, dueAt: before.clocks[0].dueAt }]);
    await desk.patch(path, { enabled: false });
    expect((await clocksOf()).clocks).toMatchObject([{ metric: 'firstResponse' }, { metric: 'resolution' }]);
    await desk.send('POST', `${path}/archive`);
  });

  it('of two changes at once one is refused; of two that are added none is lost', async () => {
    const policy = await desk.policy();
    const path = `/v1/sla-policies/${policy.id}`;
    const both = await Promise.all(['A', 'B'].map((name) => desk.send('PATCH', path, { name }, { 'if-match': '"1"' })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const added = await Promise.all(['C', 'D', 'E'].map((name) => desk.policy({ name })));
    const ids = (await listed()).map(({ id }) => id);
    for (const { id } of [policy, ...added]) expect(ids).toContain(id);
    expect((await listed()).at(-1)?.isDefault).toBe(true);
    for (const { id } of [policy, ...added]) await desk.send('POST', `/v1/sla-policies/${id}/archive`);
  });

  it('is never left with a calendar that was archived at the same time', async () => {
    const calendar = await desk.calendar();
    const body = {
      name: 'x',
      conditions: { tier: ['x'] },
      calendarId: calendar.id,
      targets: { ola: { low: { seconds: 60 } } },
    };
    const [made, archived] = await Promise.all([
      desk.send('POST', '/v1/sla-policies', body),
      desk.send('POST', `/v1/calendars/${calendar.id}/archive`),
    ]);
    expect([
      [201, 409],
      [400, 200],
    ]).toContainEqual([made.status, archived.status]);
    if (made.status === 201) await desk.send('POST', `/v1/sla-policies/${made.body.id}/archive`);
  });
});

describe('a policy is refused', () => {
  const nowhere = '01J8Z0K3V5W7Y9ABCDEFGHJKMN';
  const level = { metrics: ['resolution'], offsetSeconds: 60, targets: ['topic'] };
  it.each<readonly [change: object, message: string]>([
    [{ conditions: {} }, 'conditions must name something'],
    [{ targets: {} }, 'targets must have at least one target'],
    [{ targets: { resolution: { high: { seconds: 59 } } } }, 'targets.resolution.high.seconds must be at least 60'],
    [{ targets: { resolution: { high: { seconds: 31_536_001 } } } }, 'targets.resolution.high.seconds must be at most'],
    [
      { targets: { resolution: { high: { seconds: 31_536_000 } } } },
      'targets.resolution.high.seconds must be reachable within 2 years: the calendar "Days" is open 4',
    ],
    [{ calendarId: `cal_${nowhere}` }, 'calendarId is no calendar here'],
    [
      { targets: { resolution: { high: { seconds: 60, calendarId: `cal_${nowhere}` } } } },
      'targets.resolution.high.calendarId is no calendar here',
    ],
    [{ warnings: [0] }, 'warnings.0 must be 1 to 99 percent'],
    [{ warnings: [75, 75] }, 'warnings must be at most 5, each once'],
    [{ levels: [level, level] }, 'levels must not have two levels of a metric at one offset'],
    [{ levels: [{ ...level, offsetSeconds: 0 }] }, 'levels.0.offsetSeconds must not be 0'],
    ...[299, 604_801, 450.5, '300'].map((everySeconds): readonly [object, string] => [
      { levels: [{ ...level, repeat: { everySeconds, times: 1 } }] },
      'levels.0.repeat.everySeconds must be 300 to 604800 whole seconds: 5 minutes to 7 days',
    ]),
    ...[0, 21, 1.5, 1e12].map((times): readonly [object, string] => [
      { levels: [{ ...level, repeat: { everySeconds: 300, times } }] },
      'levels.0.repeat.times must be a whole number from 1 to 20',
    ]),
    [{ levels: [{ ...level, repeat: { everySeconds: 300 } }] }, 'levels.0.repeat.times must be a whole number'],
    [
      { levels: [{ ...level, offsetSeconds: -600, repeat: { everySeconds: 300, times: 2 } }] },
      'levels.0.repeat must not repeat at the deadline itself, which is alerted anyway',
    ],
    [
      { levels: [{ ...level, offsetSeconds: 31_535_400, repeat: { everySeconds: 300, times: 3 } }] },
      'levels.0.repeat must not repeat later than 31536000 seconds after the deadline',
    ],
    [
      {
        levels: [
          { ...level, repeat: { everySeconds: 300, times: 2 } },
          { ...level, offsetSeconds: 660 },
        ],
      },
      'levels must not have two levels of a metric at one offset, repetitions included',
    ],
    [
      { effectiveFrom: '2026-03-01T00:00:00Z', effectiveUntil: '2026-03-01T00:00:00Z' },
      'effectiveUntil must be after `effectiveFrom`',
    ],
    [{ position: 99 }, 'position must be from 1 to '],
  ])('with %j', async (change, message) => {
    const calendarId = (await desk.calendar()).id;
    const body = {
      name: 'x',
      conditions: { tier: ['x'] },
      calendarId,
      targets: { resolution: { high: { seconds: 3600 } } },
      ...change,
    };
    const reply = await desk.send('POST', '/v1/sla-policies', body);
    expect(reply.status).toBe(400);
    expect(errorsOf(reply).join()).toContain(message);
  });

  it('but not for a repetition that passes the deadline by, ends at the last offset, or meets a level of another metric', async () => {
    const levels = [
      { ...level, offsetSeconds: -600, repeat: { everySeconds: 301, times: 2 } },
      { ...level, repeat: { everySeconds: 300, times: 1 } },
      { ...level, offsetSeconds: 360, metrics: ['ola'], repeat: null },
      { ...level, offsetSeconds: 31_535_400, repeat: { everySeconds: 300, times: 2 } },
    ];
    const policy = await desk.policy({ levels });
    expect(policy.levels).toEqual(levels);
    const path = `/v1/sla-policies/${policy.id}`;
    expect((await desk.send('GET', `${path}/versions/1`)).body.levels).toEqual(levels);
    const plain = await desk.patch(path, { levels: [level] });
    expect(plain.body).toMatchObject({ version: 2, levels: [{ ...level, repeat: null }] });
    expect((await desk.patch(path, { levels: [{ ...level, repeat: null }] })).body.version).toBe(2);
    await desk.send('POST', `${path}/archive`);
  });

  it('but not without conditions when it is disabled', async () => {
    const policy = await desk.policy({ conditions: {}, enabled: false });
    const reply = await desk.patch(`/v1/sla-policies/${policy.id}`, { enabled: true });
    expect(errorsOf(reply).join()).toContain('conditions must name something');
  });
});

it('the default policy can be changed and disabled, and not archived', async () => {
  const usual = (await listed()).find(({ isDefault }) => isDefault);
  const path = `/v1/sla-policies/${usual?.id}`;
  expect((await desk.patch(path, { enabled: false })).body).toMatchObject({ enabled: false, version: 2 });
  expect((await desk.patch(path, { enabled: true, warnings: [80] })).body).toMatchObject({ enabled: true, version: 3 });
  expect((await desk.send('POST', `${path}/archive`)).status).toBe(409);
});
