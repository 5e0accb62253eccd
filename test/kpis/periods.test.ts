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

describe('the reporting zone', () => {
  it.each([
    // Clocks go forward at 02:00: the day has 23 hours.
    ['Europe/Berlin', '2016-03-26T22:59:59.000Z', '2016-03-26'],
    ['Europe/Berlin', '2016-03-26T23:00:00.000Z', '2016-03-27'],
    ['Europe/Berlin', '2016-03-27T21:59:59.000Z', '2016-03-27'],
    ['Europe/Berlin', '2016-03-27T22:00:00.000Z', '2016-03-28'],
    // Clocks go back at 03:00: the day has 25 hours.
    ['Europe/Berlin', '2016-10-29T22:00:00.000Z', '2016-10-30'],
    ['Europe/Berlin', '2016-10-30T22:59:59.000Z', '2016-10-30'],
    ['Europe/Berlin', '2016-10-30T23:00:00.000Z', '2016-10-31'],
    ['Asia/Kolkata', '2016-02-28T18:29:59.000Z', '2016-02-28'],
    ['Asia/Kolkata', '2016-02-28T18:30:00.000Z', '2016-02-29'],
  ])('%s: %s belongs to %s', async (zone, at, day) => {
    desk = await kpiDesk(engine, zone);
    await answered({ at });
    await desk.rollUp();
    const { body } = await kpi('first-response-time', { from: '2016-01-01', to: '2017-01-01', groupBy: 'priority' });
    expect(body.series.map(({ from }: { from: string }) => from)).toEqual([day]);
  });

  it('both passes of the repeated hour count in it', async () => {
    await answered({ at: '2016-10-30T00:30:00.000Z', value: 100 });
    await answered({ at: '2016-10-30T01:30:00.000Z', value: 300 });
    await desk.rollUp();
    const parts = (await desk.items(desk.names.kpis)).filter(({ PK }) => PK.startsWith('H#'));
    expect(parts.map(({ SK }) => SK).sort()).toEqual(['customer:cus_a#02', 'others#02']);
    expect(parts).toContainEqual(
      expect.objectContaining({
        SK: 'others#02',
        g: expect.objectContaining({ all: expect.objectContaining({ n: 2 }) }),
      }),
    );
    expect((await kpi('first-response-time', { from: '2016-10-30', to: '2016-10-31' })).body.total).toMatchObject({
      value: 200,
      n: 2,
    });
  });
});

describe('the period', () => {
  const periodOf = async (query: Record<string, string>, zone = 'Europe/Berlin') => {
    desk = await kpiDesk(engine, zone);
    const { status, body } = await kpi('ticket-volume', query);
    return status === 200 ? [body.series[0].from, body.series.at(-1).to] : [status, body.errors[0].path];
  };

  it('is the last 30 days with today by default', async () => {
    expect(await periodOf({})).toEqual(['2016-05-17', '2016-06-16']);
    expect(await periodOf({ to: '2016-03-01' })).toEqual(['2016-01-31', '2016-03-01']);
    expect(await periodOf({ from: '2016-06-01' })).toEqual(['2016-06-01', '2016-06-16']);
  });

  it('may be given by the instants at which days begin in the zone, and by no others', async () => {
    expect(await periodOf({ from: '2016-02-28T23:00:00Z', to: '2016-03-02T00:00:00+01:00' })).toEqual([
      '2016-02-29',
      '2016-03-02',
    ]);
    expect(await periodOf({ from: '2016-02-28T18:30:00.000Z', to: '2016-03-01' }, 'Asia/Kolkata')).toEqual([
      '2016-02-29',
      '2016-03-01',
    ]);
    // Midnight does not exist on this day in this zone: it begins at one o'clock.
    expect(await periodOf({ from: '2016-10-16T03:00:00Z', to: '2016-10-17' }, 'America/Sao_Paulo')).toEqual([
      '2016-10-16',
      '2016-10-17',
    ]);
    expect(await periodOf({ from: '2016-02-28T00:00:00Z', to: '2016-03-01' })).toEqual([400, 'from']);
  });

  it.each([
    [{ from: '2016-02-30' }, 'from'],
    [{ to: 'yesterday' }, 'to'],
    [{ from: '2016-02-28T23:00:00' }, 'from'],
    [{ from: '+275760-09-13T00:00:00Z' }, 'from'],
    [{ from: '2016-03-01', to: '2016-03-01' }, 'from'],
    [{ from: '2016-03-02', to: '2016-03-01' }, 'from'],
    [{ from: '2016-01-01', to: '2017-03-01' }, 'from'],
    [{ from: '2001-01-01', to: '2016-03-01', granularity: 'month' }, 'from'],
    [{ granularity: 'week' }, 'granularity'],
    [{ groupBy: 'agent' }, 'groupBy'],
    [{ groupby: 'team' }, 'groupby'],
  ])('%j is refused and names %s', async (query, path) => {
    expect(await periodOf({ ...query } as Record<string, string>)).toEqual([400, path]);
  });

  it('may be ten years by month', async () => {
    expect(
      (await kpi('ticket-volume', { from: '2006-07-01', to: '2016-07-01', granularity: 'month' })).body.series,
    ).toHaveLength(120);
  });
});
