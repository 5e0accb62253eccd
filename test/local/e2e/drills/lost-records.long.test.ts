import { stopDrillDesks } from './drills.ts';
import { expectExact, Loss, methods } from './lost-records.ts';

let loss: Loss;
beforeAll(async () => {
  loss = await Loss.begin();
}, 480_000);
afterAll(async () => {
  loss?.close();
  await stopDrillDesks();
});

/** In real time, from before the request until the verdict: thousands of writes. */
it.each(methods)(
  'with writers until the verdict, %s loses exactly what was acknowledged since the copy',
  async (name, order) => {
    const drill = await loss.drillUnderWrites(order, ({ verdict }) => verdict !== null);
    const lost = await loss.lostBy(drill);
    const writes = loss.writers.acknowledged.length;
    process.stdout.write(
      `${name}: ${drill.rpo.lostRecords} lost, ${lost.own.length} by the client, of ${writes} writes so far\n`,
    );
    expectExact(drill, lost);
  },
  600_000,
);
