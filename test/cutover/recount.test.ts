import type { Desk } from '../../bin/cutover/desk.ts';
import { recountEverything } from '../../bin/cutover/recount.ts';
import { RecountStore } from '../../functions/kpis/store/recount-store.ts';
import { newRecount, type RecountJob } from '../../functions/kpis/use-cases/recount-job.ts';
import { newId } from '../../functions/platform/ids.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { eventually } from '../local/e2e/running-desk.ts';

/** Whether everything is counted again after the cut-over, whoever asked for it. */
const now = Date.UTC(2026, 0, 6, 9);
const since = new Date(now - 1000).toISOString();

let engine: Engine;
let store: RecountStore;
let desk: Desk;

beforeAll(async () => {
  engine = await startTestEngine();
  const { kpis } = engine.tables;
  store = new RecountStore({ client: engine.client, table: kpis });
  desk = { client: engine.client, settings: { kpis }, now: () => now } as unknown as Desk;
}, 480_000);
afterAll(() => engine.stop());

const finish = (job: RecountJob): Promise<void> =>
  store.finish({ ...job, state: 'done', endedAt: new Date(now).toISOString() }, { owner: 'test', epoch: 1 });

const asked = (at: number, slot: string, from: number | null): RecountJob =>
  newRecount({
    id: newId('rcm', at),
    reason: 'gap',
    slot,
    from,
    to: from === null ? null : now,
    requestedBy: null,
    requestedAt: new Date(at).toISOString(),
  });

it('asks for one itself when nobody did since, and waits for its end', async () => {
  await store.start(asked(now - 60_000, 'gap-1', null));
  await store.start(asked(now, 'gap-2', now - 1000));
  let ended = false;
  const done = recountEverything(desk, since, () => {}).finally(() => {
    ended = true;
  });
  const own = await eventually('a recount of its own', 30, async () => {
    const { jobs } = await store.list(10, null);
    return jobs.find(({ slot }) => slot === 'cutover') ?? null;
  });
  expect(own).toMatchObject({ from: null, to: null, state: 'waiting' });
  expect(ended).toBe(false);
  await finish(own);
  expect((await done).id).toBe(own.id);
  // A second cut-over finds it done.
  expect((await recountEverything(desk, since, () => {})).id).toBe(own.id);
}, 120_000);

it('waits for one that the reader of the stream asked for', async () => {
  const later = new Date(now + 1000).toISOString();
  const gap = asked(now + 5000, 'gap-3', null);
  await store.start(gap);
  const done = recountEverything({ ...desk, now: () => now + 6000 }, later, () => {});
  await finish(gap);
  expect((await done).id).toBe(gap.id);
  const { jobs } = await store.list(10, null);
  expect(jobs.filter(({ slot }) => slot === 'cutover')).toHaveLength(1);
}, 120_000);
