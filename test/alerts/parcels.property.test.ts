import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { severities } from '../../functions/alerts/domain/alert.ts';
import type { Delivery } from '../../functions/alerts/domain/delivery.ts';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { AlertStore } from '../../functions/alerts/index.ts';
import { raise, startEngine, table, TestClock } from './alert-world.ts';
import { dueItems, everything, subscribeTo, untilNothingIsDue } from './parcel-world.ts';
import { type Fault, type Publication, Worker } from './worker.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
/** Quiet from 22 to 7 in Berlin, but for what is critical. */
const quietHours = {
  timezone: 'Europe/Berlin',
  from: '22:00',
  to: '07:00',
  days: [...(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const)],
  except: [...(['critical'] as const)],
};
beforeAll(async () => {
  ({ client, stop } = await startEngine());
  await subscribeTo(client, 'sub_QUIET', { quietHours });
  await subscribeTo(client, 'sub_HOURLY', { digest: 'hourly' });
});
afterAll(() => stop());
const stage: readonly StageRecipient[] = [
  { id: 'sub_stage_email', channel: 'email', target: 'a@desk.example', filter: everything },
];
const routes = ['sub_HOURLY', 'sub_QUIET', 'sub_stage_email'];

const fault: fc.Arbitrary<Fault> = fc.record({
  call: fc.integer({ min: 1, max: 40 }),
  when: fc.constantFrom('before', 'after'),
  kind: fc.constantFrom('crash', 'refuse'),
});
const struck = fc.option(fault, { nil: null, freq: 3 });
/** Alerts come, the owners look at one of them or at what is due, time passes. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('alerts' as const),
      count: fc.constantFrom(1, 1, 2, 25),
      severity: fc.constantFrom(...severities),
      fault: struck,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('again' as const),
      index: fc.nat(),
      owner: fc.constantFrom('stream', 'due'),
      fault: struck,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('due' as const),
      minutes: fc.constantFrom(0, 1, 2, 20, 60, 300),
      fault: struck,
    }),
  },
);

let days = 0;
const freshClock = (): TestClock => {
  const clock = new TestClock();
  // Ten hours on it is night in Berlin.
  clock.advance(86_400 * 3 * (days += 1) + (days % 2) * 12 * 3600);
  return clock;
};

/** Published, but the worker was struck before the mark was written: only these may be published again. */
const excused = ({ worker, marked }: Publication): boolean => worker.faulted && !marked;
const attribute = ({ input }: Publication, name: string): string | undefined =>
  input.MessageAttributes?.[name]?.StringValue;
const hourInBerlin = (at: number): number =>
  Number(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: '2-digit', hourCycle: 'h23' }).format(at));
const quietAt = (at: number): boolean => hourInBerlin(at) >= 22 || hourInBerlin(at) < 7;

interface Told {
  readonly alertId: string;
  readonly delivery: Delivery;
}

/** What subscribers have in their hands, beside what the desk believes. */
const expectToldOnce = (told: readonly Told[], publications: readonly Publication[]): void => {
  for (const { alertId, delivery } of told) {
    const { route, state, summaryId } = delivery;
    const alone = publications.filter((one) => one.route === route && attribute(one, 'alertId') === alertId);
    const together = publications.filter(
      (one) => one.route === route && summaryId !== undefined && attribute(one, 'summaryId') === summaryId,
    );
    const counted = state === 'published' ? alone : together;
    expect([state, counted.length > 0, counted.filter((one) => !excused(one)).length]).toEqual([state, true, 1]);
    if (state === 'summarised') expect(alone.filter((one) => !excused(one))).toEqual([]);
  }
  for (const publication of publications) {
    const summaryId = attribute(publication, 'summaryId');
    if (summaryId === undefined) continue;
    const members = told.filter(
      ({ delivery }) => delivery.route === publication.route && delivery.summaryId === summaryId,
    );
    expect(publication.input.Message).toMatch(new RegExp(`^${members.length} alerts in one message`));
  }
};

it('whatever comes and fails when: every alert is told once, alone or in a summary, and nothing in quiet hours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const clock = freshClock();
      const publications: Publication[] = [];
      const severityOf = new Map<string, string>();
      const worker = (injected: Fault | null) => new Worker({ client, clock, stage, publications, fault: injected });
      const run = async (work: Promise<void>): Promise<void> => work.catch(() => undefined);
      for (const one of steps) {
        if (one.what === 'alerts') {
          const stream = worker(one.fault);
          for (let count = 0; count < one.count; count += 1) {
            const { alertId } = await raise(client, clock, { priority: one.severity });
            severityOf.set(alertId, one.severity);
            await run(stream.project(alertId));
          }
        } else if (one.what === 'again') {
          const id = [...severityOf.keys()][one.index % Math.max(1, severityOf.size)];
          if (id === undefined) continue;
          const again = worker(one.fault);
          await run(one.owner === 'stream' ? again.project(id) : again.attend(id));
        } else {
          clock.advance(one.minutes * 60);
          const due = worker(one.fault);
          for (const { pk, dueAt } of await dueItems(client)) {
            if (dueAt > clock.now()) break;
            await run(pk.startsWith('ALT#') ? due.attend(pk.slice(4)) : due.attendParcel(pk));
          }
        }
      }
      await untilNothingIsDue(client, clock, publications, stage);
      const store = new AlertStore({ client, table, clock, hints: { afterCommit: async () => undefined } });
      const told: Told[] = [];
      for (const alertId of severityOf.keys()) {
        const found = await store.find(alertId);
        expect(found?.alert.state).toBe('delivered');
        expect(found?.deliveries.map(({ route }) => route).sort()).toEqual(routes);
        told.push(...(found?.deliveries ?? []).map((delivery) => ({ alertId, delivery })));
      }
      expectToldOnce(told, publications);
      for (const one of publications.filter(({ route, at }) => route === 'sub_QUIET' && quietAt(at))) {
        expect([attribute(one, 'severity'), /\b(high|normal|low)\b/.test(one.input.Subject ?? '')]).toEqual([
          'critical',
          false,
        ]);
      }
    }),
    { numRuns: 25 },
  );
}, 480_000);

/** Both owners of alerts and two lives that send parcels, call by call in any order, around the instant at which a parcel is due. */
it('whoever fills and whoever sends at once, nothing is lost in a parcel that is being closed, and nothing is sent twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.option(fault, { nil: null }),
      fc.option(fault, { nil: null, freq: 1 }),
      fc.nat(12),
      async (scheduler, injected, struckSender, headStart) => {
        const clock = freshClock();
        const publications: Publication[] = [];
        const turn = scheduler.scheduleFunction((call: () => Promise<void>) => call());
        const quick = () => new Worker({ client, clock, stage, publications });
        const slow = (struckBy: Fault | null = null) =>
          new Worker({ client, clock, stage, publications, turn, fault: struckBy });
        const first = await raise(client, clock);
        await quick().project(first.alertId);
        const others = [await raise(client, clock), await raise(client, clock)];
        // What was put into the hourly parcel is due; the others are put into the one that is being sent.
        const partition = (await dueItems(client)).find(({ pk }) => pk.startsWith('PCL#sub_HOURLY#'));
        if (partition === undefined) throw new Error('no parcel');
        const early = clock.now();
        const late = partition.dueAt - early;
        const fillers = others.map(({ alertId }, index) => slow(index === 0 ? injected : null).project(alertId));
        for (let call = 0; call < headStart && scheduler.count() > 0; call += 1) await scheduler.waitOne();
        clock.advance(late / 1000);
        const senders = [struckSender, null].map((one) => slow(one).attendParcel(partition.pk));
        await scheduler.waitFor(Promise.allSettled([...fillers, ...senders]));
        await untilNothingIsDue(client, clock, publications, stage);
        const store = new AlertStore({ client, table, clock, hints: { afterCommit: async () => undefined } });
        const told: Told[] = [];
        for (const { alertId } of [first, ...others]) {
          const found = await store.find(alertId);
          expect(found?.alert.state).toBe('delivered');
          told.push(...(found?.deliveries ?? []).map((delivery) => ({ alertId, delivery })));
        }
        expect(told).toHaveLength(9);
        expectToldOnce(told, publications);
      },
    ),
    { numRuns: 60 },
  );
}, 480_000);
