import { AlertStore } from '../../functions/alerts/index.ts';
import { acknowledgeAlert } from '../../functions/desk/index.ts';
import { wakeDrills } from '../../functions/drills/index.ts';
import { FactStore } from '../../functions/kpis/store/fact-store.ts';
import { HistoryStore } from '../../functions/kpis/store/history-store.ts';
import { examineDay } from '../../functions/kpis/use-cases/examine-day.ts';
import { examineTicket } from '../../functions/kpis/use-cases/examine-ticket.ts';
import { drillAnswer } from '../../functions/drills/routes.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { type DrillDesk, drillDesk } from './drill-desk.ts';
import { at, clean, iso, trouble } from './step/way.ts';

let engine: Engine;
let desk: DrillDesk;
beforeAll(async () => {
  engine = await startTestEngine();
  desk = await drillDesk(engine);
}, 120_000);
afterAll(() => engine.stop());

const path = '/v1/drills';
const objectives = { rpoSeconds: 7200, rtoSeconds: 3600 };
const wanted = { table: 'operations', method: 'backup', objectives };

/** Every test begins at ten, with a table that is free and services that do what they are asked. */
beforeEach(() => {
  desk.as('engineer');
  desk.clock.at = at('10:00:00');
  desk.reset();
});

const begun = async (body: object = wanted, headers: Record<string, string> = {}) => {
  const answer = await desk.ask('POST', path, { body, headers });
  expect([answer.status, answer.status === 202 ? '' : answer.body]).toEqual([202, '']);
  return answer.body;
};
const ended = async (id: string) => {
  await desk.run(id);
  return (await desk.ask('GET', `${path}/${id}`)).body;
};

describe('the life of a drill', () => {
  it('is answered in the shape of the contract from its request to its verdict', async () => {
    const answer = await desk.ask('POST', path, { body: wanted });
    expect([answer.status, answer.headers['location']]).toEqual([202, `/v1/drills/${answer.body.id}`]);
    expect(drillAnswer.parse(answer.body)).toEqual(answer.body);
    expect(answer.body).toMatchObject({
      state: 'declared',
      verdict: null,
      table: 'operations',
      requestedBy: { id: 'agt_ENGINEER', role: 'engineer' },
      declaredAt: '2026-03-02T10:00:00.000Z',
    });
    const { id, scratchTable } = answer.body;
    expect(scratchTable.name).toBe(`desk-test-drill-${id.toLowerCase()}`);
    const drill = await ended(id);
    expect(drillAnswer.parse(drill)).toEqual(drill);
    expect(drill).toMatchObject({
      state: 'done',
      verdict: 'passed',
      rpo: { seconds: 3600, met: true, lostRecords: 7 },
    });
    expect(drill.rto.met).toBe(true);
    expect(drill.scratchTable.removedAt).not.toBeNull();
    expect(drill.report).toMatchObject({ html: `drills/${id}/report.html`, markdown: `drills/${id}/report.md` });
  });

  it('is told by exactly one event for each of its versions, milestones by their names', async () => {
    const { id } = await begun();
    const { version } = await ended(id);
    const events = await desk.eventsOf(`DRL#${id}`);
    expect(events.map((event) => event['version'])).toEqual(Array.from({ length: version }, (_unused, n) => n + 1));
    const types = events.map(({ type }) => type);
    const milestones = [
      'requested',
      'recoveryPointChosen',
      'restored',
      'verified',
      'concluded',
      'tableRemoved',
      'reported',
    ];
    expect(types.filter((type) => type !== 'drill.advanced')).toEqual(milestones.map((name) => `drill.${name}`));
  });

  it('holds its due date while an executor works, so that a hint in between finds nothing to do', async () => {
    const { id } = await begun();
    const during: number[] = [];
    const perform: typeof desk.doing.perform = async (action) => {
      const before = desk.script.performed.length;
      const attend = desk.run.bind(null, id, desk.attendPorts, 0);
      await attend().catch(() => undefined);
      const read = await desk.drills.find(id);
      during.push(Date.parse(read?.dueAt ?? '') - desk.clock.at);
      expect(desk.script.performed.length).toBe(before);
      return desk.doing.perform(action);
    };
    await desk.run(id, { ...desk.attendPorts, doing: { perform } });
    expect(Math.min(...during)).toBeGreaterThan(0);
  });

  it('of two executors at once one writes and the other stops', async () => {
    const { id } = await begun();
    await Promise.all([desk.run(id), desk.run(id)]);
    const events = await desk.eventsOf(`DRL#${id}`);
    expect(events.filter(({ type }) => type === 'drill.concluded')).toHaveLength(1);
    expect((await desk.ask('GET', `${path}/${id}`)).body.verdict).toBe('passed');
  });
});

describe('one drill at a time', () => {
  it('is refused while another of the table runs, naming it; another table is free', async () => {
    const { id } = await begun();
    const second = await desk.ask('POST', path, { body: wanted });
    expect([second.status, second.body.detail]).toEqual([409, expect.stringContaining(id)]);
    const other = await begun({ ...wanted, table: 'orders' });
    await desk.run(id);
    const third = await begun();
    await Promise.all([desk.run(third.id), desk.run(other.id)]);
  });

  it('of ten that are asked for at once one begins', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.ask('POST', path, { body: wanted })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.every((status) => [202, 409, 429].includes(status))).toBe(true);
    const winner = answers.find(({ status }) => status === 202);
    await desk.run(winner?.body.id);
  });

  it('a repeated request with its key begins one', async () => {
    const headers = { 'idempotency-key': 'drill-once' };
    const first = await begun(wanted, headers);
    const second = await begun(wanted, headers);
    expect(second).toEqual(first);
    await desk.run(first.id);
  });
});

describe('cancelling', () => {
  it('removes what was restored and frees the table; no verdict, no report, no figure', async () => {
    const { id } = await begun();
    desk.reset({
      'look-at-restore': [
        () => ({ of: 'look-at-restore', job: { state: 'running', startedAt: null, completedAt: null, message: null } }),
      ],
    });
    await desk.run(id, desk.attendPorts, 1).catch(() => undefined);
    const answer = await desk.ask('POST', `${path}/${id}/cancel`);
    expect([answer.status, answer.body.cancelRequested.by]).toEqual([202, 'agt_ENGINEER']);
    expect((await desk.ask('POST', `${path}/${id}/cancel`)).status).toBe(202);
    desk.reset();
    const drill = await ended(id);
    expect(drill).toMatchObject({ state: 'cancelled', verdict: null, report: null });
    expect((await desk.ask('POST', `${path}/${id}/cancel`)).status).toBe(409);
    const events = await desk.eventsOf(`DRL#${id}`);
    expect(events.flatMap(({ facts }) => facts ?? [])).toEqual([]);
    await desk.run((await begun()).id);
  });

  it('a drill that is over, or not there, is not cancelled', async () => {
    const { id } = await begun();
    await desk.run(id);
    expect((await desk.ask('POST', `${path}/${id}/cancel`)).status).toBe(409);
    expect((await desk.ask('POST', `${path}/drl_01J8Z0K3V5W7Y9ABCDEFGHJKMN/cancel`)).status).toBe(404);
  });
});

describe('what a drill is judged by', () => {
  it('is its own objectives, else its plan’s, else its service’s; without any it says what to give', async () => {
    const without = await desk.ask('POST', path, { body: { table: 'orders', method: 'backup' } });
    expect([without.status, without.body.errors]).toEqual([
      400,
      [{ path: 'objectives', message: expect.stringContaining('orders') }],
    ]);
    const promise = { rpoSeconds: 111, rtoSeconds: 222 };
    const { body: service } = await desk.ask('POST', '/v1/services', {
      body: { name: 'Orders', table: 'orders', objectives: promise },
    });
    const byService = await begun({ table: 'orders' });
    expect(byService).toMatchObject({ objectives: promise, serviceId: service.id, method: 'backup' });
    await desk.run(byService.id);
    const { body: plan } = await desk.ask('POST', '/v1/drill-plans', {
      body: { name: 'By hand', table: 'orders', method: 'pitr', objectives, costCeiling: 5 },
    });
    const byPlan = await begun({ planId: plan.id });
    expect(byPlan).toMatchObject({ planId: plan.id, table: 'orders', method: 'pitr', objectives, costCeiling: 5 });
    await desk.run(byPlan.id);
  });

  it.each([
    [{ ...wanted, table: 'nobody' }, 'table'],
    [{ method: 'backup', objectives }, 'table'],
    [{ ...wanted, method: 'tape' }, 'method'],
    [{ ...wanted, objectives: { rpoSeconds: 0, rtoSeconds: 1 } }, 'objectives.rpoSeconds'],
    [{ ...wanted, costCeiling: -1 }, 'costCeiling'],
    [{ ...wanted, planId: 'dpl_1' }, 'planId'],
    [{ ...wanted, atRest: true }, 'atRest'],
    [{ ...wanted, surprise: 1 }, 'surprise'],
  ])('%j is refused', async (body, where) => {
    const answer = await desk.ask('POST', path, { body });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, where]);
  });

  it('a plan that is not there is 404', async () => {
    const answer = await desk.ask('POST', path, { body: { ...wanted, planId: 'dpl_01J8Z0K3V5W7Y9ABCDEFGHJKMN' } });
    expect(answer.status).toBe(404);
  });
});

describe('who may', () => {
  it.each(['agent', 'lead', 'auditor'] as const)('%s reads and does not start or cancel', async (role) => {
    const { id } = await begun();
    desk.as(role);
    expect((await desk.ask('GET', `${path}/${id}`)).status).toBe(200);
    expect((await desk.ask('POST', path, { body: wanted })).status).toBe(403);
    expect((await desk.ask('POST', `${path}/${id}/cancel`)).status).toBe(403);
    desk.as('manager');
    await desk.ask('POST', `${path}/${id}/cancel`);
    await desk.run(id);
  });

  it('a requester sees nothing of it', async () => {
    desk.as('requester');
    for (const one of [path, `${path}/drl_01J8Z0K3V5W7Y9ABCDEFGHJKMN`, '/v1/drill-plans', '/v1/services'])
      expect((await desk.ask('GET', one)).status).toBe(403);
  });
});

describe('the list', () => {
  const list = async (query = '') => {
    const found: { id: string; requestedAt: string; verdict: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await desk.ask('GET', `${path}?limit=2${query}${more}`);
      found.push(...body.items);
      cursor = body.nextCursor;
    }
    return found;
  };

  it('is the newest first, to its end; filters leave out what does not fit', async () => {
    desk.reset({
      compare: [
        () => ({
          of: 'compare',
          progress: { done: true, share: 1, readUnits: 1, position: {} },
          integrity: { ...clean, missing: 1 },
        }),
      ],
    });
    desk.clock.at = at('11:00:00');
    const failed = await begun({ ...wanted, objectives: { rpoSeconds: 8000, rtoSeconds: 3600 } });
    await desk.run(failed.id);
    const all = await list();
    expect(all[0]?.id).toBe(failed.id);
    expect(all.map(({ requestedAt }) => requestedAt)).toEqual(
      all
        .map(({ requestedAt }) => requestedAt)
        .sort()
        .toReversed(),
    );
    const failures = await list('&verdict=failed');
    expect([failures[0]?.id, ...new Set(failures.map(({ verdict }) => verdict))]).toEqual([failed.id, 'failed']);
    const ofOrders = await list('&table=orders');
    expect(ofOrders.length).toBeGreaterThan(1);
    const cancelled = await list('&state=cancelled');
    expect(cancelled.every(({ verdict }) => verdict === null)).toBe(true);
    const { body } = await desk.ask('GET', `${path}?limit=1`);
    const stolen = await desk.ask(
      'GET',
      `${path}?limit=1&verdict=failed&cursor=${encodeURIComponent(body.nextCursor)}`,
    );
    expect(stolen.status).toBe(400);
  });
});

describe('a drill that does not pass', () => {
  const outcomes = [
    [
      'drill.failed',
      'critical',
      {
        compare: [
          () => ({
            of: 'compare',
            progress: { done: true, share: 1, readUnits: 1, position: {} },
            integrity: {
              ...clean,
              altered: 2,
              checks: clean.checks.map((check) =>
                check.name === 'contents' ? { ...check, result: 'failed', detail: 'TKT#1' } : check,
              ),
            },
          }),
        ],
      },
      'failed',
    ],
    ['drill.unknown', 'high', { 'find-manifest': [trouble('denied')] }, 'unknown'],
    ['drill.objective-missed', 'high', {}, 'failed'],
  ] as const;

  it.each(outcomes)(
    '%s opens one ticket and raises one alert, in the words of its kind',
    async (kind, severity, answers, verdict) => {
      desk.reset(answers as never);
      const missed = kind === 'drill.objective-missed';
      const { id } = await begun(missed ? { ...wanted, objectives: { rpoSeconds: 60, rtoSeconds: 3600 } } : wanted);
      const drill = await ended(id);
      expect([drill.state, drill.verdict]).toEqual(['done', verdict]);
      const [concluded] = (await desk.eventsOf(`DRL#${id}`)).filter(({ type }) => type === 'drill.concluded');
      const alert = (await desk.alerts()).find((one) => one['id'] === concluded?.['alertId']);
      expect(alert).toMatchObject({ kind, severity, state: 'raised', happened: expect.stringContaining('RPO') });
      const tickets = (await desk.ticketsTagged('restore-drill')).filter((one) => one['id'] === alert?.['ticketId']);
      expect(tickets).toMatchObject([{ priority: severity, channel: 'monitor', type: 'incident' }]);
      const read = await desk.tickets.find(alert?.['ticketId']);
      expect(read?.ticket.description).toContain(`docs/runbook.md#${kind.replaceAll('.', '-')}`);
      expect(read?.ticket.description).toContain(id);
    },
  );
});

test('figures of drills come out of the KPIs, with their explanation', async () => {
  desk.clock.at = at('13:00:00');
  desk.reset({
    'list-recovery-points': [
      () => ({
        of: 'list-recovery-points',
        recoveryPoints: [{ arn: 'arn:new', createdAt: iso(at('12:30:00')), sizeBytes: 1 }],
      }),
    ],
    compare: [
      () => ({
        of: 'compare',
        progress: { done: true, share: 1, readUnits: 1, position: {} },
        integrity: { ...clean, newestCanaryAt: iso(at('12:29:00')), nextCanaryAt: iso(at('12:30:00')) },
      }),
    ],
  });
  const drill = await ended((await begun()).id);
  expect(drill).toMatchObject({ verdict: 'passed', rpo: { seconds: 1860 } });
  await desk.catchUp();
  const all = (await desk.ask('GET', `${path}?limit=100`)).body.items.filter(
    ({ verdict }: { verdict: string | null }) => verdict !== null,
  );
  const figure = async (kpi: string) =>
    (await desk.ask('GET', `/v1/kpis/${kpi}?from=2026-03-01&to=2026-04-01`)).body.total;
  const mean = (values: (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  expect((await figure('rpo')).value).toBeCloseTo(
    mean(all.map((one: { rpo: { seconds: number | null } }) => one.rpo.seconds)),
    0,
  );
  expect((await figure('rto')).value).toBeCloseTo(
    mean(all.map((one: { rto: { seconds: number | null } }) => one.rto.seconds && Math.round(one.rto.seconds))),
    0,
  );
  const passed = all.filter(({ verdict }: { verdict: string }) => verdict === 'passed').length;
  expect(await figure('drills-passed')).toMatchObject({ numerator: passed, denominator: all.length, status: 'missed' });
  const explained = await desk.ask('GET', '/v1/kpis/rpo/explain?from=2026-03-01&to=2026-04-01&limit=100');
  const mine = explained.body.items.find(({ ticketId }: { ticketId: string }) => ticketId === drill.id);
  expect(mine.contribution).toMatchObject({
    value: 1860,
    detail: { table: 'operations', objectiveSeconds: 7200, met: true, verdict: 'passed' },
  });
});

test('a recount finds the facts of a drill in its own history: missing before the stream came, right after it', async () => {
  desk.clock.at = at('14:00:00');
  const { id } = await begun();
  await desk.run(id);
  const { client, tables } = engine;
  const history = new HistoryStore({ client, table: tables.operations });
  const facts = new FactStore({ client, table: tables.kpis });
  const ports = { zone: 'Europe/Berlin', history, facts, rows: { find: async () => null } };
  const examined = async () => (await examineTicket(ports, id, '9999')).repairs;
  expect((await examined()).map((repair) => repair.kind)).toEqual(['missing', 'missing', 'missing']);
  await desk.catchUp();
  expect(await examined()).toEqual([]);
  const day = await examineDay({ ...ports, rollups: { hours: async () => [] } }, 'rpo', '2026-03-02');
  expect(day.facts).toBeGreaterThan(0);
  expect(day.groundless).toEqual([]);
});

test('an alert about a drill is acknowledged once, in the history of its ticket', async () => {
  const [alert] = (await desk.alerts()).filter(({ kind }) => kind === 'drill.failed');
  const { client, tables } = engine;
  const hints = { afterCommit: async () => {} };
  const alerts = new AlertStore({ client, table: tables.operations, clock: desk.clock, hints });
  const principal = { id: 'agt_1', role: 'engineer', customerId: null, teamId: null } as const;
  const acknowledged = { alertId: alert?.['id'], note: 'on it' };
  for (let times = 0; times < 2; times += 1)
    await acknowledgeAlert({ ...desk, alerts }, principal, acknowledged, () => undefined);
  const events = await desk.eventsOf(`TKT#${alert?.['ticketId']}`);
  expect(events.filter(({ type }) => type === 'alert.acknowledged')).toMatchObject([
    { data: { kind: 'drill.failed', note: 'on it' }, actor: { id: 'agt_1' } },
  ]);
});

test('an event of AWS Backup lets the drill that waits for its job look at once, and no other', async () => {
  const running = { state: 'running', startedAt: null, completedAt: null, message: null } as const;
  desk.reset({ 'look-at-restore': [() => ({ of: 'look-at-restore', job: running })] });
  const { id } = await begun();
  for (let turn = 0; turn < 6; turn += 1) await desk.run(id, desk.attendPorts, 1).catch(() => undefined);
  const due = async () => Date.parse((await desk.drills.find(id))?.dueAt ?? '') - desk.clock.at;
  expect(await due()).toBeGreaterThan(0);
  const ports = { drills: desk.drills, tables: ['operations', 'orders'], clock: desk.clock };
  const restoreJob = (restoreJobId: string) => ({ source: 'aws.backup' as const, detail: { restoreJobId } });
  await wakeDrills(ports, restoreJob('somebody-elses'));
  expect(await due()).toBeGreaterThan(0);
  await wakeDrills(ports, restoreJob('restore-1'));
  expect(await due()).toBe(0);
  desk.script.answers = {};
  expect((await ended(id)).verdict).toBe('passed');
});

describe('the report', () => {
  it('is kept at the end, with its hash, and answered as it is kept', async () => {
    const { id } = await begun();
    expect((await desk.ask('GET', `${path}/${id}/report`)).status).toBe(409);
    await desk.run(id);
    const html = await desk.ask('GET', `${path}/${id}/report?format=html`);
    expect([html.status, html.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html.headers['content-security-policy']).toContain("default-src 'none'");
    expect(html.text).toBe(desk.kept.get(`drills/${id}/report.html`));
    const markdown = await desk.ask('GET', `${path}/${id}/report?format=markdown`);
    expect([markdown.headers['content-type'], markdown.text]).toEqual([
      'text/markdown; charset=utf-8',
      desk.kept.get(`drills/${id}/report.md`),
    ]);
    expect((await desk.ask('GET', `${path}/${id}/report?format=pdf`)).status).toBe(400);
  });
});
