import { DisasterDesk, restoredTable } from './disaster-desk.ts';
import { expectRestored, expectWorking, Killed, legs, untilDisaster } from './rehearsal.ts';

/** The cut-over dies after one leg, the desk after it, and both go on. */
let desk: DisasterDesk;

beforeEach(async () => {
  desk = new DisasterDesk();
  await desk.start();
}, 480_000);
afterEach(() => desk.remove(), 120_000);

it.each(legs)(
  'killed after %s, with the desk started again in between, it ends as if nothing had happened',
  async (last) => {
    const story = await untilDisaster(desk);
    await desk.restore(story.pointArn, restoredTable);
    const killed = await desk.cutover(['--table', restoredTable, '--yes'], (leg) => {
      if (leg === last) throw new Killed(`killed after ${leg}`);
    });
    expect([killed.code, killed.complained]).toEqual([1, expect.stringContaining(`killed after ${last}`)]);
    await desk.stop();
    await desk.start();
    expect((await desk.cutover(['--table', restoredTable, '--yes'])).code).toBe(0);
    await expectRestored(desk, story);
    await expectWorking(desk, story);
  },
  900_000,
);

it('killed after each leg in turn, it goes on, and ends the same', async () => {
  const story = await untilDisaster(desk);
  await desk.restore(story.pointArn, restoredTable);
  for (const last of legs) {
    const killed = await desk.cutover(['--table', restoredTable, '--yes'], (leg) => {
      if (leg === last) throw new Killed(`killed after ${leg}`);
    });
    expect([killed.code, killed.complained]).toEqual([1, expect.stringContaining(`killed after ${last}`)]);
  }
  expect((await desk.cutover(['--table', restoredTable, '--yes'])).code).toBe(0);
  await expectRestored(desk, story);
  await expectWorking(desk, story);
}, 900_000);
