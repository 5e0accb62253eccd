import { recountKpis } from '../../outside/recount-kpis.ts';
import { projectAssembly } from './assembly-copy.ts';
import { type Json, RunningDesk, stopDesks } from './running-desk.ts';

const hour = 3_600_000;
const source = (items: Json[]): string => items.find(({ name }: Json) => /^stream .*stream-kpis$/.test(name)).name;

let assembly: string;
beforeAll(async () => {
  assembly = await projectAssembly();
}, 480_000);
afterEach(stopDesks);

const alarm = async (desk: RunningDesk, name: string): Promise<Json> =>
  (await desk.ask('/_local/alarms')).items.find((item: Json) => item.name.endsWith(`-${name}`));

/** A ticket that is opened, answered and solved, twenty minutes each. */
const lifeOf = async (desk: RunningDesk, priority: string): Promise<void> => {
  const { id } = await desk.ticket({ priority });
  await desk.timeTo((await desk.now()) + hour / 3);
  await desk.ask(`/v1/tickets/${id}/replies`, { body: 'On it.', visibility: 'public' }, 'agent');
  await desk.timeTo((await desk.now()) + hour / 3);
  await desk.ask(`/v1/tickets/${id}/status`, { status: 'resolved' }, 'agent');
};

test('a source that was off for more than a day rings, and what the stream has dropped is recounted by itself', async () => {
  // GIVEN a desk at work, whose KPI reader is switched off
  const desk = await RunningDesk.start(assembly, Date.parse('2026-03-03T08:00:00Z'));
  await lifeOf(desk, 'critical');
  await desk.timeTo((await desk.now()) + hour / 6);
  expect(await alarm(desk, 'stream-kpis-silent')).toMatchObject({ state: 'OK' });
  const name = source((await desk.ask('/_local/sources')).items);
  await desk.ask('/_local/sources', { name, running: false });
  const off = await desk.now();
  // WHEN tickets live on
  await lifeOf(desk, 'critical');
  const silent = await alarm(desk, 'stream-kpis-silent');
  await lifeOf(desk, 'low');
  // Hour by hour: each is sixty minutes of schedules and heartbeats, and a request waits for two minutes at most.
  for (let passed = 2; passed <= 26; passed += 1) await desk.timeTo(off + passed * hour);
  await lifeOf(desk, 'high');
  // THEN it has rung within some ten minutes
  expect(silent).toMatchObject({ state: 'ALARM' });
  expect(Date.parse(silent.since) - off).toBeLessThanOrEqual(11 * 60_000);
  // WHEN it is switched on again
  await desk.ask('/_local/sources', { name, running: true });
  const drift: string[] = [];
  for (let minutes = 0; minutes < 20; minutes += 2) {
    await desk.timeTo((await desk.now()) + 2 * 60_000);
    drift.push((await alarm(desk, 'kpi-drift')).state);
  }
  // THEN a recount of what is gone has been made, has found it, has rung, and says why
  const jobs = (await desk.ask('/v1/kpi-recomputes', undefined, 'manager')).items;
  const gaps = jobs.filter(({ reason }: Json) => reason === 'gap');
  expect(gaps).toMatchObject([{ state: 'done', requestedBy: null, progress: { failed: 0 } }]);
  expect(Date.parse(gaps[0].from)).toBeLessThan(off);
  expect(Date.parse(gaps[0].to)).toBeGreaterThan(off + 3 * hour);
  expect(gaps[0].drift.missing).toBeGreaterThan(3);
  expect(desk.log('stream-kpis')).toContain('stream records lost');
  expect(drift).toContain('ALARM');
  expect((await alarm(desk, 'stream-kpis-silent')).state).toBe('OK');
  // AND every figure is that of the timelines, counted from outside
  const { differences } = await recountKpis({ url: desk.desk.url, token: desk.tokens['manager'] ?? '' });
  expect(differences).toEqual([]);
  // AND one that is asked for finds nothing more
  const asked = await desk.as('manager', '/v1/kpis/recompute', { body: {} });
  expect(asked.status).toBe(202);
  expect((await desk.as('manager', '/v1/kpis/recompute', { body: {} })).status).toBe(409);
  await desk.timeTo((await desk.now()) + hour / 3);
  expect(await desk.ask(asked.headers.get('location') ?? '', undefined, 'auditor')).toMatchObject({
    state: 'done',
    repaired: 0,
    progress: { tickets: { of: 4 } },
  });
}, 3_600_000);
