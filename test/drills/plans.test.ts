import { type Engine, startTestEngine } from '../engine.ts';
import { type DrillDesk, drillDesk } from './drill-desk.ts';
import { at } from './step/way.ts';

let engine: Engine;
let desk: DrillDesk;
beforeAll(async () => {
  engine = await startTestEngine();
  desk = await drillDesk(engine);
}, 120_000);
afterAll(() => engine.stop());

const path = '/v1/drill-plans';
const objectives = { rpoSeconds: 72_000, rtoSeconds: 3600 };
const daily = { cron: '30 12 * * *', timezone: 'Europe/Berlin' };
/** 12:30 in Berlin, in winter. */
const noon = at('11:30:00');
const minute = 60_000;

beforeEach(() => {
  desk.as('manager');
  desk.clock.at = at('10:00:00');
  desk.reset();
});

const planned = async (fields: object = {}) => {
  const body = { name: 'Noon', table: 'operations', method: 'backup', schedule: daily, objectives, ...fields };
  const answer = await desk.ask('POST', path, { body });
  expect([answer.status, answer.status === 201 ? '' : answer.body]).toEqual([201, '']);
  return answer.body;
};
const read = async (id: string) => (await desk.ask('GET', `${path}/${id}`)).body;
const archived = async (id: string) => {
  const { version } = await read(id);
  return desk.ask('DELETE', `${path}/${id}`, { headers: { 'if-match': `"${version}"` } });
};
/** The plan is attended to at an instant, as the due index would. */
const attended = async (id: string, now: number) => {
  desk.clock.at = now;
  await desk.attendPlan(id);
};
const overdueOf = async (id: string) =>
  (await desk.eventsOf(`DPL#${id}`)).filter(({ type }) => type === 'drillPlan.overdue');

describe('a plan', () => {
  it('is answered in its shape, knows when it runs next, and is changed under If-Match', async () => {
    const plan = await planned({ costCeiling: 5 });
    expect(plan).toMatchObject({
      name: 'Noon',
      table: 'operations',
      method: 'backup',
      recoveryPoint: 'newest',
      enabled: true,
      schedule: daily,
      objectives,
      costCeiling: 5,
      nextRunAt: '2026-03-02T11:30:00.000Z',
      lastDrillId: null,
    });
    const one = `${path}/${plan.id}`;
    expect((await desk.ask('PATCH', one, { body: { name: 'x' } })).status).toBe(428);
    expect((await desk.ask('PATCH', one, { body: { name: 'x' }, headers: { 'if-match': '"9"' } })).status).toBe(412);
    const off = await desk.ask('PATCH', one, { body: { enabled: false }, headers: { 'if-match': '"1"' } });
    expect(off.body).toMatchObject({ enabled: false, nextRunAt: null, version: 2 });
    const berlin = { cron: '0 3 * * SUN', timezone: 'Europe/Berlin' };
    const on = await desk.ask('PATCH', one, {
      body: { enabled: true, schedule: berlin },
      headers: { 'if-match': '"2"' },
    });
    expect(on.body.nextRunAt).toBe('2026-03-08T02:00:00.000Z');
    expect((await archived(plan.id)).status).toBe(204);
    expect((await desk.ask('PATCH', one, { body: { name: 'x' }, headers: { 'if-match': '"4"' } })).status).toBe(409);
    const listed = async (query = '') =>
      (await desk.ask('GET', `${path}${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect([await listed(), await listed('?archived=true')]).toEqual([[], [plan.id]]);
    expect((await desk.ask('POST', '/v1/drills', { body: { planId: plan.id } })).status).toBe(404);
  });

  it.each([
    [{ schedule: { cron: '61 * * * *', timezone: 'Europe/Berlin' } }, 'schedule'],
    [{ schedule: { cron: '0 0 31 2 *', timezone: 'Europe/Berlin' } }, 'schedule'],
    [{ schedule: { cron: '0 0 * * *', timezone: 'Mars/Base' } }, 'schedule'],
    [{ schedule: { cron: '0 0 0 * * *', timezone: 'Europe/Berlin' } }, 'schedule'],
    [{ table: 'nobody' }, 'table'],
    [{ method: 'tape' }, 'method'],
    [{ objectives: { rpoSeconds: 1 } }, 'objectives.rtoSeconds'],
  ])('%j is refused', async (fields, where) => {
    const body = { name: 'x', table: 'operations', method: 'backup', ...fields };
    const answer = await desk.ask('POST', path, { body });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, where]);
  });
});

describe('at its instant', () => {
  it('starts one drill, however often it is attended to, and none before', async () => {
    const { id } = await planned();
    await attended(id, noon - 1000);
    expect((await read(id)).lastDrillId).toBeNull();
    desk.clock.at = noon + 5000;
    await Promise.allSettled([desk.attendPlan(id), desk.attendPlan(id), desk.attendPlan(id)]);
    await attended(id, noon + 20_000);
    const { lastDrillId, nextRunAt } = await read(id);
    expect(nextRunAt).toBe('2026-03-03T11:30:00.000Z');
    const { body } = await desk.ask('GET', `/v1/drills?planId=${id}`);
    expect(body.items).toMatchObject([
      { id: lastDrillId, planId: id, requestedBy: { id: 'system', role: 'system' }, objectives },
    ]);
    await desk.run(lastDrillId);
    await attended(id, desk.clock.at + 15 * minute);
    expect((await desk.eventsOf(`DPL#${id}`)).map(({ type }) => type)).toEqual([
      'drillPlan.created',
      'drillPlan.started',
      'drillPlan.settled',
    ]);
    expect(await overdueOf(id)).toEqual([]);
    await archived(id);
  });

  it('waits for a table that is being drilled; late, it is told once, and starts when the table is free', async () => {
    const { body: other } = await desk.ask('POST', '/v1/drills', { body: { table: 'operations', objectives } });
    const { id } = await planned();
    await attended(id, noon + 5000);
    expect((await read(id)).lastDrillId).toBeNull();
    for (const minutes of [10, 16, 21, 40]) await attended(id, noon + minutes * minute);
    const told = await overdueOf(id);
    expect(told).toHaveLength(1);
    const alert = (await desk.alerts()).find((one) => one['id'] === told[0]?.['alertId']);
    expect(alert).toMatchObject({
      kind: 'drill.overdue',
      severity: 'high',
      deadline: '2026-03-02T11:30:00.000Z',
      happened: expect.stringContaining(other.id),
    });
    await desk.ask('POST', `/v1/drills/${other.id}/cancel`);
    await desk.run(other.id);
    await attended(id, noon + 50 * minute);
    const { lastDrillId } = await read(id);
    expect(lastDrillId).not.toBeNull();
    await desk.run(lastDrillId);
    await archived(id);
  });

  it('a drill that does not end in time is told once', async () => {
    const { id } = await planned();
    await attended(id, noon + 5000);
    const { lastDrillId } = await read(id);
    for (const hours of [1, 5, 7, 8]) await attended(id, noon + hours * 60 * minute);
    const told = await overdueOf(id);
    expect(told.map(({ data }) => [data.what, data.drillId])).toEqual([['not-ended', lastDrillId]]);
    await desk.ask('POST', `/v1/drills/${lastDrillId}/cancel`);
    await desk.run(lastDrillId);
    await archived(id);
  });
});
