import type { Json, RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { backupSettings, checkOf, ended, objectives, startDrill, startDrillDesk, stopDrillDesks } from './drills.ts';
import { Writers } from './writers.ts';

/** What a drill must notice, and whom it must tell: copies with something wrong in them, and jobs that come to nothing. */
let desk: RunningDesk;
let account: Account;

beforeAll(async () => {
  desk = await startDrillDesk(Date.UTC(2026, 2, 2, 9));
  account = await Account.of(desk);
  const writers = new Writers(desk.desk.url, desk.tokens);
  const customerId = await desk.customer();
  for (const client of [0, 1, 2]) await writers.story(customerId, client);
  for (const [channel, target] of [
    ['email', 'oncall@desk.example'],
    ['sms', '+491511234567'],
  ])
    await desk.ask('/v1/alert-subscriptions', { channel, target, filter: { kind: ['drill.failed'] } });
  await desk.timeTo((await desk.now()) + 3 * 60_000);
}, 240_000);
afterAll(async () => {
  account?.close();
  await stopDrillDesks();
});
afterEach(() => desk.as('admin', '/_local/faults', { method: 'DELETE' }));

const ofTicket = { partition: 'TKT#' };
const drillPassed = async (): Promise<Json> =>
  (await desk.ask('/v1/kpis/drills-passed?from=2026-03-01&to=2026-03-31', undefined, 'manager')).total;

/** What left the desk, and the tickets it opened, because of a drill. */
const toldOf = async (id: string): Promise<{ readonly sent: readonly Json[]; readonly tickets: readonly Json[] }> => {
  const { items } = await desk.ask('/v1/alerts?limit=100');
  const alerts = items.filter(({ ticketId }: Json) => ticketId !== null);
  const tickets: Json[] = [];
  for (const ticketId of new Set<string>(alerts.map((alert: Json) => alert.ticketId)))
    tickets.push(await desk.ask(`/v1/tickets/${ticketId}`));
  const own = tickets.filter(({ description }) => description.includes(id));
  const sent = (await desk.outbox()).filter(({ ticketId }) => own.some((ticket) => ticket.id === ticketId));
  return { sent, tickets: own };
};

it.each([
  ['an event in the middle of a history', { how: 'drop', ...ofTicket, sort: 'EV#00000002', which: 'first' }, 'chains'],
  ['the last event of a history', { how: 'drop', ...ofTicket, sort: 'EV#', which: 'last' }, 'chains'],
  ['a whole ticket', { how: 'drop', ...ofTicket, sort: '', which: 'all' }, 'items'],
  ['the head of a ticket', { how: 'drop', ...ofTicket, sort: 'T', which: 'first' }, 'items'],
  ['a bit of an event', { how: 'flip-byte', ...ofTicket, sort: 'EV#', which: 'first' }, 'contents'],
  ['an item too many', { how: 'add', ...ofTicket, sort: 'T', which: 'first' }, 'items'],
])(
  'a copy that is wrong by %s fails, says so, and wakes somebody once',
  async (_name, corrupt, check) => {
    await backupSettings(desk, { corrupt });
    const passedBefore = await drillPassed();
    const { id } = await startDrill(desk, { recoveryPoint: 'fresh' });
    const drill = await ended(desk, id);
    expect([drill.state, drill.verdict, checkOf(drill, check).result]).toEqual(['done', 'failed', 'failed']);
    expect(checkOf(drill, check).detail).toContain('TKT#');
    expect(await account.scratchTables()).toEqual([]);
    const { sent, tickets } = await toldOf(id);
    expect(tickets).toHaveLength(1);
    expect(tickets[0]).toMatchObject({ channel: 'monitor', priority: 'critical', tags: ['restore-drill'] });
    expect(sent.map(({ kind }) => kind).sort()).toEqual(['email', 'sms']);
    for (const { text } of sent) expect(text).toContain('Restore drill of operations failed');
    const passedAfter = await drillPassed();
    expect(passedAfter.n).toBe(passedBefore.n + 1);
    expect(passedAfter.numerator).toBe(passedBefore.numerator);
    const report = await desk.as('auditor', `/v1/drills/${id}/report?format=markdown`);
    expect(report.body).toContain('**failed**');
    expect(report.body).toContain('TKT\\#');
  },
  120_000,
);

describe('jobs that come to nothing', () => {
  const failing = async (order: object): Promise<Json> => {
    const { id } = await startDrill(desk, order);
    const drill = await ended(desk, id, 30 * 60_000);
    expect(await account.scratchTables()).toEqual([]);
    return drill;
  };

  it.each([
    ['a backup that fails', { nextBackup: 'failed' }, /^The backup failed/],
    ['a backup that is aborted', { nextBackup: 'aborted' }, /^The backup aborted/],
    ['a backup that never begins', { nextBackup: 'expired' }, /^The backup expired/],
    ['a restore that fails', { nextRestore: 'failed' }, /^The restore failed/],
    ['a restore that is aborted', { nextRestore: 'aborted' }, /^The restore aborted/],
  ])(
    '%s: failed, with the reason of the service',
    async (_name, settings, reason) => {
      await backupSettings(desk, settings);
      const drill = await failing({ recoveryPoint: 'fresh' });
      expect([drill.verdict, drill.reasons.some((text: string) => reason.test(text))]).toEqual(['failed', true]);
      expect((await toldOf(drill.id)).tickets).toHaveLength(1);
    },
    120_000,
  );

  it('a restore for which there is no place yet, and services that are busy, are waited for', async () => {
    await desk.fault('backup', 'conflict', 2);
    await desk.fault('backup', 'throttle', 3);
    const drill = await failing({ recoveryPoint: 'fresh' });
    expect([drill.verdict, drill.reasons]).toEqual(['passed', expect.anything()]);
    expect(await desk.applied()).toEqual({ 'backup conflict': 2, 'backup throttle': 3 });
  }, 120_000);

  it('a recovery point that is older than promised misses the RPO, though the copy is right', async () => {
    const job = await account.startBackup();
    await account.backupCompleted(job);
    await desk.timeTo((await desk.now()) + 20 * 60_000);
    const drill = await failing({ recoveryPoint: 'newest', objectives: { ...objectives, rpoSeconds: 600 } });
    expect([drill.verdict, drill.rpo.met, drill.rto.met]).toEqual(['failed', false, true]);
    expect(drill.integrity.checks.map(({ result }: Json) => result)).toEqual(Array(9).fill('passed'));
    expect(drill.reasons[0]).toMatch(/^The RPO is missed by /);
    const { tickets } = await toldOf(drill.id);
    expect(tickets.map(({ subject }) => subject)).toEqual(['Restore drill of operations missed its objectives']);
  }, 120_000);
});

it('of one table there is one drill at a time, and it can be cancelled wherever it stands', async () => {
  const seen = new Set<string>();
  for (let wait = 0; wait < 6; wait += 1) {
    const { id } = await startDrill(desk, { recoveryPoint: 'fresh' });
    const second = await desk.as('engineer', '/v1/drills', {
      body: { table: 'operations', method: 'pitr', objectives },
    });
    expect([second.status, JSON.stringify(second.body)]).toEqual([409, expect.stringContaining(id)]);
    for (let turn = 0; turn < wait; turn += 1) await desk.timeTo((await desk.now()) + 15_000);
    const was = (await desk.ask(`/v1/drills/${id}`)).state;
    seen.add(was);
    const answer = await desk.as('engineer', `/v1/drills/${id}/cancel`, { method: 'POST' });
    const drill = await ended(desk, id);
    const expected = answer.status === 202 ? ['cancelled', null] : ['done', 'passed'];
    expect([was, drill.state, drill.verdict]).toEqual([was, ...expected]);
    expect(await account.scratchTables()).toEqual([]);
    const again = await desk.as('engineer', `/v1/drills/${id}/cancel`, { method: 'POST' });
    expect(again.status).toBe(409);
  }
  expect(seen.size).toBeGreaterThan(3);
}, 240_000);
