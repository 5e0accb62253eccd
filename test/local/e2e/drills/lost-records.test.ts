import type { Json } from '../running-desk.ts';
import { ended, startDrill, stopDrillDesks } from './drills.ts';
import { expectExact, Loss, methods } from './lost-records.ts';

/**
 * The figure that a drill is for: how many records would have been lost. A client that knows nothing but HTTP writes meanwhile and
 * counts what was acknowledged to it; what the copy had is read from the copy itself, restored once more. The long test has
 * writers until the verdict. The first drill leaves the manifest by which the later ones are checked.
 */
let loss: Loss;
beforeAll(async () => {
  loss = await Loss.begin();
}, 240_000);
afterAll(async () => {
  loss?.close();
  await stopDrillDesks();
});

const restored = ({ legs, verdict }: Json): boolean =>
  verdict !== null || legs.some(({ name }: Json) => name === 'table-active');

it.each(methods)(
  'nobody ever pauses, and %s loses exactly what was acknowledged since the copy',
  async (_name, order) => {
    const drill = await loss.drillUnderWrites(order, restored);
    const lost = await loss.lostBy(drill);
    expectExact(drill, lost);
    expect(lost.own.length).toBeGreaterThan(0);
  },
  240_000,
);

it('writers that pause while the copy is begun know the figure before the drill', async () => {
  const { desk, account, writers, customerId } = loss;
  const job = await account.startBackup();
  const before = writers.acknowledged.length;
  for (const client of [0, 1, 0]) await writers.story(customerId, client);
  const written = writers.acknowledged.length - before;
  await account.backupCompleted(job);
  const { id } = await startDrill(desk, { recoveryPoint: 'newest' });
  const drill = await ended(desk, id);
  expect([written, drill.rpo.lostRecords]).toEqual([12, 12]);
  expectExact(drill, await loss.lostBy(drill));
}, 240_000);
