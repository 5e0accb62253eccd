import { type Api, startApi, startTimeoutMs } from '../../api.ts';
import { errorsOf, policiesApi } from '../policies-api.ts';

let api: Api;
let desk: ReturnType<typeof policiesApi>;
beforeAll(async () => {
  api = await startApi();
  desk = policiesApi(api);
}, startTimeoutMs);
afterAll(() => api.stop());

const rules = {
  timezone: 'Europe/Berlin',
  hours: {
    mon: [
      ['09:00', '12:00'],
      ['13:00', '17:00'],
    ],
  },
  holidays: ['2026-12-25'],
  overrides: { '2026-12-24': [['09:00', '12:00']] },
};
const body = { name: 'Berlin', ...rules };
const file = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

describe('a calendar', () => {
  it('is made, read, listed, changed in versions that stay, and archived', async () => {
    const made = await desk.send('POST', '/v1/calendars', body, { 'idempotency-key': 'cal-1' });
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: { ...body, version: 1, archivedAt: null },
    });
    const path = `/v1/calendars/${made.body.id}`;
    expect(made.headers['location']).toBe(path);
    expect((await desk.send('POST', '/v1/calendars', body, { 'idempotency-key': 'cal-1' })).body).toEqual(made.body);
    expect((await desk.send('GET', path)).body).toEqual(made.body);
    const changed = await desk.patch(path, { holidays: ['2026-12-25', '2027-01-01'] });
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { holidays: ['2026-12-25', '2027-01-01'] },
    });
    expect((await desk.send('GET', `${path}/versions/1`)).body).toEqual({ id: made.body.id, version: 1, ...rules });
    expect((await desk.send('GET', `${path}/versions/2`)).body.holidays).toHaveLength(2);
    expect((await desk.send('GET', `${path}/versions/3`)).status).toBe(404);
    const archived = await desk.send('POST', `${path}/archive`);
    expect(archived).toMatchObject({ status: 200, body: { version: 3, archivedAt: expect.any(String) } });
    expect((await desk.send('POST', `${path}/archive`)).status).toBe(409);
    expect((await desk.patch(path, { name: 'x' })).status).toBe(409);
    const names = async (archivedToo: boolean) => {
      const list = await api.send(
        { sub: 'sub-first-admin', username: 'root' },
        { method: 'GET', path: '/v1/calendars', query: { archived: String(archivedToo), limit: '100' } },
      );
      return list.body.items.map(({ name }: { name: string }) => name);
    };
    expect(await names(false)).toEqual(['Business hours', 'Round the clock']);
    expect(await names(true)).toEqual(['Berlin', 'Business hours', 'Round the clock']);
  });

  it('takes the dates of a holiday file, and says which line of it is broken', async () => {
    const made = await desk.calendar({
      holidays: ['2026-12-26'],
      holidaysIcs: file('DTSTART;VALUE=DATE:20261225', 'RRULE:FREQ=YEARLY;COUNT=2'),
    });
    expect(made.holidays).toEqual(['2026-12-25', '2026-12-26', '2027-12-25']);
    const path = `/v1/calendars/${made.id}`;
    const more = await desk.patch(path, { holidaysIcs: file('DTSTART;VALUE=DATE:20270101') });
    expect(more.body.holidays).toEqual(['2026-12-25', '2026-12-26', '2027-01-01', '2027-12-25']);
    const broken = await desk.patch(path, { holidaysIcs: file('DTSTART') });
    expect(broken.status).toBe(400);
    expect(errorsOf(broken)).toEqual(['holidaysIcs line 3: is not of the form NAME;PARAMETER=value:value']);
    expect((await desk.patch(path, { holidaysIcs: 'x'.repeat(65_537) })).status).toBe(400);
  });

  it.each([
    [{ timezone: 'Europe/Nowhere' }, 'timezone must be a time zone of the IANA database, like Europe/Berlin'],
    [{ hours: {} }, 'hours must have at least one window in the week'],
    [{ hours: { mon: [['17:00', '09:00']] } }, 'hours.mon.0 must end after it begins'],
    [{ holidays: ['2026-02-30'] }, 'holidays.0 must be a date'],
    [{ opening: 1 }, 'opening is not a field'],
  ])('is refused with %j', async (change, message) => {
    const reply = await desk.send('POST', '/v1/calendars', { ...body, ...change });
    expect(reply.status).toBe(400);
    expect(errorsOf(reply).join()).toContain(message);
  });

  it('of two changes at once one is refused', async () => {
    const { id } = await desk.calendar();
    const both = await Promise.all(
      ['A', 'B'].map((name) => desk.send('PATCH', `/v1/calendars/${id}`, { name }, { 'if-match': '"1"' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await desk.send('PATCH', `/v1/calendars/${id}`, { name: 'C' })).status).toBe(428);
  });
});

describe('a calendar that policies count by', () => {
  it('renews them with its change, in one transaction, and cannot be archived', async () => {
    const calendar = await desk.calendar();
    const other = await desk.calendar();
    const mine = await desk.policy({ calendarId: calendar.id });
    const own = await desk.policy({
      calendarId: other.id,
      targets: { resolution: { high: { seconds: 3600 }, low: { seconds: 7200, calendarId: calendar.id } } },
    });
    const stranger = await desk.policy({ calendarId: other.id });
    const path = `/v1/calendars/${calendar.id}`;
    const read = async (id: string) => (await desk.send('GET', `/v1/sla-policies/${id}`)).body;
    await desk.patch(path, { name: 'Only a name' });
    expect((await read(mine.id)).version).toBe(1);
    expect((await desk.patch(path, { hours: { tue: [['09:00', '17:00']] } })).body.version).toBe(3);
    expect(await read(mine.id)).toMatchObject({
      version: 2,
      targets: { resolution: { high: { calendarId: calendar.id, calendarVersion: 3 } } },
    });
    expect(await read(own.id)).toMatchObject({
      version: 2,
      targets: { resolution: { high: { calendarVersion: 1 }, low: { calendarVersion: 3 } } },
    });
    expect((await read(stranger.id)).version).toBe(1);
    const refused = await desk.send('POST', `${path}/archive`);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain(mine.id);
    expect(refused.body.detail).toContain(own.id);
    expect(refused.body.detail).not.toContain(stranger.id);
    for (const { id } of [mine, own]) await desk.send('POST', `/v1/sla-policies/${id}/archive`);
    expect((await desk.send('POST', `${path}/archive`)).status).toBe(200);
  });

  it('may not become one in which a target is never reached', async () => {
    const calendar = await desk.calendar();
    await desk.policy({ calendarId: calendar.id, targets: { resolution: { high: { seconds: 360_000 } } } });
    const reply = await desk.patch(`/v1/calendars/${calendar.id}`, { hours: { mon: [['09:00', '09:30']] } });
    expect(reply.status).toBe(400);
    expect(errorsOf(reply).join()).toMatch(
      /targets\.resolution\.high\.seconds of the policy "Gold" .* open 26 hours a year/,
    );
  });

  it('is renewed for thirty policies together, and not for more', async () => {
    const calendar = await desk.calendar();
    for (let count = 0; count < 30; count += 1) await desk.policy({ calendarId: calendar.id });
    const path = `/v1/calendars/${calendar.id}`;
    const change = { hours: { wed: [['09:00', '17:00']] } };
    expect((await desk.patch(path, change)).status).toBe(200);
    await desk.policy({ calendarId: calendar.id });
    const refused = await desk.patch(path, { hours: { thu: [['09:00', '17:00']] } });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/^31 policies count by this calendar; at most 30/);
  }, 60_000);
});

it('the preview asks a calendar that is given, or one that is stored', async () => {
  const operations = [{ op: 'due', start: '2026-03-09T16:30:00+01:00', minutes: 60 }, { op: 'nothing' }];
  const given = await desk.send('POST', '/v1/calendars/preview', { calendar: rules, operations });
  expect(given).toMatchObject({
    status: 200,
    body: { results: [{ at: '2026-03-16T08:30:00.000Z' }, { error: expect.stringMatching(/^op: must be one of/) }] },
  });
  const { id } = await desk.calendar();
  expect((await desk.send('POST', '/v1/calendars/preview', { calendarId: id, operations })).body).toEqual(given.body);
  const nowhere = 'cal_01J8Z0K3V5W7Y9ABCDEFGHJKMN';
  expect((await desk.send('POST', '/v1/calendars/preview', { calendarId: nowhere, operations })).status).toBe(404);
  for (const wrong of [{ operations }, { calendar: rules, calendarId: id, operations }])
    expect((await desk.send('POST', '/v1/calendars/preview', wrong)).status).toBe(400);
  const many = Array.from({ length: 1_001 }, () => ({ op: 'isOpen', at: '2026-03-06T10:00:00Z' }));
  const tooMany = await desk.send('POST', '/v1/calendars/preview', { calendar: rules, operations: many });
  expect(errorsOf(tooMany)).toEqual(['operations must have at most 1000 operations']);
});
