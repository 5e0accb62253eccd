import { explainKpi } from '../../functions/kpis/routes.ts';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import {
  askKpi,
  contribute,
  contribution,
  deliverAll,
  type Engine,
  eventRecord,
  type KpiDesk,
  kpiDesk,
  startEngine,
} from './kpi-desk.ts';

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

describe('explain', () => {
  const february = { from: '2016-02-01', to: '2016-03-01' };
  const pages = async (query: Record<string, string>, id = 'first-response-time') => {
    const items: { ticketId: string; at: string; contribution: { value: number | null; excluded: string | null } }[] =
      [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await desk.get(`/v1/kpis/${id}/explain`, {
        ...february,
        ...query,
        ...(cursor === '' ? {} : { cursor }),
      });
      expect(status).toBe(200);
      items.push(...explainKpi.success.answer.parse(body).items);
      cursor = body.nextCursor;
    }
    return items;
  };

  // PITFALLS 19
  it('pages to the end, each fact once, and gives the figure again', async () => {
    for (let index = 0; index < 45; index += 1) {
      await answered({
        at: new Date(Date.UTC(2016, 1, 3, index)).toISOString(),
        value: 100 + index,
        team: index % 3 === 0 ? 'tem_a' : 'tem_b',
      });
    }
    await desk.rollUp();
    for (const [query, group] of [
      [{}, 'all'],
      [{ group: 'tem_a' }, 'tem_a'],
      [{ group: 'team:tem_b' }, 'tem_b'],
    ] as const) {
      const items = await pages({ limit: '7', ...query });
      const groupBy = group === 'all' ? {} : { groupBy: 'team' };
      const { body } = await kpi('first-response-time', { ...february, granularity: 'month', ...groupBy });
      const { figure } = body.series.find((row: { group: string }) => row.group === group);
      expect(items.reduce((sum, { contribution: { value } }) => sum + (value ?? 0), 0)).toBe(figure.numerator);
      expect(new Set(items.map(({ ticketId }) => ticketId)).size).toBe(figure.n);
      expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort());
    }
  });

  it('says why a ticket does not count, and leaves out what was taken back', async () => {
    const critical = await answered({ kpi: 'resolution-time', priority: 'critical', value: 900 });
    const low = await answered({ kpi: 'resolution-time', priority: 'low', value: 950 });
    const reopened = await answered({ kpi: 'resolution-time', priority: 'critical' });
    await deliverAll(desk, [
      eventRecord(reopened, 2, [
        contribution({ kpi: 'resolution-time', ticketId: reopened, value: null, retracted: true }),
      ]),
    ]);
    await desk.rollUp();
    const items = await pages({}, 'resolution-time');
    expect(Object.fromEntries(items.map((item) => [item.ticketId, item.contribution.excluded]))).toEqual({
      [critical]: null,
      [low]: 'otherPriority',
    });
    expect(items.find(({ ticketId }) => ticketId === critical)).toEqual({
      ticketId: critical,
      at: '2016-02-29T07:30:00.000Z',
      contribution: {
        value: 900,
        excluded: null,
        team: 'tem_a',
        customer: 'cus_a',
        priority: 'critical',
        subject: `${critical}#1`,
        version: 1,
      },
    });
    expect(
      (await pages({ group: 'low' }, 'resolution-time')).map(({ contribution: { excluded } }) => excluded),
    ).toEqual([null]);
  });

  it('a cursor belongs to its question', async () => {
    for (let index = 0; index < 3; index += 1) await answered({});
    await desk.rollUp();
    const { body } = await desk.get('/v1/kpis/first-response-time/explain', { ...february, limit: '1' });
    const other = await desk.get('/v1/kpis/first-response-time/explain', {
      ...february,
      group: 'tem_b',
      cursor: body.nextCursor,
    });
    expect([other.status, other.body.errors[0].path]).toEqual([400, 'cursor']);
  });

  it('without from and to goes on with the days of its first page after midnight', async () => {
    for (let index = 0; index < 2; index += 1) await answered({ at: '2016-05-17T10:00:00.000Z' });
    await desk.rollUp();
    const first = await desk.get('/v1/kpis/first-response-time/explain', { limit: '1' });
    desk.control.now += 24 * 3_600_000;
    const second = await desk.get('/v1/kpis/first-response-time/explain', {
      limit: '1',
      cursor: first.body.nextCursor,
    });
    expect([first.body.items.length, second.body.items.length]).toEqual([1, 1]);
    expect(second.body.items[0].ticketId).not.toBe(first.body.items[0].ticketId);
  });

  it('a group that is none is refused', async () => {
    expect((await desk.get('/v1/kpis/ticket-volume/explain', { group: 'agent:agt_1' })).status).toBe(400);
  });
});
