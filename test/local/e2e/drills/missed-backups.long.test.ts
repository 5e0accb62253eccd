import type { Json, RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { startDrillDesk, stopDrillDesks } from './drills.ts';

/** The plan of the night is switched off, and two days pass. */
let desk: RunningDesk;
let account: Account;

beforeAll(async () => {
  desk = await startDrillDesk(Date.UTC(2026, 2, 2, 9));
  account = await Account.of(desk);
  await account.pointInTimeRecovery(false);
}, 480_000);
afterAll(async () => {
  account?.close();
  await stopDrillDesks();
});

const hour = 3_600_000;
const pass = async (hours: number): Promise<void> => {
  for (let passed = 0; passed < hours; passed += 2) await desk.timeTo((await desk.now()) + 2 * hour);
};
const turnPlans = async (running: boolean): Promise<number> => {
  const { items } = await desk.ask('/_local/sources');
  const plans = items.filter(({ name }: Json) => name.includes('-> backup plan '));
  for (const { name } of plans) await desk.ask('/_local/sources', { name, running });
  return plans.length;
};
const alerts = async (): Promise<readonly Json[]> =>
  (await desk.ask('/v1/alerts?limit=100')).items.filter(({ kind }: Json) => kind.startsWith('backup.'));
const backups = async (): Promise<Json> =>
  (await desk.ask('/v1/backups', undefined, 'auditor')).items.find(({ table }: Json) => table === 'operations');

it('nights without a copy are told, and a newest copy that is too old; the next one makes it right', async () => {
  await pass(24);
  expect([(await backups()).stale, await alerts()]).toEqual([false, []]);
  expect(await turnPlans(false)).toBeGreaterThan(0);
  await pass(48);
  const told = await alerts();
  const subjects: string[] = [];
  for (const { ticketId } of told) subjects.push((await desk.ask(`/v1/tickets/${ticketId}`)).subject);
  process.stdout.write(`${subjects.join('\n')}\n`);
  const count = (subject: string): number => subjects.filter((one) => one === subject).length;
  expect(count('The newest recovery point of operations is too old')).toBe(1);
  expect(count('No backup of operations was begun last night')).toBeGreaterThan(0);
  const old = await backups();
  expect([old.stale, old.ageSeconds > 33 * 3600]).toEqual([true, true]);
  await turnPlans(true);
  await pass(24);
  expect((await backups()).stale).toBe(false);
  expect(await alerts()).toHaveLength(told.length);
}, 1_200_000);
