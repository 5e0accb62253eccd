import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { putBack } from '../../bin/redrive/main.ts';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { AlertStore } from '../../functions/alerts/index.ts';
import { raise, startEngine as startAlertEngine, table, TestClock } from '../alerts/alert-world.ts';
import { type Publication, Worker } from '../alerts/worker.ts';
import { eventsOf, expectFigures, story } from '../kpis/any-order.ts';
import { deliverAll, type Engine, type KpiDesk, kpiDesk, record, startEngine } from '../kpis/kpi-desk.ts';
import { keptObject, MemoryCloud } from './memory-cloud.ts';

/**
 * Histories of which the readers gave up some records, put back at any time between the later ones: what is projected in the end is
 * what it would be if nothing had ever failed.
 */
const quiet = { say: () => undefined, complain: () => undefined };
const redrive = async (memory: MemoryCloud, most: number, functions: Parameters<typeof putBack>[0]['functions']) =>
  expect(await putBack({ ...memory.run(), functions }, { stage: 'dev', most }, 'all', quiet)).toBe(true);

const plan = fc.record({
  /** Which records are given up, by their place. */
  givenUp: fc.array(fc.constantFrom(false, false, true), { minLength: 60, maxLength: 60 }),
  /** What comes next: so many records of the stream, or so many objects put back. */
  steps: fc.array(
    fc.record({ kind: fc.constantFrom('stream', 'stream', 'redrive'), count: fc.integer({ min: 1, max: 6 }) }),
    { maxLength: 12 },
  ),
  uuids: fc.array(fc.uuid(), { minLength: 60, maxLength: 60 }),
});

/** Plays a stream of things by a plan: each is taken, or given up and put back at some time later. */
const play = async <Item>(
  items: readonly Item[],
  { givenUp, steps, uuids }: typeof plan extends fc.Arbitrary<infer P> ? P : never,
  acts: { take(item: Item): Promise<void>; payload(item: Item): string; takePayload(payload: string): Promise<string> },
): Promise<number> => {
  const memory = new MemoryCloud({});
  let next = 0;
  let lost = 0;
  const stream = async (count: number): Promise<void> => {
    for (const end = Math.min(items.length, next + count); next < end; next += 1) {
      const item = items[next];
      if (item === undefined) return;
      if (givenUp[next % givenUp.length] !== true) {
        await acts.take(item);
        continue;
      }
      lost += 1;
      const kept = keptObject({
        sequence: BigInt(next + 1),
        at: Date.UTC(2026, 0, 5) + next * 300,
        id: uuids[next % uuids.length] ?? '',
        payload: acts.payload(item),
      });
      memory.objects.set(kept.key, kept.text);
    }
  };
  const functions = {
    invoke: async (_name: string, payload: string) =>
      ({ kind: 'answered', payload: await acts.takePayload(payload) }) as const,
  };
  for (const { kind, count } of steps) await (kind === 'stream' ? stream(count) : redrive(memory, count, functions));
  await stream(items.length);
  await redrive(memory, Infinity, functions);
  expect(memory.objects.size).toBe(0);
  return lost;
};

describe('facts, rows and figures', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  /** The ticket's head of each event, behind the event: as a commit writes them. */
  const withHeads = (events: readonly DynamoDBRecord[]): readonly DynamoDBRecord[] =>
    events.flatMap((event, index) => {
      const { PK, version } = event.dynamodb?.NewImage ?? {};
      const id = String(PK?.S).slice('TKT#'.length);
      const head = record({
        PK: PK?.S,
        SK: 'T',
        id,
        version: Number(version?.N),
        updatedAt: new Date(Date.UTC(2016, 0, 1) + index * 1000).toISOString(),
        teamId: index % 3 === 0 ? null : `tem_${index % 3}`,
        subject: `state ${index}`,
      });
      return [event, head];
    });

  const projected = async (desk: KpiDesk): Promise<readonly unknown[]> => {
    const facts = (await desk.items(desk.names.kpis)).filter(({ PK }) => PK.startsWith('F#'));
    const rows = await desk.items(desk.names.lists);
    // In which groups a fact ever was is kept for the marks only: what was never taken has left none.
    const plain = facts.map(({ groups: _groups, ...fact }) => fact);
    const key = ({ PK, SK }: Record<string, unknown>) => `${String(PK)} ${String(SK)}`;
    return [...plain, ...rows].toSorted((one, other) => key(one).localeCompare(key(other)));
  };

  it('are those of a history without failure', async () => {
    let lost = 0;
    await fc.assert(
      fc.asyncProperty(story, plan, async (one, how) => {
        const { records: events, standing } = eventsOf(one);
        const records = withHeads(events);
        const smooth = await kpiDesk(engine, one.zone);
        await deliverAll(smooth, records);

        const desk = await kpiDesk(engine, one.zone);
        lost += await play(records, how, {
          take: (item) => deliverAll(desk, [item]),
          payload: (item) => JSON.stringify({ Records: [item] }),
          takePayload: async (payload) => JSON.stringify(await desk.deliver(JSON.parse(payload).Records)),
        });
        expect(await projected(desk)).toEqual(await projected(smooth));
        desk.control.now += 200_000;
        expect(await desk.rollUp()).toMatchObject({ ran: true, failed: 0, more: false });
        await expectFigures(desk, one.zone, standing);
      }),
      { numRuns: 10 },
    );
    expect(lost).toBeGreaterThan(10);
  }, 720_000);
});

describe('alerts and deliveries', () => {
  let client: DynamoDBDocumentClient;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ client, stop } = await startAlertEngine());
  });
  afterAll(() => stop());

  const filter = { severity: [], kind: [], teamId: [], customerId: [] };
  const stage: readonly StageRecipient[] = [
    { id: 'sub_stage_email', channel: 'email', target: 'a@desk.example', filter },
    { id: 'sub_stage_sms', channel: 'sms', target: '+491511234567', filter },
  ];

  it('are each told once, by the stream, the due index or what was put back, whoever comes first', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        plan,
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        async (count, how, dueFirst) => {
          const clock = new TestClock();
          // Each run has minutes of its own: more than twenty alerts of one minute go out as one summary.
          clock.advance((runs += 1) * 600);
          const publications: Publication[] = [];
          const alerts: string[] = [];
          for (let index = 0; index < count; index += 1) alerts.push((await raise(client, clock)).alertId);
          // The due index has taken over some of what was given up.
          clock.advance(61);
          const worker = () => new Worker({ client, clock, stage, publications });
          for (const [index, alertId] of alerts.entries()) if (dueFirst[index]) await worker().attend(alertId);
          await play(alerts, how, {
            take: (alertId) => worker().project(alertId),
            payload: (alertId) => alertId,
            takePayload: async (alertId) => {
              await worker().project(alertId);
              return '{"batchItemFailures":[]}';
            },
          });
          const store = new AlertStore({ client, table, clock, hints: { afterCommit: async () => undefined } });
          for (const alertId of alerts) {
            const found = await store.find(alertId);
            expect(found?.alert.state).toBe('delivered');
            expect(found?.deliveries.map(({ state }) => state)).toEqual(['published', 'published']);
            const told = publications
              .filter(({ input }) => input.MessageAttributes?.['alertId']?.StringValue === alertId)
              .map(({ route }) => route);
            expect(told.toSorted()).toEqual(['sub_stage_email', 'sub_stage_sms']);
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 480_000);
});
