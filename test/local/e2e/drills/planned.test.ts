import type { Json, RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { backupSettings, drillOf, ended, startDrill, startDrillDesk, stopDrillDesks } from './drills.ts';
import { Writers } from './writers.ts';

/** What nobody has to ask for: planned drills, the figures of a month, and the watch over how old backups are. */
const minute = 60_000;
const begin = Date.UTC(2026, 2, 2, 8, 55);
/** So that not many minutes have to pass. */
const promised = { rpoSeconds: 600, rtoSeconds: 14_400 };
let desk: RunningDesk;
let account: Account;

beforeAll(async () => {
  desk = await startDrillDesk(begin);
  account = await Account.of(desk);
  await new Writers(desk.desk.url, desk.tokens).story(await desk.customer(), 0);
  await desk.ask(
    '/v1/services',
    { name: 'Service desk', tier: '1', table: 'operations', objectives: promised },
    'manager',
  );
  await desk.ask('/v1/alert-subscriptions', {
    channel: 'email',
    target: 'oncall@desk.example',
    filter: { kind: ['drill.overdue', 'backup.stale'] },
  });
}, 240_000);
afterAll(async () => {
  account?.close();
  await stopDrillDesks();
});

const pass = async (minutes: number): Promise<void> => desk.timeTo((await desk.now()) + minutes * minute);
const kpi = async (id: string): Promise<Json> =>
  (await desk.ask(`/v1/kpis/${id}?from=2026-03-01&to=2026-04-01`, undefined, 'manager')).total;
const alertsOf = async (kind: string): Promise<readonly Json[]> =>
  (await desk.ask('/v1/alerts?limit=100')).items.filter((alert: Json) => alert.kind === kind);
const drillsOf = async (planId: string): Promise<readonly Json[]> =>
  (await desk.ask(`/v1/drills?planId=${planId}`, undefined, 'auditor')).items;
const backups = async (): Promise<Json> =>
  (await desk.ask('/v1/backups', undefined, 'auditor')).items.find(({ table }: Json) => table === 'operations');

it('a planned drill begins by itself at each of its instants, and its figures are those of the month', async () => {
  const plan = await desk.ask(
    '/v1/drill-plans',
    {
      name: 'Three an hour',
      table: 'operations',
      method: 'backup',
      recoveryPoint: 'fresh',
      schedule: { cron: '*/20 * * * *', timezone: 'Europe/Berlin' },
    },
    'manager',
  );
  expect(plan.nextRunAt).toBe('2026-03-02T09:00:00.000Z');
  await desk.timeTo(Date.UTC(2026, 2, 2, 9, 10));
  await desk.timeTo(Date.UTC(2026, 2, 2, 9, 28));
  const drills = await drillsOf(plan.id);
  expect(drills.map(({ requestedAt, state, verdict }) => [requestedAt.slice(0, 16), state, verdict])).toEqual([
    ['2026-03-02T09:20', 'done', 'passed'],
    ['2026-03-02T09:00', 'done', 'passed'],
  ]);
  const mean = (of: 'rpo' | 'rto'): number => drills.reduce((sum, drill) => sum + drill[of].seconds, 0) / 2;
  expect(await kpi('drills-passed')).toMatchObject({ value: 100, numerator: 2, denominator: 2 });
  expect((await kpi('rpo')).value).toBeCloseTo(mean('rpo'), 0);
  expect((await kpi('rto')).value).toBeCloseTo(mean('rto'), 0);
  expect(await alertsOf('drill.overdue')).toEqual([]);
  const current = await desk.as('manager', `/v1/drill-plans/${plan.id}`);
  expect(current.body).toMatchObject({ nextRunAt: '2026-03-02T09:40:00.000Z', lastDrillId: drills[0].id });
}, 120_000);

it('a planned drill that cannot begin in time is told once, and begins when it can', async () => {
  const [plan] = (await desk.ask('/v1/drill-plans', undefined, 'auditor')).items;
  await backupSettings(desk, { restoreSeconds: 2400 });
  await desk.timeTo(Date.UTC(2026, 2, 2, 9, 30));
  const { id } = await startDrill(desk, { recoveryPoint: 'newest' });
  await desk.timeTo(Date.UTC(2026, 2, 2, 10, 2));
  expect((await drillOf(desk, id)).state).toBe('restoring');
  expect(await drillsOf(plan.id)).toHaveLength(2);
  const told = await alertsOf('drill.overdue');
  expect(told).toHaveLength(1);
  const mails = (await desk.outbox()).filter(({ ticketId }) => ticketId === told[0]?.ticketId) as readonly Json[];
  expect(mails.map(({ text }) => text)).toEqual([expect.stringContaining(id)]);
  await backupSettings(desk, { restoreSeconds: 10 });
  await ended(desk, id);
  await pass(6);
  const [newest, ...before] = await drillsOf(plan.id);
  expect(before).toHaveLength(2);
  const { body, headers } = await desk.as('manager', `/v1/drill-plans/${plan.id}`);
  expect(body.lastDrillId).toBe(newest?.id);
  const ifMatch = { 'if-match': headers.get('etag') ?? '' };
  const archived = await desk.as('manager', `/v1/drill-plans/${plan.id}`, { method: 'DELETE', headers: ifMatch });
  expect(archived.status).toBe(204);
  expect((await ended(desk, newest?.id)).verdict).toBe('passed');
  expect(await alertsOf('drill.overdue')).toHaveLength(1);
}, 120_000);

it('a recovery point that is too old is told once, shows, and is right again with the next one', async () => {
  await account.pointInTimeRecovery(false);
  await account.backupCompleted(await account.startBackup());
  await pass(6);
  expect(await backups()).toMatchObject({ stale: false, method: 'backup', limitSeconds: 600 });
  await pass(14);
  const old = await backups();
  expect([old.stale, old.ageSeconds > 600]).toEqual([true, true]);
  const told = await alertsOf('backup.stale');
  expect(told).toHaveLength(1);
  const ticket = await desk.ask(`/v1/tickets/${told[0]?.['ticketId']}`);
  expect(ticket).toMatchObject({ channel: 'monitor', priority: 'critical', tags: ['backup'] });
  await pass(12);
  expect(await alertsOf('backup.stale')).toHaveLength(1);
  const health = async (): Promise<Json> => {
    const { items } = await desk.ask('/v1/services');
    return desk.ask(`/v1/services/${items[0].id}/health`);
  };
  expect((await health()).recoverability).toBe('at_risk');
  await account.backupCompleted(await account.startBackup());
  await pass(6);
  expect((await backups()).stale).toBe(false);
  expect((await health()).recoverability).toBe('ok');
  await pass(14);
  expect(await alertsOf('backup.stale')).toHaveLength(2);
}, 120_000);
