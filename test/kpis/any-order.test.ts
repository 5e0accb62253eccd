import * as fc from 'fast-check';
import { eventsOf, expectFigures, live, overtaken, story } from './any-order.ts';
import { type Engine, kpiDesk, startEngine } from './kpi-desk.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

// PITFALLS 20. `npm run test:long` tries many more.
it('figures are those of a simple recount, whatever was repeated, reordered, crashed, retracted or rolled up in between', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      const desk = await kpiDesk(engine, one.zone);
      const { records, standing } = eventsOf(one);
      await live(desk, one, records);
      await expectFigures(desk, one.zone, standing);
    }),
    { numRuns: 8, examples: [[overtaken]] },
  );
}, 480_000);
