import type { RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { startDrillDesk, stopDrillDesks } from './drills.ts';
import { blows, drillUnderBlows, expectWhole } from './killed.ts';
import { Writers } from './writers.ts';

let desk: RunningDesk;
let account: Account;

beforeAll(async () => {
  desk = await startDrillDesk(Date.UTC(2026, 2, 2, 9));
  account = await Account.of(desk);
  await new Writers(desk.desk.url, desk.tokens).story(await desk.customer(), 0);
  await desk.timeTo((await desk.now()) + 3 * 60_000);
}, 480_000);
afterAll(async () => {
  account?.close();
  await stopDrillDesks();
});

/** Each blow alone, at each step; then all of them in turn, beginning with each. */
it.each([
  ...blows.map((blow) => [`${blow.target} ${blow.fault}`, [blow], 0] as const),
  ...blows.map((blow, from) => [`all of them, beginning with ${blow.target} ${blow.fault}`, blows, from] as const),
])(
  'a drill comes to the same end under %s',
  async (_name, order, from) => {
    const { drill, struck } = await drillUnderBlows(desk, order, from);
    process.stdout.write(`${_name}: ${struck} struck, ${drill.version} versions\n`);
    expect(struck).toBeGreaterThan(0);
    await expectWhole(account, drill);
  },
  600_000,
);
