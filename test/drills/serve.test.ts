import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { open } from '../../functions/desk/index.ts';
import { restoredDesk } from '../../functions/entrypoints/drills.ts';
import { serveRestored } from '../../functions/drills/index.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { ExternalIds } from '../../functions/platform/store/external-ids.ts';
import { agent, deskOn, TestClock } from '../desk/desk-on-engine.ts';
import { type Engine, startTestEngine } from '../engine.ts';

let live: Engine;
let scratch: Engine;
beforeAll(async () => {
  [live, scratch] = await Promise.all([startTestEngine(), startTestEngine()]);
}, 240_000);
afterAll(() => Promise.all([live.stop(), scratch.stop()]));

const items = async ({ client, tables }: Engine) =>
  (await client.send(new ScanCommand({ TableName: tables.operations }))).Items ?? [];

/** The wiring of the drills' queue, whose client reaches the restored table only. */
const servedBy = (engine: Engine, clock: TestClock) => {
  const { client } = engine;
  const table = 'the-live-table';
  const sent: unknown[] = [];
  const hints = { afterCommit: async (some: readonly unknown[]) => void sent.push(...some) };
  const base = {
    client,
    table,
    clock,
    hints,
    committer: new Committer({ client, table, clock, hints }),
    cursors: new Cursors({ client, table }),
    externalIds: new ExternalIds({ client, table }),
  };
  return { deskOn: restoredDesk(base as never, 'Europe/Berlin'), sent };
};

it('reads a ticket of the restored desk and opens one, and nothing is sent anywhere', async () => {
  const clock = new TestClock(Date.parse('2026-03-02T10:00:00Z'));
  const desk = await deskOn(scratch, clock);
  const ticket = await open(desk, { ...agent, role: 'admin' }, desk.newTicket, () => undefined);
  const before = await items(live);
  const { deskOn: restored, sent } = servedBy(scratch, clock);
  const action = { scratchTable: scratch.tables.operations, drillId: 'drl_1' };
  const served = await serveRestored({ deskOn: restored, clock }, action);
  expect(served).toEqual({
    of: 'serve',
    readAt: '2026-03-02T10:00:00.000Z',
    writeAt: '2026-03-02T10:00:00.000Z',
    message: expect.stringContaining('T-2'),
  });
  const heads = (await items(scratch)).filter(({ PK, SK }) => String(PK).startsWith('TKT#') && SK === 'T');
  expect(heads.map(({ number }) => number).sort()).toEqual([ticket.number, 'T-2']);
  expect(sent).toEqual([]);
  expect(await items(live)).toEqual(before);
});

it('of a table that serves nothing it says why', async () => {
  const clock = new TestClock(Date.parse('2026-03-02T10:00:00Z'));
  const { deskOn: restored } = servedBy(scratch, clock);
  const served = await serveRestored({ deskOn: restored, clock }, { scratchTable: 'no-such-table', drillId: 'drl_1' });
  expect(served).toMatchObject({ readAt: null, writeAt: null, message: expect.stringMatching(/ResourceNotFound/) });
});
