import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { type Engine, contribution, deliverAll, eventRecord, InjectedCrash, startEngine } from './kpi-desk.ts';
import { expectFigures } from './any-order.ts';
import { itemsOf, recountDesk, type RecountDesk } from './recount-desk.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
}, 240_000);
afterAll(() => engine.stop());

const minute = 60_000;

/** What one ticket says: a KPI counts it now; or what was counted is taken back; or only its head changes. */
const said = fc.record({
  ticket: fc.integer({ min: 0, max: 3 }),
  kpi: fc.constantFrom('ticket-volume', 'first-response-time', 'resolution-time'),
  kind: fc.constantFrom('count', 'count', 'count', 'retract', 'nothing'),
  value: fc.integer({ min: 0, max: 9_000 }),
  team: fc.constantFrom(null, 'tem_a', 'tem_b'),
  priority: fc.constantFrom('critical', 'low'),
  /** Minutes until the next. */
  minutes: fc.integer({ min: 1, max: 300 }),
  /** Whether the stream brings it, or it is lost before that. */
  lost: fc.constantFrom(false, false, true),
});

const crash = fc.option(fc.record({ after: fc.integer({ min: 0, max: 40 }), applied: fc.boolean() }));
const story = fc.record({
  said: fc.array(said, { minLength: 1, maxLength: 12 }),
  /** What the stream brings only while the recount writes: how many of the last, and before which write. */
  late: fc.record({ records: fc.integer({ min: 0, max: 4 }), writes: fc.integer({ min: 0, max: 12 }) }),
  /** A crash in each of the first runs of the recount. */
  crashes: fc.array(crash, { maxLength: 4 }),
  tampered: fc.constantFrom('nothing', 'altered', 'deleted', 'unfounded', 'rollup'),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

const ignoringCrash = async (act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof InjectedCrash)) throw error;
  }
};

/** Runs each minute until the recount is done, as the schedule does. */
const finish = async (desk: RecountDesk, crashes: Story['crashes'] = []): Promise<void> => {
  for (let run = 0; run < 60; run += 1) {
    const next = crashes[run] ?? null;
    desk.control.crash = next === null ? null : { ...next };
    await ignoringCrash(() => desk.recount('schedule'));
    desk.control.crash = null;
    // Longer than the lease of a run that died.
    desk.control.now += 160_000;
    await desk.rollUp();
    if ((await desk.jobs()).every(({ state }) => state === 'done')) return;
  }
  throw new Error('the recount does not end');
};

const tamper = async (desk: RecountDesk, how: Story['tampered']): Promise<boolean> => {
  const TableName = desk.names.kpis;
  const facts = await itemsOf(desk.client, TableName, 'F#');
  const victim = facts.find(({ retracted }) => retracted !== true);
  if (how === 'nothing' || victim === undefined) return false;
  const Key = { PK: victim['PK'], SK: victim['SK'] };
  if (how === 'deleted') await desk.client.send(new DeleteCommand({ TableName, Key }));
  else if (how === 'altered')
    await desk.client.send(new PutCommand({ TableName, Item: { ...victim, version: 99, value: 123_456 } }));
  else if (how === 'unfounded')
    await deliverAll(desk, [
      eventRecord(String(victim['ticketId']), 50, [
        contribution({ ticketId: String(victim['ticketId']), subject: 'tkt_nobody#1', at: String(victim['at']) }),
      ]),
    ]);
  else {
    const hours = await itemsOf(desk.client, TableName, 'H#');
    const hour = hours[0];
    if (hour === undefined) return false;
    await desk.client.send(
      new UpdateCommand({
        TableName,
        Key: { PK: hour['PK'], SK: hour['SK'] },
        UpdateExpression: 'SET g = :none',
        ExpressionAttributeValues: { ':none': {} },
      }),
    );
  }
  await desk.rollUp();
  return true;
};

const live = async (desk: RecountDesk, { said: all }: Story) => {
  const standing = new Map<string, Contribution>();
  const brought: DynamoDBRecord[][] = [];
  for (const { ticket, kpi, kind, value, team, priority, minutes, lost } of all) {
    desk.control.now += minutes * minute;
    const ticketId = `tkt_${ticket}`;
    const name = `${kpi} ${ticketId}`;
    const before = standing.get(name);
    const at = new Date(desk.control.now).toISOString();
    const now = contribution({ kpi, ticketId, team, priority, value: kpi === 'ticket-volume' ? 1 : value, at });
    const back = before === undefined ? [] : [{ ...before, value: null, excluded: null, retracted: true as const }];
    if (kind === 'nothing' || (kind === 'retract' && before === undefined)) {
      if (!lost) brought.push([...(await desk.say(ticketId, []))]);
      else await desk.say(ticketId, []);
      continue;
    }
    // Taken back by an event of its own, as a ticket does.
    for (const facts of kind === 'retract' ? [back] : [...(back.length > 0 ? [back] : []), [now]]) {
      const records = await desk.say(ticketId, facts);
      if (!lost) brought.push([...records]);
    }
    if (kind === 'retract') standing.delete(name);
    else standing.set(name, now);
  }
  return { standing: [...standing.values()], brought };
};

/** Writes of the recount's own, told apart from its job's. */
const derived = async (desk: RecountDesk) => [
  ...(await itemsOf(desk.client, desk.names.kpis, 'F#')),
  ...(await itemsOf(desk.client, desk.names.lists, 'TKT#')),
];

/** Lets some writes pass, then acts before the next. */
const lateBy = (desk: RecountDesk, writes: number, act: () => Promise<void>): (() => Promise<void>) =>
  writes === 0
    ? act
    : async () => {
        desk.control.between = lateBy(desk, writes - 1, act);
      };

test('whatever was lost, late, tampered with or cut off: in the end all is what the events say, and nothing right is written again', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const desk = await recountDesk(engine);
      const from = desk.control.now;
      const { standing, brought } = await live(desk, told);
      const late = brought.splice(brought.length - told.late.records, told.late.records);
      await deliverAll(desk, brought.flat());
      await desk.rollUp();
      await tamper(desk, told.tampered);
      // The stream is known to have come so far.
      desk.control.now += 20 * minute;
      await deliverAll(desk, [desk.heartbeat()]);
      desk.control.between = lateBy(desk, told.late.writes, () => deliverAll(desk, late.flat()));
      await ignoringCrash(() => desk.recount('nightly'));
      await finish(desk, told.crashes);
      desk.control.between = null;
      await deliverAll(desk, late.flat());
      await desk.rollUp();
      await expectFigures(desk, 'Europe/Berlin', standing);
      const rows = await itemsOf(desk.client, desk.names.lists, 'TKT#');
      const heads = (await itemsOf(desk.client, desk.names.operations, 'TKT#')).filter(({ SK }) => SK === 'T');
      expect(rows.map(({ id, version, teamId }) => ({ id, version, teamId }))).toEqual(
        heads.map(({ id, version, teamId }) => ({ id, version, teamId })),
      );
      // Once more, over everything: nothing is found and nothing is written.
      const before = await derived(desk);
      const known = new Set((await desk.jobs()).map(({ id }) => id));
      await desk.recount('nightly');
      await finish(desk);
      expect(await derived(desk)).toEqual(before);
      const [again] = (await desk.jobs()).filter(({ id }) => !known.has(id));
      expect(again).toMatchObject({
        state: 'done',
        drift: { missing: 0, stale: 0, altered: 0, unfounded: 0, row: 0, rollup: 0 },
      });
      expect(desk.control.now).toBeLessThan(from + 48 * 3_600_000 * 2);
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 680_000);
