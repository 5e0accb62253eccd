import { onCallAt, onCallNow } from '../../functions/on-call/index.ts';
import { type OnCallApi, startOnCallApi } from './on-call-api.ts';

let api: OnCallApi;
let ada: string;
let bob: string;
let eve: string;
let fay: string;
const monday = Date.parse('2026-03-02T08:00:00Z');

beforeAll(async () => {
  api = await startOnCallApi('2026-03-02T08:00:00Z');
  [ada, bob, eve, fay] = [
    await api.agent('Ada'),
    await api.agent('Bob'),
    await api.agent('Eve'),
    await api.agent('Fay'),
  ];
}, 120_000);
afterAll(() => api.stop());
beforeEach(() => {
  api.clock.at = monday;
});

const at = (text: string): string => `2026-03-${text}:00Z`;
const rota = async (): Promise<string> => {
  const body = {
    teamId: await api.team(),
    name: 'Night watch',
    timezone: 'Europe/Berlin',
    agentIds: [ada, bob],
    startsOn: '2026-03-02',
    handover: { at: '09:00', every: 'week' },
  };
  return `/v1/on-call-rotas/${(await api.ask('POST /v1/on-call-rotas', { body })).body.id}`;
};
const standIn = async (path: string, agentId: string, from: string, to: string) => {
  const answer = await api.ask(`POST ${path}/overrides`, { body: { agentId, from: at(from), to: at(to) } });
  expect(answer.status).toBe(201);
  return answer.body;
};
const schedule = async (path: string, from: string, to: string): Promise<string[]> =>
  (await api.ask(`GET ${path}/schedule?from=${at(from)}&to=${at(to)}`)).body.items.map(
    (one: { name: string; from: string; to: string; source: string }) =>
      `${one.name} ${one.from.slice(8, 16)} ${one.to.slice(8, 16)} ${one.source}`,
  );
const end = async (path: string, overrideId: string, headers?: Record<string, string>) => {
  const { headers: read } = await api.ask(`GET ${path}/overrides`);
  return (
    await api.ask(`DELETE ${path}/overrides/${overrideId}`, {
      headers: headers ?? { 'if-match': String(read['etag']) },
    })
  ).status;
};

it('an override is cut into the turns, the newest wins, and each ends exactly', async () => {
  const path = await rota();
  const holiday = await standIn(path, eve, '04T12:00', '10T12:00');
  expect(holiday).toMatchObject({ agentId: eve, from: '2026-03-04T12:00:00.000Z', note: '', createdBy: 'usr_lead' });
  await standIn(path, fay, '06T00:00', '07T00:00');
  expect(await schedule(path, '02T08:00', '17T08:00')).toEqual([
    'Ada 02T08:00 04T12:00 rotation',
    'Eve 04T12:00 06T00:00 override',
    'Fay 06T00:00 07T00:00 override',
    'Eve 07T00:00 10T12:00 override',
    'Bob 10T12:00 16T08:00 rotation',
    'Ada 16T08:00 23T08:00 rotation',
  ]);
  const told = async (when: string) => (await api.ask(`GET ${path}/on-call?at=${when}`)).body;
  expect(await told('2026-03-10T11:59:59.999Z')).toMatchObject({
    name: 'Eve',
    source: 'override',
    overrideId: holiday.id,
    next: { agentId: bob, name: 'Bob', from: '2026-03-10T12:00:00.000Z' },
  });
  expect(await told('2026-03-10T12:00:00Z')).toMatchObject({ name: 'Bob', source: 'rotation', overrideId: null });
  const listed = await api.ask(`GET ${path}/overrides`);
  expect(listed).toMatchObject({ status: 200, headers: { etag: '"3"' }, body: { nextCursor: null } });
  expect(listed.body.items.map(({ agentId }: { agentId: string }) => agentId)).toEqual([eve, fay]);
});

it('one that has not begun is taken back whole, one that holds ends now, one that is over stays', async () => {
  const path = await rota();
  const holds = await standIn(path, eve, '02T00:00', '05T00:00');
  expect(holds.from).toBe('2026-03-02T08:00:00.000Z');
  const later = await standIn(path, fay, '06T00:00', '07T00:00');
  const over = await standIn(path, fay, '02T08:00', '02T09:00');
  api.clock.at = monday + 2 * 3_600_000;
  expect(await end(path, later.id, {})).toBe(428);
  expect(await end(path, later.id, { 'if-match': '"1"' })).toBe(412);
  expect(await end(path, over.id)).toBe(409);
  expect(await end(path, later.id)).toBe(204);
  expect(await end(path, later.id)).toBe(404);
  expect(await end(path, holds.id)).toBe(204);
  expect(await schedule(path, '02T08:00', '09T00:00')).toEqual([
    'Fay 02T08:00 02T09:00 override',
    'Eve 02T09:00 02T10:00 override',
    'Ada 02T10:00 09T08:00 rotation',
  ]);
  expect((await api.ask(`GET ${path}/overrides`)).body.items).toEqual([]);
});

it('leaves the head when it is over, and is still told of the past', async () => {
  const path = await rota();
  for (const day of ['03', '04', '05']) await standIn(path, eve, `${day}T10:00`, `${day}T12:00`);
  const before = await schedule(path, '02T08:00', '09T00:00');
  api.clock.at = Date.parse('2026-03-06T00:00:00Z');
  await standIn(path, fay, '06T00:00', '06T01:00');
  api.clock.at = Date.parse('2026-03-12T00:00:00Z');
  await standIn(path, fay, '13T00:00', '14T00:00');
  const head = await api.rotas.find(path.split('/')[3] ?? '');
  expect(head?.rota.overrides.map(({ from }) => from.slice(8, 16))).toEqual(['13T00:00']);
  expect(head?.rota.keptFrom).toBe('2026-03-09T08:00:00.000Z');
  const now = await schedule(path, '02T08:00', '13T06:00');
  expect(now.slice(0, 6)).toEqual(before.slice(0, 6));
  expect(now.slice(6)).toEqual([
    'Ada 05T12:00 06T00:00 rotation',
    'Fay 06T00:00 06T01:00 override',
    'Ada 06T01:00 09T08:00 rotation',
    'Bob 09T08:00 13T00:00 rotation',
    'Fay 13T00:00 14T00:00 override',
  ]);
});

it('of a hundred that are not over, one more is refused until one is taken back; a repeated key adds none', async () => {
  const path = await rota();
  const body = { agentId: eve, from: '2026-06-01T00:00:00Z', to: '2026-06-02T00:00:00Z', note: 'Holiday' };
  const first = await api.ask(`POST ${path}/overrides`, { body, headers: { 'idempotency-key': 'o-1' } });
  const again = await api.ask(`POST ${path}/overrides`, { body, headers: { 'idempotency-key': 'o-1' } });
  expect(again.body).toEqual(first.body);
  for (let count = 2; count <= 100; count += 1) await api.ask(`POST ${path}/overrides`, { body });
  const listed = (await api.ask(`GET ${path}/overrides`)).body.items;
  expect(listed).toHaveLength(100);
  expect((await api.ask(`POST ${path}/overrides`, { body })).status).toBe(409);
  expect(await end(path, first.body.id)).toBe(204);
  expect((await api.ask(`POST ${path}/overrides`, { body })).status).toBe(201);
});

it('two at once are both kept', async () => {
  const path = await rota();
  await Promise.all([
    standIn(path, eve, '03T00:00', '04T00:00'),
    standIn(path, fay, '05T00:00', '06T00:00'),
    standIn(path, eve, '06T00:00', '07T00:00'),
  ]);
  expect((await api.ask(`GET ${path}/overrides`)).body.items).toHaveLength(3);
});

it('one before the beginning of a rota is refused', async () => {
  const body = { teamId: await api.team(), name: 'Later', timezone: 'UTC', agentIds: [ada], startsOn: '2026-03-09' };
  const made = await api.ask('POST /v1/on-call-rotas', { body: { ...body, handover: { at: '09:00', every: 'day' } } });
  const early = { agentId: eve, from: at('05T00:00'), to: at('12T00:00') };
  const refused = await api.ask(`POST /v1/on-call-rotas/${made.body.id}/overrides`, { body: early });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'from' }] } });
});

it('a machine whose clock is behind changes nothing that another one has said', async () => {
  const path = await rota();
  api.clock.at = monday + 60_000;
  const holds = await standIn(path, eve, '02T08:00', '05T00:00');
  api.clock.at = monday;
  expect(await end(path, holds.id)).toBe(204);
  await standIn(path, fay, '02T08:00', '02T12:00');
  expect(await schedule(path, '02T08:00', '09T00:00')).toEqual([
    'Ada 02T08:00 02T08:01 rotation',
    'Fay 02T08:01 02T12:00 override',
    'Ada 02T12:00 09T08:00 rotation',
  ]);
});

it('whom to call now is known on a machine whose clock is behind', async () => {
  const path = await rota();
  await standIn(path, eve, '02T09:00', '02T10:00');
  api.clock.at = Date.parse('2026-03-02T12:00:00Z');
  await standIn(path, fay, '02T12:00', '02T18:00');
  const read = await api.rotas.find(path.split('/')[3] ?? '');
  if (read === null) throw new Error('no rota');
  expect(read.rota.keptFrom).toBe('2026-03-02T12:00:00.000Z');
  expect(() => onCallAt(read.rota, api.clock.at - 50)).toThrow(RangeError);
  expect(onCallNow(read.rota, api.clock.at - 50)).toMatchObject({ agentId: fay });
  expect(onCallNow(read.rota, Date.parse('2026-03-02T18:00:00Z'))).toMatchObject({ agentId: ada });
});

it.each([
  [{ from: at('04T00:00'), to: at('04T00:00') }, 'to'],
  [{ from: at('01T00:00'), to: at('02T08:00') }, 'to'],
  [{ from: at('04T00:00'), to: '2101-01-01T00:00:00Z' }, 'to'],
  [{ note: 'two\nlines' }, 'note'],
  [{ agentId: 'somebody' }, 'agentId'],
])('%j is refused', async (change, field) => {
  const body = { agentId: eve, from: at('04T00:00'), to: at('05T00:00'), ...change };
  const answer = await api.ask(`POST ${await rota()}/overrides`, { body });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
});

it('a schedule is that of the next four weeks unless it says otherwise', async () => {
  const { items } = (await api.ask(`GET ${await rota()}/schedule`)).body;
  // The clocks have gone forward by then: 28 days of 24 hours end an hour after the last hand-over.
  const days = ['03-02', '03-09', '03-16', '03-23', '03-30'];
  expect(items.map(({ from }: { from: string }) => from.slice(5, 10))).toEqual(days);
});

it.each([
  ['to=2026-03-02T00:00:00Z', 'to'],
  ['from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z', 'to'],
  ['from=2026-03-02T00:00:00Z&to=2026-06-02T00:00:01Z', 'to'],
])('a schedule of %s is refused', async (query, field) => {
  const answer = await api.ask(`GET ${await rota()}/schedule?${query}`);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
});
