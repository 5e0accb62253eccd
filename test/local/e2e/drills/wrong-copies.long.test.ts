import { ended, objectives, startDrill, stopDrillDesks } from './drills.ts';
import { corruptions, WrongCopies } from './wrong-copies.ts';

/** Everything that can be wrong with copies and jobs of a drill, one after the other at one desk. */
let wrong: WrongCopies;
beforeAll(async () => {
  wrong = await WrongCopies.begin();
}, 480_000);
afterAll(async () => {
  wrong?.close();
  await stopDrillDesks();
});
afterEach(() => wrong.desk.as('admin', '/_local/faults', { method: 'DELETE' }));

const kinds = Object.keys(corruptions) as (keyof typeof corruptions)[];
it.each(kinds)(
  'a copy that is wrong by %s fails, says so, and wakes somebody once',
  (kind) => wrong.expectNoticed(kind),
  240_000,
);

it.each([
  ['a backup that fails', { nextBackup: 'failed' }, /^The backup failed/],
  ['a backup that is aborted', { nextBackup: 'aborted' }, /^The backup aborted/],
  ['a backup that never begins', { nextBackup: 'expired' }, /^The backup expired/],
  ['a restore that fails', { nextRestore: 'failed' }, /^The restore failed/],
  ['a restore that is aborted', { nextRestore: 'aborted' }, /^The restore aborted/],
])(
  '%s: failed, with the reason of the service',
  async (_name, settings, reason) => {
    const drill = await wrong.drilled({}, settings);
    expect([drill.verdict, drill.reasons]).toEqual(['failed', [expect.stringMatching(reason)]]);
    expect((await wrong.toldOf(drill.id)).tickets).toHaveLength(1);
  },
  240_000,
);

it('a backup that never ends is aborted when its window is over: failed', async () => {
  await wrong.desk.fault('backup', 'drop', 1);
  const drill = await wrong.drilled({}, {}, 60 * 60_000);
  expect([drill.verdict, drill.recoveryPointUsed]).toEqual(['failed', null]);
}, 480_000);

it('a restore for which there is no place yet, and services that are busy, are waited for', async () => {
  await wrong.desk.fault('backup', 'conflict', 2);
  await wrong.desk.fault('backup', 'throttle', 3);
  const drill = await wrong.drilled();
  expect([drill.verdict, drill.reasons]).toEqual(['passed', expect.anything()]);
  expect(await wrong.desk.applied()).toEqual({ 'backup conflict': 2, 'backup throttle': 3 });
}, 240_000);

it('of one table there is one drill at a time, and it can be cancelled wherever it stands', async () => {
  const { desk, account } = wrong;
  const seen = new Set<string>();
  for (let wait = 0; wait < 8; wait += 1) {
    const { id } = await startDrill(desk, { recoveryPoint: 'fresh' });
    const other = { table: 'operations', method: 'pitr', objectives };
    const second = await desk.as('engineer', '/v1/drills', { body: other });
    expect([second.status, JSON.stringify(second.body)]).toEqual([409, expect.stringContaining(id)]);
    for (let turn = 0; turn < wait; turn += 1) await desk.timeTo((await desk.now()) + 15_000);
    const was = (await desk.ask(`/v1/drills/${id}`)).state;
    seen.add(was);
    const answer = await desk.as('engineer', `/v1/drills/${id}/cancel`, { method: 'POST' });
    const drill = await ended(desk, id);
    const expected = answer.status === 202 ? ['cancelled', null] : ['done', 'passed'];
    expect([was, drill.state, drill.verdict]).toEqual([was, ...expected]);
    expect(await account.scratchTables()).toEqual([]);
    expect((await desk.as('engineer', `/v1/drills/${id}/cancel`, { method: 'POST' })).status).toBe(409);
  }
  expect(seen.size).toBeGreaterThan(3);
}, 600_000);
