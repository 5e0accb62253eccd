import { DisasterDesk, restoredTable } from './disaster-desk.ts';
import { expectRestored, expectWorking, untilDisaster } from './rehearsal.ts';

let desk: DisasterDesk;

beforeEach(async () => {
  desk = new DisasterDesk();
  await desk.start();
}, 480_000);
afterEach(() => desk.remove(), 120_000);

it('makes a restored table the live one: what is kept is there once, what is lost can be written again', async () => {
  const story = await untilDisaster(desk);
  expect((await desk.as('agent', `/v1/tickets/${story.kept.opened[0]?.answer.body.id}`)).status).toBeGreaterThanOrEqual(
    400,
  );
  for (const [table, message] of [
    [
      'cloud-service-desk-local-drill-drl_01jx',
      /must be called cloud-service-desk-local-operations-\.\.\., .*Restore once more/s,
    ],
    ['cloud-service-desk-local-operations-none', /There is no table .*Restore it first/],
  ] as const) {
    const refused = await desk.cutover(['--table', table, '--yes']);
    expect([refused.code, refused.said, refused.complained]).toEqual([1, '', expect.stringMatching(message)]);
  }
  await desk.restore(story.pointArn, restoredTable);

  const shown = await desk.cutover(['--table', restoredTable, '--dry-run']);
  expect([shown.code, shown.complained]).toEqual([0, '']);
  expect(shown.said).toMatch(/is lost/);
  expect(shown.said).toMatch(/3 of \d+ answers would be forgotten/);
  expect(shown.said).toMatch(/1 of 4 list rows would be removed/);
  expect((await desk.cutover(['--table', restoredTable])).code).toBe(1);

  const done = await desk.cutover(['--table', restoredTable, '--yes']);
  expect([done.code, done.said]).toEqual([0, expect.stringMatching(/cut over in [\d.]+ s: /)]);
  console.log(done.said.split('\nNext')[0]);
  await expectRestored(desk, story);
  await expectWorking(desk, story);
  await desk.stop();
  await desk.start();
  await expectWorking(desk, story);
  const again = await desk.cutover(['--table', restoredTable, '--yes']);
  expect([again.code, again.said]).toEqual([0, expect.stringMatching(/It is live since/)]);
}, 900_000);
