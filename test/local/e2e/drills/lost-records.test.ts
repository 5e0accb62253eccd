import type { Json } from '../running-desk.ts';
import { startDrill, stopDrillDesks, ended } from './drills.ts';
import { Loss, type Lost } from './lost-records.ts';

/**
 * The figure that a drill is for: how many records would have been lost. A client that knows nothing but HTTP writes meanwhile and
 * counts what was acknowledged to it; what the copy had is read from the copy itself, restored once more. The long test has
 * writers until the verdict.
 */
let loss: Loss;
beforeAll(async () => {
  loss = await Loss.begin();
}, 240_000);
afterAll(async () => {
  loss?.close();
  await stopDrillDesks();
});

const restoring = ({ legs, verdict }: Json): boolean =>
  verdict !== null || legs.some(({ name }: Json) => name === 'table-active');

/** Counted by the drill, against what the client and whoever reads the tables count. */
const expectExact = (drill: Json, { own, others, oldestAt }: Lost): void => {
  const { verdict, reasons, rpo } = drill;
  expect([verdict, verdict === 'passed' ? [] : reasons]).toEqual(['passed', []]);
  expect({ lost: rpo.lostRecords, oldestAt: rpo.oldestLostAt, others }).toEqual({
    lost: own.length,
    oldestAt,
    others: [],
  });
};

it.each([
  ['a fresh backup', { method: 'backup', recoveryPoint: 'fresh' }],
  ['the newest backup', { method: 'backup', recoveryPoint: 'newest' }],
  ['point-in-time recovery', { method: 'pitr' }],
])(
  'what is lost with %s is exactly what was acknowledged since the copy, though nobody ever pauses',
  async (_name, order) => {
    const drill = await loss.drillUnderWrites(order, restoring);
    const lost = await loss.lostBy(drill);
    expectExact(drill, lost);
    expect(lost.own.length).toBeGreaterThan(0);
  },
  240_000,
);

it('writers that pause while the backup is started know the figure before the drill: the newest backup', async () => {
  const { desk, account, writers, customerId } = loss;
  const job = await account.startBackup();
  const before = writers.acknowledged.length;
  for (const client of [0, 1, 2]) await writers.story(customerId, client);
  const written = writers.acknowledged.length - before;
  await account.backupCompleted(job);
  const { id } = await startDrill(desk, { recoveryPoint: 'newest' });
  const drill = await ended(desk, id);
  const lost = await loss.lostBy(drill);
  expect([written, lost.own.length]).toEqual([12, 12]);
  expectExact(drill, lost);
}, 240_000);
