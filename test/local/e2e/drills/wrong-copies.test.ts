import type { Json } from '../running-desk.ts';
import { objectives, stopDrillDesks } from './drills.ts';
import { WrongCopies } from './wrong-copies.ts';

/** What a drill must notice, and whom it must tell: a sample; wrong-copies.long.test.ts has them all. */
let wrong: WrongCopies;
beforeAll(async () => {
  wrong = await WrongCopies.begin();
}, 480_000);
afterAll(async () => {
  wrong?.close();
  await stopDrillDesks();
});
afterEach(() => wrong.desk.as('admin', '/_local/faults', { method: 'DELETE' }));

it(
  'a copy without a whole ticket fails, says so, and wakes somebody once',
  () => wrong.expectNoticed('a whole ticket'),
  120_000,
);

it('a restore that fails is a failed drill, with the reason of the service', async () => {
  const drill = await wrong.drilled({}, { nextRestore: 'failed' });
  expect([drill.verdict, drill.reasons]).toEqual(['failed', [expect.stringMatching(/^The restore failed: /)]]);
  expect((await wrong.toldOf(drill.id)).tickets).toHaveLength(1);
}, 120_000);

it('a recovery point that is older than promised misses the RPO, though the copy is right', async () => {
  await wrong.desk.timeTo((await wrong.desk.now()) + 15 * 60_000);
  const drill = await wrong.drilled({ recoveryPoint: 'newest', objectives: { ...objectives, rpoSeconds: 600 } });
  expect([drill.verdict, drill.rpo.met, drill.rto.met]).toEqual(['failed', false, true]);
  expect(drill.integrity.checks.map(({ result }: Json) => result)).toEqual(Array(9).fill('passed'));
  expect(drill.reasons[0]).toMatch(/^The RPO is missed by /);
  const { tickets } = await wrong.toldOf(drill.id);
  expect(tickets.map(({ subject }) => subject)).toEqual(['Restore drill of operations missed its objectives']);
}, 120_000);
