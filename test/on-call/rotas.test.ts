import { onCallAt } from '../../functions/on-call/index.ts';
import { type OnCallApi, startOnCallApi } from './on-call-api.ts';

let api: OnCallApi;
let ada: string;
let bob: string;
let cyd: string;
const days = (count: number): number => count * 86_400_000;
const monday = Date.parse('2026-03-02T08:00:00Z');

beforeAll(async () => {
  api = await startOnCallApi('2026-03-02T08:00:00Z');
  [ada, bob, cyd] = [await api.agent('Ada'), await api.agent('Bob'), await api.agent('Cyd')];
}, 120_000);
afterAll(() => api.stop());
beforeEach(() => {
  api.clock.at = monday;
});

const weekly = async (change: object = {}) => ({
  teamId: await api.team(),
  name: 'Night watch',
  timezone: 'Europe/Berlin',
  agentIds: [ada, bob, cyd],
  startsOn: '2026-03-02',
  handover: { at: '09:00', every: 'week' },
  ...change,
});
const rotaOf = async (change: object = {}): Promise<{ id: string; teamId: string; path: string }> => {
  const { status, body } = await api.ask('POST /v1/on-call-rotas', { body: await weekly(change) });
  expect({ status, body }).toMatchObject({ status: 201 });
  return { ...body, path: `/v1/on-call-rotas/${body.id}` };
};
const onCall = async (path: string, at?: string) =>
  (await api.ask(`GET ${path}/on-call${at === undefined ? '' : `?at=${at}`}`)).body;
const schedule = async (path: string, from: string, to: string): Promise<string[]> =>
  (await api.ask(`GET ${path}/schedule?from=${from}&to=${to}`)).body.items.map(
    (one: { name: string; from: string; to: string; source: string }) =>
      `${one.name} ${one.from.slice(0, 16)} ${one.to.slice(0, 16)} ${one.source}`,
  );
const etag = async (path: string) => ({ 'if-match': String((await api.ask(`GET ${path}`)).headers['etag']) });

describe('a rota', () => {
  it('is made, read and listed, and says its first turns across the change of clocks', async () => {
    const body = await weekly();
    const made = await api.ask('POST /v1/on-call-rotas', { body });
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: `/v1/on-call-rotas/${made.body.id}` },
      body: {
        ...body,
        handover: { at: '09:00', every: 'week', days: 1 },
        effectiveFrom: '2026-03-02T08:00:00.000Z',
        planned: [],
        archivedAt: null,
        version: 1,
      },
    });
    const path = `/v1/on-call-rotas/${made.body.id}`;
    expect((await api.ask(`GET ${path}`)).body).toEqual(made.body);
    expect((await api.ask(`GET /v1/on-call-rotas?teamId=${body.teamId}`)).body.items).toEqual([made.body]);
    const ids = (await api.ask('GET /v1/on-call-rotas?limit=100')).body.items.map(({ id }: { id: string }) => id);
    expect(ids).toContain(made.body.id);
    // Clocks go forward on 29 March: the turn of Bob has an hour less.
    expect(await schedule(path, '2026-03-20T00:00:00Z', '2026-04-02T00:00:00Z')).toEqual([
      'Cyd 2026-03-16T08:00 2026-03-23T08:00 rotation',
      'Ada 2026-03-23T08:00 2026-03-30T07:00 rotation',
      'Bob 2026-03-30T07:00 2026-04-06T07:00 rotation',
    ]);
    expect(await onCall(path, '2026-03-30T06:59:59.999Z')).toMatchObject({ agentId: ada, name: 'Ada' });
    expect(await onCall(path, '2026-03-30T07:00:00Z')).toEqual({
      agentId: bob,
      name: 'Bob',
      from: '2026-03-30T07:00:00.000Z',
      to: '2026-04-06T07:00:00.000Z',
      source: 'rotation',
      overrideId: null,
      next: { agentId: cyd, name: 'Cyd', from: '2026-04-06T07:00:00.000Z' },
    });
  });

  it('has nobody before it begins, and says who will be the first', async () => {
    const { path } = await rotaOf({ startsOn: '2026-03-04', handover: { at: '18:00', every: 'day', days: 2 } });
    expect(await onCall(path)).toEqual({
      agentId: null,
      name: null,
      from: null,
      to: '2026-03-04T17:00:00.000Z',
      source: null,
      overrideId: null,
      next: { agentId: ada, name: 'Ada', from: '2026-03-04T17:00:00.000Z' },
    });
    expect(await schedule(path, '2026-03-01T00:00:00Z', '2026-03-07T00:00:00Z')).toEqual([
      'Ada 2026-03-04T17:00 2026-03-06T17:00 rotation',
      'Bob 2026-03-06T17:00 2026-03-08T17:00 rotation',
    ]);
  });

  it('is one a team, also when two ask at once; a repeated key is the same rota', async () => {
    const body = await weekly();
    const answers = await Promise.all([1, 2, 3].map(() => api.ask('POST /v1/on-call-rotas', { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const other = { body: await weekly(), headers: { 'idempotency-key': 'rota-1' } };
    const first = await api.ask('POST /v1/on-call-rotas', other);
    expect(await api.ask('POST /v1/on-call-rotas', other)).toMatchObject({ status: 201, body: first.body });
  });

  it.each([
    [{ timezone: 'Europe/Nowhere' }, 'timezone'],
    [{ agentIds: [] }, 'agentIds'],
    [{ startsOn: '2026-02-30' }, 'startsOn'],
    [{ startsOn: '1999-12-31' }, 'startsOn'],
    [{ handover: { at: '24:00', every: 'day' } }, 'handover.at'],
    [{ handover: { at: '09:00', every: 'week', days: 2 } }, 'handover.days'],
    [{ handover: { at: '09:00', every: 'day', days: 0 } }, 'handover.days'],
    [{ cover: true }, 'cover'],
  ])('is refused with %j', async (change, field) => {
    const { status, body } = await api.ask('POST /v1/on-call-rotas', { body: await weekly(change) });
    expect(status).toBe(400);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([field]);
  });

  it('wants a team and agents that are there, and people who may', async () => {
    const nowhere = '01J8Z0K3V5W7Y9ABCDEFGHJKMN';
    const ask = async (change: object, role: 'lead' | 'agent' | 'requester' = 'lead') =>
      (await api.ask('POST /v1/on-call-rotas', { body: await weekly(change), role })).status;
    expect(await ask({ teamId: `tem_${nowhere}` })).toBe(404);
    expect(await ask({ agentIds: [ada, `agt_${nowhere}`] })).toBe(404);
    expect(await ask({}, 'agent')).toBe(403);
    expect(await ask({}, 'requester')).toBe(403);
    expect((await api.ask(`GET /v1/on-call-rotas/rot_${nowhere}/on-call`)).status).toBe(404);
  });
});

describe('a change', () => {
  it('holds from now on: the first of a new list finishes the turn, and the past stays', async () => {
    const { path } = await rotaOf();
    api.clock.at = monday + days(9);
    expect(await onCall(path)).toMatchObject({ agentId: bob });
    const before = await schedule(path, '2026-03-02T08:00:00Z', '2026-03-11T08:00:00Z');
    const changed = await api.ask(`PATCH ${path}`, { body: { agentIds: [cyd, ada] }, headers: await etag(path) });
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { agentIds: [cyd, ada], startsOn: '2026-03-09', effectiveFrom: '2026-03-11T08:00:00.000Z' },
    });
    expect(before).toEqual([
      'Ada 2026-03-02T08:00 2026-03-09T08:00 rotation',
      'Bob 2026-03-09T08:00 2026-03-16T08:00 rotation',
    ]);
    expect(await schedule(path, '2026-03-02T08:00:00Z', '2026-03-17T08:00:00Z')).toEqual([
      'Ada 2026-03-02T08:00 2026-03-09T08:00 rotation',
      'Bob 2026-03-09T08:00 2026-03-11T08:00 rotation',
      'Cyd 2026-03-11T08:00 2026-03-16T08:00 rotation',
      'Ada 2026-03-16T08:00 2026-03-23T08:00 rotation',
    ]);
  });

  it('leaves whoever is on call so when the list is the old one', async () => {
    const { path } = await rotaOf();
    api.clock.at = monday + days(9);
    const body = { handover: { at: '18:00', every: 'day', days: 1 }, timezone: 'America/New_York' };
    const changed = await api.ask(`PATCH ${path}`, { body, headers: await etag(path) });
    expect(changed.body).toMatchObject({ agentIds: [bob, cyd, ada], startsOn: '2026-03-10' });
    expect(await schedule(path, '2026-03-10T00:00:00Z', '2026-03-12T23:00:00Z')).toEqual([
      'Bob 2026-03-09T08:00 2026-03-11T08:00 rotation',
      'Bob 2026-03-11T08:00 2026-03-11T22:00 rotation',
      'Cyd 2026-03-11T22:00 2026-03-12T22:00 rotation',
      'Ada 2026-03-12T22:00 2026-03-13T22:00 rotation',
    ]);
  });

  it('can be planned, is shown until then, and gives way to one that comes before it', async () => {
    const { path } = await rotaOf();
    const plan = { agentIds: [bob], effectiveFrom: '2026-03-04T00:00:00Z' };
    const planned = await api.ask(`PATCH ${path}`, { body: plan, headers: await etag(path) });
    expect(planned.body).toMatchObject({
      agentIds: [ada, bob, cyd],
      planned: [{ effectiveFrom: '2026-03-04T00:00:00.000Z', agentIds: [bob] }],
    });
    expect((await onCall(path)).next).toEqual({ agentId: bob, name: 'Bob', from: '2026-03-04T00:00:00.000Z' });
    const sooner = { agentIds: [cyd], effectiveFrom: '2026-03-03T00:00:00Z' };
    const replaced = await api.ask(`PATCH ${path}`, { body: sooner, headers: await etag(path) });
    expect(replaced.body.planned).toMatchObject([{ agentIds: [cyd] }]);
    expect(replaced.body.planned).toHaveLength(1);
  });

  it('of a rota that has not begun changes its beginning', async () => {
    const { path } = await rotaOf({ startsOn: '2026-03-09' });
    const changed = await api.ask(`PATCH ${path}`, {
      body: { startsOn: '2026-03-05', agentIds: [bob, ada] },
      headers: await etag(path),
    });
    expect(changed.body).toMatchObject({ effectiveFrom: '2026-03-05T08:00:00.000Z', planned: [] });
    expect(await schedule(path, '2026-03-01T00:00:00Z', '2026-03-13T00:00:00Z')).toEqual([
      'Bob 2026-03-05T08:00 2026-03-12T08:00 rotation',
      'Ada 2026-03-12T08:00 2026-03-19T08:00 rotation',
    ]);
  });

  it('wants the version that was read, something to change, and no instant of the past', async () => {
    const { path } = await rotaOf();
    const patch = async (body: object, headers: Record<string, string>) =>
      (await api.ask(`PATCH ${path}`, { body, headers })).status;
    expect(await patch({ name: 'Days' }, {})).toBe(428);
    expect(await patch({ name: 'Days' }, { 'if-match': '"7"' })).toBe(412);
    expect(await patch({}, { 'if-match': '"1"' })).toBe(400);
    expect(await patch({ name: 'Days', effectiveFrom: '2026-03-05T00:00:00Z' }, { 'if-match': '"1"' })).toBe(400);
    expect(await patch({ agentIds: [bob], effectiveFrom: '2026-03-02T07:59:59Z' }, { 'if-match': '"1"' })).toBe(400);
    const both = await Promise.all([1, 2].map(() => patch({ name: 'Days' }, { 'if-match': '"1"' })));
    expect(both.sort()).toEqual([200, 412]);
    expect((await api.ask(`GET ${path}`)).body).toMatchObject({ name: 'Days', version: 2, planned: [] });
  });

  it('is one of twenty that are planned at most', async () => {
    const { path } = await rotaOf();
    for (let day = 1; day <= 20; day += 1) {
      const effectiveFrom = new Date(monday + days(day)).toISOString();
      const { status } = await api.ask(`PATCH ${path}`, {
        body: { agentIds: [day % 2 === 0 ? ada : bob], effectiveFrom },
        headers: await etag(path),
      });
      expect(status).toBe(200);
    }
    const late = { body: { agentIds: [cyd], effectiveFrom: '2026-05-01T00:00:00Z' }, headers: await etag(path) };
    expect((await api.ask(`PATCH ${path}`, late)).status).toBe(409);
    expect((await api.ask(`PATCH ${path}`, { ...late, body: { agentIds: [cyd] } })).status).toBe(200);
  });
});

describe('an archived rota', () => {
  it('has nobody on call any more, remembers who was, and makes room for another', async () => {
    const { path, id, teamId } = await rotaOf();
    api.clock.at = monday + days(8);
    expect((await api.ask(`DELETE ${path}`)).status).toBe(428);
    expect((await api.ask(`DELETE ${path}`, { headers: { 'if-match': '"1"' } })).status).toBe(204);
    expect((await api.ask(`GET ${path}`)).body.archivedAt).toBe('2026-03-10T08:00:00.000Z');
    expect(await onCall(path)).toMatchObject({ agentId: null, from: '2026-03-10T08:00:00.000Z', next: null });
    expect(await schedule(path, '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z')).toEqual([
      'Ada 2026-03-02T08:00 2026-03-09T08:00 rotation',
      'Bob 2026-03-09T08:00 2026-03-10T08:00 rotation',
    ]);
    expect((await api.ask(`PATCH ${path}`, { body: { name: 'x' }, headers: { 'if-match': '"2"' } })).status).toBe(409);
    const listed = (await api.ask('GET /v1/on-call-rotas?limit=100')).body.items;
    expect(listed.filter((one: { id: string }) => one.id === id)).toEqual([]);
    expect(await api.rotas.ofTeam(teamId)).toBeNull();
    const another = await api.ask('POST /v1/on-call-rotas', { body: await weekly({ teamId }) });
    expect(another.status).toBe(201);
    expect((await api.rotas.ofTeam(teamId))?.id).toBe(another.body.id);
  });
});

it('the alerts find the rota of a team, and who is on call by it', async () => {
  const { teamId } = await rotaOf();
  const rota = await api.rotas.ofTeam(teamId);
  if (rota === null) throw new Error('no rota');
  expect(onCallAt(rota, monday)).toMatchObject({ agentId: ada, next: { agentId: bob } });
  expect(onCallAt(rota, monday - 1)).toBeNull();
  expect(await api.rotas.ofTeam(await api.team())).toBeNull();
});
