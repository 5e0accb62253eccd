import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  askKpi,
  contribute,
  contribution,
  deliverAll,
  type Engine,
  eventRecord,
  kpiDesk,
  startEngine,
} from './kpi-desk.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

const kpi = 'first-response-time';
const early = '2016-02-29T04:30:00.000Z';
const late = '2016-02-29T07:30:00.000Z';
const february = { from: '2016-02-01', to: '2016-03-01', granularity: 'day' };

/** Hours as they were kept before each customer had items of its own: `hh#others`, and `hh#customers-n` for all customers. */
const asBefore = async (desk: Awaited<ReturnType<typeof kpiDesk>>): Promise<number> => {
  const items = (await desk.items(desk.names.kpis)).filter(({ PK }) => PK.startsWith('H#'));
  for (const { PK, SK, ...rest } of items) {
    const [part = '', hour = ''] = SK.split('#');
    const before = `${hour}#${part === 'others' ? part : 'customers-1'}`;
    await desk.client.send(new PutCommand({ TableName: desk.names.kpis, Item: { PK, SK: before, ...rest } }));
    await desk.client.send(new DeleteCommand({ TableName: desk.names.kpis, Key: { PK, SK } }));
  }
  return items.length;
};

it('hours of before count until they are written again, and never twice', async () => {
  const desk = await kpiDesk(engine);
  const values = async (groupBy: string) => {
    const { series } = (await askKpi(desk, kpi, { ...february, groupBy })).body;
    return Object.fromEntries(
      series.map(({ group, figure }: { group: string; figure: { n: number } }) => [group, figure.n]),
    );
  };
  const moved = contribution({ ticketId: 'tkt_moved', at: early, team: 'tem_a' });
  await deliverAll(desk, [eventRecord('tkt_moved', 1, [moved])]);
  await contribute(desk, { at: late });
  await desk.rollUp();
  expect(await asBefore(desk)).toBe(4);

  await contribute(desk, { at: late });
  await desk.rollUp();
  expect(await values('team')).toEqual({ tem_a: 3 });
  expect(await values('customer')).toEqual({ cus_a: 3 });

  await deliverAll(desk, [eventRecord('tkt_moved', 2, [{ ...moved, team: 'tem_b', customer: 'cus_b' }])]);
  await desk.rollUp();
  expect(await values('team')).toEqual({ tem_a: 2, tem_b: 1 });
  expect(await values('customer')).toEqual({ cus_a: 2, cus_b: 1 });
  const { items } = (await desk.get(`/v1/kpis/${kpi}/explain`, { from: '2016-02-29', to: '2016-03-01' })).body;
  expect(items.map(({ at }: { at: string }) => at)).toEqual([early, late, late]);
});
