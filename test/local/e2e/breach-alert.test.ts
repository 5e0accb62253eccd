import { projectAssembly } from './assembly-copy.ts';
import { type Json, type OutboxItem, RunningDesk, stopDesks, subscribe } from './running-desk.ts';

/**
 * One unanswered ticket and one subscription: one alert, in time, whatever is repeated or dies on the way. Each test takes
 * another ticket of the same desk, which stays as it is otherwise.
 */
let desk: RunningDesk;

beforeAll(async () => {
  desk = await RunningDesk.start(await projectAssembly(), Date.UTC(2026, 2, 2, 9));
  await subscribe(desk);
}, 480_000);
afterAll(stopDesks);
afterEach(() => desk.as('admin', '/_local/faults', { method: 'DELETE' }));

const inTimeMs = 5_000;

/** Everything that can come twice does: each delivery of both streams, and each message of the queues. */
const repeatEverything = async (): Promise<void> => {
  for (const target of ['stream:alerts', 'stream:kpi', 'queue']) await desk.fault(target, 'duplicate', 100_000);
};

/** Lets the first response of a new ticket run out, and ten minutes pass after it. */
const breach = async (): Promise<{ id: string; due: number; items: readonly OutboxItem[] }> => {
  const { id, due } = await desk.soonOverdue();
  await desk.timeTo(due + 10 * 60_000);
  return { id, due, items: (await desk.outbox()).filter(({ ticketId }) => ticketId === id) };
};

const late = (item: OutboxItem | undefined, due: number): number => Date.parse(item?.deliveredAt ?? '') - due;

const breachEvents = async (ticketId: string): Promise<readonly Json[]> => {
  const { items } = await desk.ask(`/v1/tickets/${ticketId}/timeline`);
  return items.filter(({ type }: { type: string }) => type === 'sla.breached');
};

const deliveriesOf = async (ticketId: string): Promise<readonly Json[]> => {
  const alerts = (await desk.ask('/v1/alerts')).items.filter(
    (alert: { ticketId: string }) => alert.ticketId === ticketId,
  );
  expect(alerts).toHaveLength(1);
  return alerts[0].deliveries;
};

it('is told exactly once within 5 s, with everything repeated and the worker killed between commit and publish', async () => {
  await repeatEverything();
  await desk.fault('sns', 'crash-before', 1);
  const { id, due, items } = await breach();
  expect(items).toHaveLength(1);
  expect(late(items[0], due)).toBeGreaterThanOrEqual(0);
  expect(late(items[0], due)).toBeLessThanOrEqual(inTimeMs);
  expect(await breachEvents(id)).toMatchObject([
    { at: new Date(due).toISOString(), data: { metric: 'firstResponse', cycle: 1 } },
  ]);
  // The first attempt died with its worker.
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'published', attempts: 2 }]);
  const applied = await desk.applied();
  expect(applied['sns crash-before']).toBe(1);
  for (const name of ['stream:alerts duplicate', 'stream:kpi duplicate', 'queue duplicate'])
    expect(applied[name]).toBeGreaterThan(0);
}, 240_000);

it('is told twice at most, as the same alert, when the worker is killed between publish and mark', async () => {
  await repeatEverything();
  await desk.fault('sns', 'crash-after', 1);
  const { id, due, items } = await breach();
  expect(items.length).toBeGreaterThanOrEqual(1);
  expect(items.length).toBeLessThanOrEqual(2);
  expect(new Set(items.map(({ alertId }) => alertId)).size).toBe(1);
  expect(late(items[0], due)).toBeLessThanOrEqual(inTimeMs);
  expect(await breachEvents(id)).toHaveLength(1);
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'published' }]);
  expect((await desk.applied())['sns crash-after']).toBe(1);
}, 240_000);

it('is told within 65 s when the worker dies that was to record the breach', async () => {
  const { id, due } = await desk.soonOverdue();
  await desk.timeTo(due - 5_000);
  await desk.fault('queue', 'crash-before', 1);
  await desk.timeTo(due + 10 * 60_000);
  const items = (await desk.outbox()).filter(({ ticketId }) => ticketId === id);
  expect(items).toHaveLength(1);
  expect(late(items[0], due)).toBeLessThanOrEqual(65_000);
  expect((await desk.applied())['queue crash-before']).toBe(1);
}, 240_000);

it.each([
  ['stream:alerts', 'crash-before'],
  ['stream:alerts', 'crash-after'],
  ['stream:alerts', 'throttle'],
  ['queue', 'crash-after'],
  ['sns', 'throttle'],
  ['dynamodb', 'conflict'],
])(
  'is told exactly once within 5 s although %s suffers %s',
  async (target, fault) => {
    const { id, due } = await desk.soonOverdue();
    await desk.timeTo(due - 5_000);
    await desk.fault(target, fault, 1);
    await desk.timeTo(due + 20 * 60_000);
    const items = (await desk.outbox()).filter(({ ticketId }) => ticketId === id);
    expect(items).toHaveLength(1);
    expect(late(items[0], due)).toBeLessThanOrEqual(inTimeMs);
    expect(await breachEvents(id)).toHaveLength(1);
    expect((await desk.applied())[`${target} ${fault}`]).toBe(1);
  },
  240_000,
);
