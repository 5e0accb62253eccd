import { listKpis } from '../../functions/kpis/routes.ts';
import type { Role } from '../../functions/platform/actor.ts';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { askKpi, contribute, type Engine, type KpiDesk, kpiDesk, startEngine } from './kpi-desk.ts';

let engine: Engine;
let desk: KpiDesk;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  desk = await kpiDesk(engine);
});

const answered = (over: Partial<Contribution>) => contribute(desk, over);
const kpi = (id: string, query: Record<string, string>) => askKpi(desk, id, query);

it('lists the KPIs', async () => {
  const { status, body } = await desk.get('/v1/kpis');
  expect(status).toBe(200);
  expect(
    listKpis.success.answer
      .parse(body)
      .items.map(({ id, unit, target, comparator, requirement }) => [id, unit, target, comparator, requirement]),
  ).toEqual([
    ['first-response-time', 'seconds', 3_600, '<', 'P-03'],
    ['resolution-time', 'seconds', 14_400, '<', 'P-04'],
    ['resolution-rate', 'percent', 95, '>=', 'P-07'],
    ['ticket-volume', 'count', 500, '<=', 'P-17'],
    ['sla-violations', 'count', 0, '<=', 'S-50'],
    ['rpo', 'seconds', 3_600, '<=', 'S-03'],
    ['rto', 'seconds', 14_400, '<=', 'S-04'],
    ['drills-passed', 'percent', 100, '>=', 'S-05'],
  ]);
});

describe('figures', () => {
  it('first response: the mean of whole seconds, answers that never came excluded', async () => {
    await answered({ value: 1_000 });
    await answered({ value: 2_000 });
    await answered({ value: null, excluded: 'noReply' });
    await desk.rollUp();
    const { body } = await kpi('first-response-time', { from: '2016-02-29', to: '2016-03-01' });
    expect(body.total).toEqual({
      value: 1_500,
      unit: 'seconds',
      numerator: 3_000,
      denominator: 2,
      n: 2,
      excluded: { noReply: 1 },
      target: 3_600,
      comparator: '<',
      status: 'met',
      percentiles: { p50: 1_000, p90: 2_000, p95: 2_000, p99: 2_000 },
      formulaVersion: 1,
      asOf: '2016-06-15T10:00:00.000Z',
    });
    expect(body.series).toEqual([{ from: '2016-02-29', to: '2016-03-01', group: 'all', figure: body.total }]);
  });

  it('a target of "less than" is missed when it is just reached', async () => {
    await answered({ value: 3_600 });
    await desk.rollUp();
    expect((await kpi('first-response-time', { from: '2016-02-29', to: '2016-03-01' })).body.total).toMatchObject({
      value: 3_600,
      status: 'missed',
    });
  });

  it('resolution counts critical tickets; by priority each has its own mean and target', async () => {
    for (const [priority, value] of [
      ['critical', 10_000],
      ['high', 20_000],
      ['normal', 100_000],
    ] as const) {
      await answered({ kpi: 'resolution-time', priority, value });
    }
    await desk.rollUp();
    const period = { from: '2016-02-01', to: '2016-03-01', granularity: 'month' };
    const { body } = await kpi('resolution-time', { ...period, groupBy: 'team' });
    expect(body.total).toMatchObject({
      value: 10_000,
      n: 1,
      excluded: { otherPriority: 2 },
      target: 14_400,
      status: 'met',
    });
    expect(body.series).toEqual([{ from: '2016-02-01', to: '2016-03-01', group: 'tem_a', figure: body.total }]);
    const byPriority = await kpi('resolution-time', { ...period, groupBy: 'priority' });
    expect(
      byPriority.body.series.map(({ group, figure }: never) => [
        group,
        figure['value'],
        figure['n'],
        figure['target'],
        figure['status'],
        figure['excluded'],
      ]),
    ).toEqual([
      ['critical', 10_000, 1, 14_400, 'met', {}],
      ['high', 20_000, 1, 28_800, 'met', {}],
      ['normal', 100_000, 1, 86_400, 'missed', {}],
    ]);
  });

  it('volume counts tickets against the share of the days in the month', async () => {
    for (let index = 0; index < 3; index += 1)
      await answered({ kpi: 'ticket-volume', value: 1, team: index === 0 ? null : 'tem_a' });
    await desk.rollUp();
    const month = await kpi('ticket-volume', {
      from: '2016-02-01',
      to: '2016-03-01',
      granularity: 'month',
      groupBy: 'team',
    });
    expect(month.body.total).toMatchObject({
      value: 3,
      numerator: 3,
      denominator: 3,
      n: 3,
      target: 500,
      comparator: '<=',
      status: 'met',
      percentiles: null,
    });
    expect(month.body.series.map(({ group, figure }: never) => [group, figure['value']])).toEqual([
      ['none', 1],
      ['tem_a', 2],
    ]);
    const days = await kpi('ticket-volume', { from: '2016-02-28', to: '2016-03-02' });
    expect(
      days.body.series.map(({ from, figure }: never) => [from, figure['value'], figure['target'], figure['status']]),
    ).toEqual([
      ['2016-02-28', null, 17.24, 'no_data'],
      ['2016-02-29', 3, 17.24, 'met'],
      ['2016-03-01', null, 16.13, 'no_data'],
    ]);
  });

  it('no data is null and no_data, never 0', async () => {
    const { body } = await kpi('first-response-time', { from: '2016-02-29', to: '2016-03-01' });
    expect(body.total).toMatchObject({
      value: null,
      numerator: 0,
      denominator: 0,
      n: 0,
      excluded: {},
      status: 'no_data',
      percentiles: null,
      asOf: '2016-06-15T10:00:00.000Z',
    });
  });

  it('months that the range cuts count with their days in it', async () => {
    for (const [at, value] of [
      ['2016-01-10', 100],
      ['2016-01-20', 200],
      ['2016-02-20', 400],
      ['2016-03-05', 800],
      ['2016-03-20', 1_600],
    ] as const) {
      await answered({ at: `${at}T12:00:00.000Z`, value });
    }
    await desk.rollUp();
    const { body } = await kpi('first-response-time', { from: '2016-01-15', to: '2016-03-10', granularity: 'month' });
    expect(
      body.series.map(({ from, to, figure }: never) => [from, to, figure['numerator'], figure['percentiles']['p90']]),
    ).toEqual([
      ['2016-01-15', '2016-02-01', 200, 200],
      ['2016-02-01', '2016-03-01', 400, 400],
      ['2016-03-01', '2016-03-10', 800, 800],
    ]);
    expect(body.total).toMatchObject({ numerator: 1_400, n: 3 });
  });

  it('percentiles are left out when not asked for', async () => {
    await answered({});
    await desk.rollUp();
    for (const granularity of ['day', 'month']) {
      const { body } = await kpi('first-response-time', {
        from: '2016-02-01',
        to: '2016-03-01',
        granularity,
        groupBy: 'team',
        percentiles: 'false',
      });
      expect(body.total).toMatchObject({ n: 1, percentiles: null });
      expect(body.series[0].figure).toMatchObject({ n: 1, percentiles: null });
    }
  });
});

describe('who may read', () => {
  it.each<[Role, number]>([
    ['agent', 200],
    ['lead', 200],
    ['engineer', 200],
    ['manager', 200],
    ['auditor', 200],
    ['admin', 200],
    ['integration', 200],
    ['requester', 403],
  ])('%s: %i', async (role, status) => {
    desk.role.current = role;
    for (const path of ['/v1/kpis', '/v1/kpis/ticket-volume', '/v1/kpis/ticket-volume/explain'])
      expect((await desk.get(path)).status).toBe(status);
  });

  it('an unknown KPI is not found', async () => {
    expect((await kpi('happiness', {})).status).toBe(404);
    expect((await desk.get('/v1/kpis/happiness/explain')).status).toBe(404);
  });
});
