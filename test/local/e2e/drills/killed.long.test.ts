import type { RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { ended, startDrill, startDrillDesk, stopDrillDesks } from './drills.ts';
import { type Blow, blows, drillUnderBlows, expectWhole } from './killed.ts';
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

const named = ({ target, fault }: Blow): string => `${target} ${fault}`;
const each = blows.map((blow) => [named(blow), [blow], 0] as const);
const allBeginningWith = blows.map(
  (blow, from) => [`all of them, beginning with ${named(blow)}`, blows, from] as const,
);

const survives = async (name: string, order: readonly Blow[], from: number, asked?: object): Promise<void> => {
  const { drill, struck } = await drillUnderBlows(desk, order, from, asked);
  process.stdout.write(`${drill.method} ${name}: ${struck} struck, ${drill.version} versions\n`);
  expect(struck).toBeGreaterThan(0);
  await expectWhole(account, drill);
};

/** Each blow alone, at each step; then all of them in turn, beginning with each. */
it.each([...each, ...allBeginningWith])(
  'a drill comes to the same end under %s',
  (...blow) => survives(...blow),
  600_000,
);

describe('by point-in-time recovery', () => {
  // So that there is a manifest of before the instant that is restored, and something in the table then.
  beforeAll(async () => {
    const { id } = await startDrill(desk, { recoveryPoint: 'fresh' });
    await ended(desk, id);
    await desk.timeTo((await desk.now()) + 10 * 60_000);
  }, 240_000);

  it.each(allBeginningWith)(
    'a drill comes to the same end under %s',
    (...blow) => survives(...blow, { method: 'pitr' }),
    600_000,
  );
});
