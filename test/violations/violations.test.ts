import { change } from '../../functions/desk/use-cases/change.ts';
import { ticketDueHandler } from '../../functions/desk/index.ts';
import { open } from '../../functions/desk/use-cases/open.ts';
import { reply } from '../../functions/desk/use-cases/reply.ts';
import { setStatus } from '../../functions/desk/use-cases/set-status.ts';
import { derivedId } from '../../functions/platform/ids.ts';
import { firstCalendars, firstPolicyId } from '../../functions/sla/use-cases/open-book.ts';
import { listViolations, reportViolations } from '../../functions/violations/routes.ts';
import { agent } from '../desk/desk-on-engine.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { type ViolationDesk, violationDesk } from './violation-desk.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-03-02T09:00:00Z');
const nothing = () => undefined;

let engine: Engine;
let desk: ViolationDesk;
beforeAll(async () => {
  engine = await startTestEngine();
  desk = await violationDesk(engine, start);
}, 120_000);
afterAll(() => engine.stop());

const opened = (fields: object = {}) => open(desk, agent, { ...desk.newTicket, ...fields }, nothing);
const attend = (id: string) => ticketDueHandler(desk)({ pk: `TKT#${id}`, sk: 'T', dueAt: '' });
const answered = (ticketId: string) =>
  reply(
    desk,
    agent,
    {
      ticketId,
      ifMatch: null,
      body: 'On it.',
      visibility: 'public',
      channel: 'email',
      onBehalfOf: null,
      automatic: false,
    },
    nothing,
  );
const move = (ticketId: string, status: 'open' | 'waiting_vendor' | 'resolved') =>
  setStatus(desk, agent, { ticketId, ifMatch: null, status, reason: null, note: null }, nothing);
const violations = async (query = '') => {
  await desk.catchUp();
  const { status, body } = await desk.ask('GET', `/v1/violations${query}`);
  expect([status, status === 200 ? null : body]).toEqual([200, null]);
  expect(listViolations.success.answer.parse(body)).toEqual(body);
  return body.items;
};
const report = async (query = '') => {
  await desk.catchUp();
  const { status, body } = await desk.ask('GET', `/v1/violations/report${query}`);
  expect(status).toBe(200);
  expect(reportViolations.success.answer.parse(body)).toEqual(body);
  return body;
};

test('a breach is a violation that runs, ends with its overrun, moves with its ticket and is taken back', async () => {
  const ticket = await opened({ teamId: desk.team.id });
  desk.clock.at = start + hour + minute;
  await attend(ticket.id);
  await attend(ticket.id);
  const running = {
    id: derivedId('vio', ticket.id, 'firstResponse', '1'),
    ticketId: ticket.id,
    metric: 'firstResponse',
    cycle: 1,
    priority: 'high',
    teamId: desk.team.id,
    customerId: desk.customer.id,
    targetSeconds: 3_600,
    dueAt: '2026-03-02T10:00:00.000Z',
    actualSeconds: null,
    overrunSeconds: null,
    state: 'running',
    cause: 'us',
    causeSeconds: { us: 3_600, vendor: 0, customer: 0 },
    policy: { id: firstPolicyId, version: 1 },
    calendar: { id: firstCalendars.roundTheClock, version: 1 },
    correctiveActions: [],
  };
  expect(await violations()).toEqual([running]);
  desk.clock.at = start + 90 * minute;
  await answered(ticket.id);
  const ended = { ...running, state: 'ended', actualSeconds: 5_400, overrunSeconds: 1_800 };
  expect(await violations()).toEqual([{ ...ended, causeSeconds: { us: 5_400, vendor: 0, customer: 0 } }]);
  const { version } = (await desk.tickets.find(ticket.id))!.ticket;
  await change(desk, agent, { ticketId: ticket.id, ifMatch: version, changes: { teamId: null } });
  expect(await violations(`?teamId=${desk.team.id}`)).toEqual([]);
  expect(await violations('?metric=firstResponse&cause=us&priority=high')).toMatchObject([{ teamId: null }]);
  expect(await violations('?metric=resolution')).toEqual([]);
  expect(await violations('?from=2026-02-01&to=2026-03-01')).toEqual([]);
  // The resolution breaks too, and then gets a longer target: it is not broken any more.
  desk.clock.at = start + 25 * hour;
  await attend(ticket.id);
  expect(await violations('?metric=resolution')).toMatchObject([{ dueAt: '2026-03-03T09:00:00.000Z' }]);
  const { version: now } = (await desk.tickets.find(ticket.id))!.ticket;
  await change(desk, agent, { ticketId: ticket.id, ifMatch: now, changes: { priority: 'low' } });
  expect(await violations('?metric=resolution')).toEqual([]);
  const figure = await desk.ask('GET', '/v1/kpis/sla-violations?from=2026-03-01&to=2026-04-01');
  expect(figure.body.total).toMatchObject({ value: 1, n: 1, target: 0, comparator: '<=', status: 'missed' });
});

describe('the report', () => {
  let late: readonly string[];
  beforeAll(async () => {
    // In April, three of four tickets of a team are answered late; one of them because of the vendor.
    const april = Date.parse('2026-04-07T09:00:00Z');
    const ids: string[] = [];
    for (const [index, lateBy] of [10, 30, 20].entries()) {
      desk.clock.at = april + index * 24 * hour;
      const { id } = await opened({ teamId: desk.team.id, priority: 'low' });
      if (lateBy === 30) await move(id, 'waiting_vendor');
      desk.clock.at += hour + lateBy * minute;
      await answered(id);
      await move(id, 'resolved');
      ids.push(id);
    }
    const { id } = await opened({ teamId: desk.team.id, priority: 'critical' });
    await answered(id);
    await move(id, 'resolved');
    late = ids.map((ticketId) => derivedId('vio', ticketId, 'firstResponse', '1'));
  });
  const row = { running: 0, n: 3, tickets: 3, share: 75, medianOverrunSeconds: 1_200, worstOverrunSeconds: 1_800 };

  it('adds up what a month has, by what it can be put down to', async () => {
    const found = await report();
    expect(found).toMatchObject({
      from: '2026-04-01',
      to: '2026-05-01',
      totals: { ...row, key: 'all' },
      byMetric: [{ ...row, key: 'firstResponse' }],
      byCause: [
        { key: 'us', n: 2, medianOverrunSeconds: 600 },
        { key: 'vendor', n: 1, medianOverrunSeconds: 1_800 },
      ],
      byPriority: [{ ...row, key: 'low', share: 100 }],
      byTeam: [{ ...row, key: desk.team.id }],
      byCustomer: [{ ...row, key: desk.customer.id }],
    });
  });

  it('of nothing is nothing', async () => {
    expect(await report('?from=2026-01-01&to=2026-02-01')).toMatchObject({
      totals: { n: 0, share: null, medianOverrunSeconds: null, worstOverrunSeconds: null },
      byMetric: [],
      repeated: [],
    });
  });

  it('requires a corrective action for what is repeated, until there is one that stands', async () => {
    const repeated = async () => (await report()).repeated;
    const both = [
      { scope: 'customer', key: desk.customer.id, metric: 'firstResponse', n: 3, violationIds: late },
      { scope: 'team', key: desk.team.id, metric: 'firstResponse', n: 3, violationIds: late },
    ];
    expect(await repeated()).toEqual(both.map((one) => ({ ...one, correctiveActions: [], actionRequired: true })));
    const { status, body: action } = await desk.ask('POST', '/v1/corrective-actions', {
      body: { title: 'Second person', ownerId: desk.owner.id, dueOn: '2026-05-01', violationIds: late.slice(1) },
    });
    expect(status).toBe(201);
    expect(await repeated()).toEqual(
      both.map((one) => ({ ...one, correctiveActions: [action.id], actionRequired: false })),
    );
    expect((await violations()).map((one: { correctiveActions: string[] }) => one.correctiveActions)).toEqual([
      [],
      [action.id],
      [action.id],
    ]);
    await desk.ask('POST', `/v1/corrective-actions/${action.id}/status`, { body: { status: 'cancelled' } });
    expect((await repeated()).map(({ actionRequired }: { actionRequired: boolean }) => actionRequired)).toEqual([
      true,
      true,
    ]);
  });

  it('pages list every violation once, also where the filter leaves some out', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await desk.ask(
        'GET',
        `/v1/violations?limit=1&cause=us${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(ids).toEqual([late[0], late[2]]);
  });

  it.each(['?from=yesterday', '?from=2026-02-30', '?cause=weather', '?teamId=1', '?nonsense=1'])(
    'refuses %s',
    async (query) => {
      expect((await desk.ask('GET', `/v1/violations${query}`)).status).toBe(400);
    },
  );
});
