import { createHmac } from 'node:crypto';
import { projectAssembly } from './assembly-copy.ts';
import { type Json, type OutboxItem, RunningDesk, stopDesks } from './running-desk.ts';

/** Webhooks of the desk as it is deployed, on a machine whose internet is the outbox. */
let desk: RunningDesk;
let secret: string;
const target = 'https://hooks.example.com/alerts?key=1';

beforeAll(async () => {
  desk = await RunningDesk.start(await projectAssembly(), Date.UTC(2026, 2, 2, 9));
  ({ secret } = await desk.ask('/v1/alert-subscriptions', { channel: 'webhook', target }));
}, 480_000);
afterAll(stopDesks);
afterEach(() => desk.as('admin', '/_local/faults', { method: 'DELETE' }));

type Shown = OutboxItem & { readonly text: string; readonly attributes: Readonly<Record<string, string>> };

const breach = async (minutes = 10): Promise<{ id: string; items: readonly Shown[] }> => {
  const { id, due } = await desk.soonOverdue();
  await desk.timeTo(due + minutes * 60_000);
  const items = (await desk.outbox()) as readonly Shown[];
  return { id, items: items.filter(({ text }) => text.includes(id)) };
};
const deliveriesOf = async (ticketId: string): Promise<Json> =>
  (await desk.ask(`/v1/alerts?ticketId=${ticketId}`)).items[0].deliveries;

it('ends in the outbox, with its signature', async () => {
  const { id, items } = await breach();
  expect(items).toHaveLength(1);
  const [item] = items;
  expect(item).toMatchObject({ kind: 'webhook', to: target, ticketId: id, alertId: expect.stringMatching(/^alt_/) });
  const { 'x-desk-timestamp': timestamp, 'x-desk-signature': signature } = item?.attributes ?? {};
  const expected = createHmac('sha256', secret).update(`${timestamp}.${item?.text}`).digest('hex');
  expect(signature).toBe(`v1=${expected}`);
  expect(item?.attributes).not.toHaveProperty('authorization');
  expect(await deliveriesOf(id)).toMatchObject([{ channel: 'webhook', state: 'published', attempts: 1 }]);
}, 240_000);

it('a server that is busy gets it again', async () => {
  await desk.fault('webhook', 'throttle', 2);
  const { id, items } = await breach();
  expect(items).toHaveLength(1);
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'published', attempts: 3 }]);
}, 240_000);

it.each([
  ['crash-before', 1],
  ['crash-after', 2],
] as const)(
  'a worker that dies at it (%s) repeats it as the same alert',
  async (fault, copies) => {
    await desk.fault('webhook', fault, 1);
    const { id, items } = await breach();
    expect(items.length).toBeGreaterThanOrEqual(1);
    expect(items.length).toBeLessThanOrEqual(copies);
    expect(new Set(items.map(({ alertId }) => alertId)).size).toBe(1);
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'published' }]);
  },
  240_000,
);

it('an hourly digest of several alerts is one text', async () => {
  const made = await desk.ask('/v1/alert-subscriptions', {
    channel: 'slack',
    target: 'https://hooks.slack.com/services/T/B/x',
    digest: 'hourly',
  });
  const hour = 3_600_000;
  const now = await desk.now();
  // Both deadlines, minutes from now, are to fall into one hour.
  if (now % hour > 0.75 * hour) await desk.timeTo(Math.ceil(now / hour) * hour + 60_000);
  const tickets = [await desk.soonOverdue(), await desk.soonOverdue()];
  await desk.timeTo(Math.ceil(Math.max(...tickets.map(({ due }) => due)) / hour) * hour + 2 * 60_000);
  const items = ((await desk.outbox()) as readonly Shown[]).filter(({ to }) => to.includes('slack'));
  expect(items).toHaveLength(1);
  expect(items[0]?.deliveredAt).toMatch(/:00:0\d\.\d+Z$/);
  for (const { id } of tickets) {
    const states = (await deliveriesOf(id)).filter((one: Json) => one.subscriptionId === made.id);
    expect(states).toMatchObject([{ state: 'summarised', summaryId: expect.stringMatching(/^pcl_/) }]);
  }
}, 240_000);
