import { aggregateOf } from '../../functions/kpis/domain/aggregate.ts';
import { definitions } from '../../functions/kpis/domain/definitions.ts';
import { addDays } from '../../functions/kpis/domain/local-time.ts';
import { RollupStore } from '../../functions/kpis/store/rollup-store.ts';
import { contribution, deliverAll, type Engine, eventRecord, kpiDesk, startEngine } from './kpi-desk.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

/** DESIGN section 11. */
it('90 busy days cost at most 3 RRU plain and 20 with percentiles', async () => {
  const desk = await kpiDesk(engine);
  const store = new RollupStore(desk.table);
  const [definition] = definitions;
  if (definition === undefined) throw new Error('no definitions');
  for (let day = 0; day < 90; day += 1) {
    const facts = Array.from({ length: 1_000 }, (_unused, index) => ({
      ...contribution({
        value: Math.round(60 * 5_000 ** (((index * 7_919 + day) % 1_000) / 1_000)),
        excluded: index % 10 === 0 ? 'noReply' : null,
      }),
      version: 1,
      retracted: false,
    }));
    const stamp = { computedAt: desk.control.now, epoch: 1_000_000 + day };
    await store.putDay(definition.id, addDays('2016-01-01', day), 'all', aggregateOf(definition, 'all', facts), stamp);
  }
  const cost = async (percentiles: string) => {
    desk.control.consumed = [];
    const { body } = await desk.get(`/v1/kpis/${definition.id}`, {
      from: '2016-01-01',
      to: addDays('2016-01-01', 90),
      percentiles,
    });
    expect(body.total.n).toBe(81_000);
    return desk.control.consumed.reduce((sum, { units }) => sum + units, 0);
  };
  const measured = { plain: await cost('false'), withPercentiles: await cost('true') };
  expect(measured.plain).toBeLessThanOrEqual(3);
  expect(measured.withPercentiles).toBeLessThanOrEqual(20);
  if (process.env['SHOW_FIGURES'] !== undefined) process.stdout.write(`90 days: ${JSON.stringify(measured)} RRU\n`);
});

it('an idle rollup costs four empty reads and writes nothing; a fact alone in its hour its groups on three levels', async () => {
  const desk = await kpiDesk(engine);
  const run = async () => {
    desk.control.consumed = [];
    await desk.rollUp();
    const sum = (pattern: RegExp) =>
      desk.control.consumed
        .filter(({ operation }) => pattern.test(operation))
        .reduce((total, { units }) => total + units, 0);
    return { wru: sum(/Put|Update|Delete/), rru: sum(/Query|Get/) };
  };
  await run();
  const idle = await run();
  expect(idle.wru).toBe(0);
  expect(idle.rru).toBeLessThanOrEqual(4);
  await deliverAll(desk, [eventRecord('tkt_1', 1, [contribution({})])]);
  const busy = await run();
  expect(busy.wru).toBeLessThanOrEqual(16);
  if (process.env['SHOW_FIGURES'] !== undefined) process.stdout.write(`rollup: ${JSON.stringify({ idle, busy })}\n`);
});
