import type { RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { startDrillDesk, stopDrillDesks } from './drills.ts';
import { blows, drillUnderBlows, expectWhole } from './killed.ts';
import { Writers } from './writers.ts';

/** A sample; killed.long.test.ts has them all, at each step. */
let desk: RunningDesk;
let account: Account;

beforeAll(async () => {
  desk = await startDrillDesk(Date.UTC(2026, 2, 2, 9));
  account = await Account.of(desk);
  await new Writers(desk.desk.url, desk.tokens).story(await desk.customer(), 0);
  await desk.timeTo((await desk.now()) + 3 * 60_000);
}, 240_000);
afterAll(async () => {
  account?.close();
  await stopDrillDesks();
});

it('a drill whose executors are killed again and again on the way comes to the same end', async () => {
  const { drill, struck } = await drillUnderBlows(desk, blows);
  expect(struck).toBeGreaterThan(4);
  await expectWhole(account, drill);
}, 240_000);
