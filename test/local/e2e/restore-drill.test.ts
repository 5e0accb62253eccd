import { projectAssembly } from './assembly-copy.ts';
import { RunningDesk, stopDesks } from './running-desk.ts';

afterAll(stopDesks);

const minute = 60_000;

it('a backup is taken, a disaster declared, and the drill restores, checks, serves, removes and reports', async () => {
  const desk = await RunningDesk.start(await projectAssembly(), Date.UTC(2026, 2, 2, 9));
  await desk.ticket();
  await desk.timeTo((await desk.now()) + 10 * minute);
  const objectives = { rpoSeconds: 3600, rtoSeconds: 14_400 };
  await desk.ask('/v1/services', { name: 'Service desk', tier: '1', table: 'operations', objectives }, 'manager');
  const drill = await desk.ask(
    '/v1/drills',
    { table: 'operations', method: 'backup', recoveryPoint: 'fresh' },
    'engineer',
  );
  let now = await desk.ask(`/v1/drills/${drill.id}`);
  for (let turns = 0; turns < 40 && !['done', 'cancelled'].includes(now.state); turns += 1) {
    await desk.timeTo((await desk.now()) + 5 * minute);
    now = await desk.ask(`/v1/drills/${drill.id}`);
  }
  expect([now.state, now.verdict, now.reasons]).toEqual(['done', 'passed', expect.anything()]);
  expect(now.integrity.compared).toBeGreaterThan(0);
  const report = await desk.as('auditor', `/v1/drills/${drill.id}/report?format=html`);
  expect([report.status, report.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const backups = await desk.ask('/v1/backups', undefined, 'auditor');
  expect(backups.items.map(({ table }: { table: string }) => table)).toContain('operations');
}, 480_000);
