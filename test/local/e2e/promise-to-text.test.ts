import { projectAssembly } from './assembly-copy.ts';
import { type Json, type OutboxItem, RunningDesk, stopDesks } from './running-desk.ts';

/**
 * The walk of the README, over HTTP: a calendar and a policy, somebody on call, a ticket in the afternoon, and the text on the
 * telephone in the evening. The README's walk has a weekend between; a strict desk visits each of its minutes, so here it is the
 * break between two windows of a day. The 5th of March 2026 is a Thursday; Berlin is an hour ahead of UTC.
 */
let desk: RunningDesk;
let ticket: Json;
let agentId: string;

const berlin = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+01:00`);
const iso = (text: string): string => new Date(berlin(text)).toISOString();

beforeAll(async () => {
  desk = await RunningDesk.start(await projectAssembly(), berlin('2026-03-05 16:28'));
  const { id: teamId } = await desk.ask('/v1/teams', { name: 'Platform' });
  ({ id: agentId } = await desk.ask('/v1/agents', { name: 'Grace', email: 'grace@desk.example', teamId }));
  const week = [
    ['09:00', '17:00'],
    ['17:30', '19:30'],
  ];
  const { id: calendarId } = await desk.ask('/v1/calendars', {
    name: 'Office Berlin',
    timezone: 'Europe/Berlin',
    hours: { mon: week, tue: week, wed: week, thu: week, fri: week },
  });
  await desk.ask('/v1/sla-policies', {
    name: 'Gold',
    conditions: { teamId: [teamId] },
    calendarId,
    targets: { firstResponse: { high: { seconds: 3600 } }, resolution: { high: { seconds: 8 * 3600 } } },
    levels: [
      { metrics: ['firstResponse'], offsetSeconds: 1800, targets: ['onCall'] },
      { metrics: ['firstResponse'], offsetSeconds: 3600, targets: ['topic'] },
    ],
  });
  await desk.ask('/v1/on-call-rotas', {
    teamId,
    name: 'Platform on call',
    timezone: 'Europe/Berlin',
    agentIds: [agentId],
    startsOn: '2026-03-02',
    handover: { at: '09:00', every: 'week' },
  });
  const kinds = { severity: ['high'], kind: ['sla.breach', 'sla.warning'] };
  await desk.ask('/v1/alert-subscriptions', { channel: 'email', target: 'lead@desk.example', filter: kinds });
  await desk.ask('/v1/alert-subscriptions', {
    channel: 'sms',
    target: '+491511234567',
    agentId,
    filter: { severity: ['high'], kind: ['sla.escalation'] },
  });
  await desk.timeTo(berlin('2026-03-05 16:30'));
  ticket = await desk.ticket({ teamId, priority: 'high' });
}, 480_000);
afterAll(stopDesks);

const sent = async (): Promise<readonly (OutboxItem & Json)[]> =>
  (await desk.outbox()).filter(({ ticketId }) => ticketId === ticket.id);
const alertOf = async (kind: string): Promise<Json> =>
  (await desk.ask(`/v1/alerts?ticketId=${ticket.id}`)).items.find((alert: Json) => alert.kind === kind);

it('is due at six in the evening, and says why', async () => {
  const { clocks } = await desk.ask(`/v1/tickets/${ticket.id}/sla`);
  const first = clocks.find(({ metric }: Json) => metric === 'firstResponse');
  const day = Date.parse(first.startedAt) - berlin('2026-03-05 16:30');
  expect(Date.parse(first.dueAt)).toBe(berlin('2026-03-05 18:00') + day);
  expect(first.explain.join('\n')).toMatch(/Thu 2026-03-05 16:30.* to closing, Thu 17:30 .* = Thu 2026-03-05 18:00/);
  expect(first.warnings).toMatchObject([{ share: 75, raised: false }]);
});

it('is silent in the break, warns after it, tells of the breach, and texts who is on call half an hour later', async () => {
  await desk.timeTo(berlin('2026-03-05 17:29'));
  expect(await sent()).toEqual([]);
  await desk.timeTo(berlin('2026-03-05 18:35'));
  const told = await sent();
  expect(told.map(({ kind, to, attributes }) => `${kind} ${to} ${attributes['kind']}`)).toEqual([
    'email lead@desk.example sla.warning',
    'email lead@desk.example sla.breach',
    'sms +491511234567 sla.escalation',
  ]);
  const [warning, breach, text] = told;
  for (const [item, instant] of [
    [warning, '2026-03-05 17:45'],
    [breach, '2026-03-05 18:00'],
    [text, '2026-03-05 18:30'],
  ] as const) {
    const late = Date.parse(item.deliveredAt) - berlin(instant);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(66_000);
  }
  expect(text.text).toMatch(/^HIGH T-\d+ \(Platform\): first response overdue \(escalation 1\), 30 min late/);
  expect(text.text.length).toBeLessThanOrEqual(160);
  expect(breach.text).toContain('Platform');
  expect((await alertOf('sla.escalation')).deliveries).toMatchObject([{ state: 'published' }]);
});

it('escalates no further once somebody has acknowledged, and the reply ends it', async () => {
  const { id } = await alertOf('sla.escalation');
  const acknowledged = await desk.ask(`/v1/alerts/${id}/acknowledge`, { note: 'I am on it.' }, 'agent');
  expect(acknowledged.acknowledgement).toMatchObject({ note: 'I am on it.' });
  // Its deliveries may have been marked in between.
  const { acknowledgement } = await desk.ask(`/v1/alerts/${id}/acknowledge`, { note: 'Me too.' }, 'lead');
  expect(acknowledgement).toEqual(acknowledged.acknowledgement);
  await desk.timeTo(berlin('2026-03-05 19:10'));
  expect(await sent()).toHaveLength(3);
  await desk.ask(`/v1/tickets/${ticket.id}/replies`, { body: 'We are on it.', visibility: 'public' }, 'agent');
  const { clocks } = await desk.ask(`/v1/tickets/${ticket.id}/sla`);
  expect(clocks[0]).toMatchObject({ metric: 'firstResponse', state: 'breached', acknowledged: true });
  // As it stood in the afternoon.
  const afternoon = await desk.ask(`/v1/tickets/${ticket.id}/sla?at=${iso('2026-03-05 16:45')}`);
  expect(afternoon.clocks[0]).toMatchObject({ state: 'running', acknowledged: false, stoppedAt: null });
});

it('is a violation of half an hour and more, in the report of the month', async () => {
  await desk.timeTo((await desk.now()) + 600_000);
  const { items } = await desk.ask('/v1/violations?from=2026-03-01&to=2026-04-01', undefined, 'manager');
  expect(items).toMatchObject([{ ticketId: ticket.id, metric: 'firstResponse', cause: 'us', state: 'ended' }]);
  const report = await desk.ask('/v1/violations/report?from=2026-03-01&to=2026-04-01', undefined, 'manager');
  expect(report.totals).toMatchObject({ n: 1, tickets: 1 });
});
