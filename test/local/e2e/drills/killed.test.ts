import type { RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { startDrillDesk, stopDrillDesks } from './drills.ts';
import { type Blow, drillUnderBlows, expectWhole } from './killed.ts';
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

it.each<[string, readonly Blow[]]>([
  [
    'before and after calls of AWS Backup',
    [
      { target: 'backup', fault: 'crash-after' },
      { target: 'backup', fault: 'crash-before' },
    ],
  ],
  [
    'before and after writes, of items and of files',
    [
      { target: 'dynamodb', fault: 'crash-after' },
      { target: 's3', fault: 'crash-after' },
      { target: 'dynamodb', fault: 'crash-before' },
      { target: 's3', fault: 'crash-before' },
    ],
  ],
  [
    'wherever a worker or a message is',
    [
      { target: 'worker', fault: 'crash-after' },
      { target: 'queue', fault: 'crash-before' },
      { target: 'worker', fault: 'crash-before' },
      { target: 'queue', fault: 'crash-after' },
    ],
  ],
])('a drill whose executors are killed %s comes to the same end', async (_name, order) => {
  const { drill, struck } = await drillUnderBlows(desk, order);
  expect(struck).toBeGreaterThan(1);
  await expectWhole(account, drill);
}, 240_000);
