import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { AlertStore } from '../../functions/alerts/index.ts';
import { raise, startEngine, table, TestClock } from './alert-world.ts';
import { type Fault, type Publication, Worker } from './worker.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ client, stop } = await startEngine());
});
afterAll(() => stop());

const everything = { severity: [], kind: [], teamId: [], customerId: [] };
const stage: readonly StageRecipient[] = [
  { id: 'sub_stage_email', channel: 'email', target: 'a@desk.example', filter: everything },
  { id: 'sub_stage_sms', channel: 'sms', target: '+491511234567', filter: everything },
  { id: 'sub_stage_other', channel: 'email', target: 'b@desk.example', filter: { ...everything, severity: ['low'] } },
];

/** Two subscriptions of one address, made by the API. */
const ownRoute = 'sub_OWN';
beforeAll(async () => {
  for (const id of ['sub_ONE', 'sub_TWO']) {
    const Item = {
      PK: 'SUBSCRIPTIONS',
      SK: id,
      id,
      channel: 'email',
      target: 'c@desk.example',
      route: ownRoute,
      filter: everything,
      state: 'live',
      createdAt: '2026-01-01T00:00:00.000Z',
      version: 1,
    };
    await client.send(new PutCommand({ TableName: table, Item }));
  }
});
const routes = [ownRoute, 'sub_stage_email', 'sub_stage_sms'];

const fault: fc.Arbitrary<Fault> = fc.record({
  call: fc.integer({ min: 1, max: 24 }),
  when: fc.constantFrom('before', 'after'),
  kind: fc.constantFrom('crash', 'refuse'),
});
const run = fc.record({
  owner: fc.constantFrom('stream', 'due'),
  fault: fc.option(fault, { nil: null, freq: 4 }),
  secondsLater: fc.integer({ min: 0, max: 130 }),
});

/** Each run has a day of its own: more than 20 alerts a minute for one address would become a summary, see parcels.property.test.ts. */
let days = 0;
const freshClock = (): TestClock => {
  const clock = new TestClock();
  clock.advance(3600 * 24 * (days += 1));
  return clock;
};

const store = (clock: TestClock) =>
  new AlertStore({ client, table, clock, hints: { afterCommit: async () => undefined } });

/** The due index comes back until the alert is closed. */
const finish = async (alertId: string, clock: TestClock, publications: Publication[]): Promise<string> => {
  const alerts = store(clock);
  for (let look = 0; look < 5; look += 1) {
    const state = (await alerts.find(alertId))?.alert.state;
    if (state !== 'raised') return String(state);
    clock.advance(15 * 60);
    await new Worker({ client, clock, stage, publications }).attend(alertId);
  }
  return 'raised';
};

/** Published, but the worker was struck before the mark was written: only these may be published again. */
const excused = ({ worker, route }: Publication): boolean => worker.faulted && !worker.marked.has(route);

const expectDelivered = (alertId: string, publications: readonly Publication[]): void => {
  expect(publications.map(({ input }) => input.MessageAttributes?.['alertId']?.StringValue)).toEqual(
    publications.map(() => alertId),
  );
  const counts = Map.groupBy(publications, ({ route }) => route);
  expect([...counts.keys()].sort()).toEqual(routes);
  const unexcused = routes.map((route) => counts.get(route)?.filter((one) => !excused(one)).length);
  expect(unexcused).toEqual(routes.map(() => 1));
};

it('every endpoint is told once, again only after a crash between publish and mark, whatever fails when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 6 }), async (runs) => {
      const clock = freshClock();
      const publications: Publication[] = [];
      const { alertId } = await raise(client, clock);
      for (const { owner, fault: injected, secondsLater } of runs) {
        clock.advance(secondsLater);
        const worker = new Worker({ client, clock, stage, publications, fault: injected });
        await (owner === 'stream' ? worker.project(alertId) : worker.attend(alertId)).catch(() => undefined);
      }
      expect(await finish(alertId, clock, publications)).toBe('delivered');
      expectDelivered(alertId, publications);
    }),
    { numRuns: 100 },
  );
}, 480_000);

it('both owners at once, interleaved call by call, tell every endpoint once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.option(fault, { nil: null }),
      fc.nat(16),
      async (scheduler, injected, headStart) => {
        const clock = freshClock();
        const publications: Publication[] = [];
        const { alertId } = await raise(client, clock);
        clock.advance(61);
        const turn = scheduler.scheduleFunction((call: () => Promise<void>) => call());
        const stream = new Worker({ client, clock, stage, publications, turn, fault: injected });
        const due = [0, 1].map(() => new Worker({ client, clock, stage, publications, turn }));
        const attendLater = async (worker: Worker) => {
          for (let call = 0; call < headStart; call += 1) await turn(async () => undefined);
          await worker.attend(alertId);
        };
        const all = [stream.project(alertId), ...due.map(attendLater)];
        await scheduler.waitFor(Promise.allSettled(all));
        if (injected === null) expect((await store(clock).find(alertId))?.alert).toMatchObject({ state: 'delivered' });
        expect(await finish(alertId, clock, publications)).toBe('delivered');
        expectDelivered(alertId, publications);
      },
    ),
    { numRuns: 100 },
  );
}, 480_000);
