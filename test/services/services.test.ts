import { recoverability } from '../../functions/services/domain/service.ts';
import { drillDesk, type DrillDesk } from '../drills/drill-desk.ts';
import { type Engine, startTestEngine } from '../engine.ts';

let engine: Engine;
let desk: DrillDesk;
beforeAll(async () => {
  engine = await startTestEngine();
  desk = await drillDesk(engine);
}, 120_000);
afterAll(() => engine.stop());

const path = '/v1/services';
const objectives = { rpoSeconds: 3600, rtoSeconds: 14_400 };

it('is put into the catalogue, found, listed by name and changed under If-Match, with an event each', async () => {
  desk.as('manager');
  const body = { name: 'Service desk', tier: '1', ownerTeamId: desk.team.id, table: 'operations', objectives };
  const created = await desk.ask('POST', path, { body });
  expect([created.status, created.headers['etag']]).toEqual([201, '"1"']);
  const { id } = created.body;
  expect(created.body).toMatchObject({ ...body, description: '', version: 1 });
  await desk.ask('POST', path, { body: { name: 'Archive' } });
  const { body: list } = await desk.ask('GET', path);
  expect(list.items.map(({ name }: { name: string }) => name)).toEqual(['Archive', 'Service desk']);
  const one = `${path}/${id}`;
  expect((await desk.ask('PATCH', one, { body: { tier: '2' } })).status).toBe(428);
  const patched = await desk.ask('PATCH', one, { body: { tier: '2' }, headers: { 'if-match': '"1"' } });
  expect(patched.body).toMatchObject({ tier: '2', version: 2 });
  const same = await desk.ask('PATCH', one, { body: { tier: '2' }, headers: { 'if-match': '"2"' } });
  expect(same.body.version).toBe(2);
  expect((await desk.eventsOf(`SVC#${id}`)).map(({ type }) => type)).toEqual(['service.created', 'service.changed']);
});

it('a table is the data of one service, until that lets it go', async () => {
  desk.as('manager');
  const first = await desk.ask('POST', path, { body: { name: 'Orders', table: 'orders' } });
  const second = await desk.ask('POST', path, { body: { name: 'Shop', table: 'orders' } });
  expect([first.status, second.status]).toEqual([201, 409]);
  const free = await desk.ask('PATCH', `${path}/${first.body.id}`, {
    body: { table: null },
    headers: { 'if-match': '"1"' },
  });
  expect(free.body.table).toBeNull();
  expect((await desk.ask('POST', path, { body: { name: 'Shop', table: 'orders' } })).status).toBe(201);
  expect((await desk.services.ofTable('orders'))?.name).toBe('Shop');
});

it.each([
  [{ name: '' }, 'name'],
  [{ name: 'x', tier: '4' }, 'tier'],
  [{ name: 'x', table: 'nobody' }, 'table'],
  [{ name: 'x', ownerTeamId: 'tem_01J8Z0K3V5W7Y9ABCDEFGHJKMN' }, 'ownerTeamId'],
  [{ name: 'x', objectives: { rpoSeconds: 1.5, rtoSeconds: 1 } }, 'objectives.rpoSeconds'],
])('%j is refused', async (body, where) => {
  desk.as('manager');
  const answer = await desk.ask('POST', path, { body });
  expect([answer.status, answer.body.errors[0].path]).toEqual([400, where]);
});

const drill = (verdict: 'passed' | 'failed' | 'unknown') => ({
  id: 'drl_1',
  verdict,
  concludedAt: null,
  rpo: { seconds: 1, met: true },
  rto: { seconds: 1, met: true },
});
const aged = (ageSeconds: number | null) => ({ newestRecoveryPointAt: null, ageSeconds });

it.each([
  ['ok', drill('passed'), aged(60)],
  ['at_risk', drill('passed'), aged(3601)],
  ['at_risk', drill('failed'), aged(60)],
  ['at_risk', drill('unknown'), null],
  ['at_risk', null, aged(3601)],
  ['unknown', null, aged(60)],
  ['unknown', drill('passed'), aged(null)],
  ['unknown', drill('passed'), null],
] as const)('is %s with %j and %j', (expected, last, fresh) => {
  expect(recoverability({ table: 'operations', objectives }, last, fresh)).toBe(expected);
  expect(recoverability({ table: null, objectives }, last, fresh)).toBe('unknown');
  expect(recoverability({ table: 'operations', objectives: null }, last, fresh)).toBe('unknown');
});

it('its health is there for whoever reads, and 404 for what is not', async () => {
  desk.as('auditor');
  const { body } = await desk.ask('GET', path);
  const { id } = body.items[0];
  expect((await desk.ask('GET', `${path}/${id}/health`)).body).toMatchObject({
    serviceId: id,
    recoverability: 'unknown',
  });
  expect((await desk.ask('GET', `${path}/svc_01J8Z0K3V5W7Y9ABCDEFGHJKMN/health`)).status).toBe(404);
});
