import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AlertStore } from '../../functions/alerts/index.ts';
import { raise, startEngine, table, TestClock } from './alert-world.ts';
import { dueItems, subscribeTo, untilNothingIsDue } from './parcel-world.ts';
import { type Publication, Worker } from './worker.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
let clock: TestClock;
let publications: Publication[];
beforeEach(async () => {
  ({ client, stop } = await startEngine());
  clock = new TestClock();
  publications = [];
});
afterEach(() => stop());

const store = () => new AlertStore({ client, table, clock, hints: { afterCommit: async () => undefined } });
const tell = async (change: Parameters<typeof raise>[2] = {}) => {
  const { alertId } = await raise(client, clock, change);
  await new Worker({ client, clock, stage: [], publications }).project(alertId);
  return alertId;
};
const finish = () => untilNothingIsDue(client, clock, publications);
const textAttribute = (publication: Publication | undefined, name: string) =>
  publication?.input.MessageAttributes?.[name]?.StringValue;
const times = () => publications.map(({ at }) => new Date(at).toISOString());

// The clock stands at 2026-03-01T09:32:05Z, a Sunday, 10:32:05 in Berlin.
const night = { timezone: 'Europe/Berlin', from: '22:00', to: '07:00', days: [], except: [] };
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

it('quiet hours hold an alert back until they end, and let through what they except', async () => {
  await subscribeTo(client, 'sub_QUIET', { quietHours: { ...night, days: [...everyDay], except: ['critical'] } });
  clock.advance(12 * 3600); // 22:32:05 in Berlin
  const held = await tell({ priority: 'high' });
  const urgent = await tell({ priority: 'critical' });
  expect(publications.map((one) => textAttribute(one, 'alertId'))).toEqual([urgent]);
  expect((await store().find(held))?.deliveries).toMatchObject([
    { state: 'waiting', attempts: 0, notBefore: '2026-03-02T06:00:00.000Z' },
  ]);
  expect(await finish()).toBeLessThanOrEqual(2);
  expect(publications.map((one) => textAttribute(one, 'alertId'))).toEqual([urgent, held]);
  expect(times()[1]).toBe('2026-03-02T06:00:00.000Z');
  expect(await store().find(held)).toMatchObject({
    alert: { state: 'delivered' },
    deliveries: [{ state: 'published', attempts: 1 }],
  });
});

it('several of a night are one summary, the most severe first; its alerts are not looked at every 15 minutes', async () => {
  await subscribeTo(client, 'sub_QUIET', { quietHours: { ...night, days: [...everyDay] } });
  clock.advance(12 * 3600);
  const ids = [
    await tell({ priority: 'low', number: 'T-1' }),
    await tell({ priority: 'critical', number: 'T-2', customerName: 'Acme' }),
  ];
  expect((await dueItems(client)).map(({ dueAt }) => new Date(dueAt).toISOString())).toEqual([
    '2026-03-02T06:00:00.000Z',
    '2026-03-02T06:02:00.000Z',
    '2026-03-02T06:02:00.000Z',
  ]);
  await finish();
  expect(publications).toHaveLength(1);
  const [summary] = publications;
  expect(summary?.input.Subject).toBe('[critical] 2 alerts: 1 critical, 1 low');
  expect(summary?.input.Message).toMatch(/CRITICAL T-2 first response overdue since[^\n]*\(Acme\)\nLOW T-1 /);
  const summaryId = textAttribute(summary, 'summaryId');
  for (const id of ids) {
    expect(await store().find(id)).toMatchObject({
      alert: { state: 'delivered' },
      deliveries: [{ state: 'summarised', attempts: 1, summaryId }],
    });
  }
});

it.each([
  ['hourly', null, '2026-03-01T10:00:00.000Z'],
  ['daily', null, '2026-03-02T08:00:00.000Z'],
  ['daily', { time: '11:00', timezone: 'Europe/Berlin' }, '2026-03-01T10:00:00.000Z'],
  ['daily', { time: '08:00', timezone: 'Europe/Berlin' }, '2026-03-02T07:00:00.000Z'],
] as const)('a digest that is %s (%j) goes out at %s', async (digest, digestAt, expected) => {
  await subscribeTo(client, 'sub_DIGEST', { digest, digestAt });
  await tell();
  await tell();
  await finish();
  expect(times()).toEqual([expected]);
});

it('more than 20 alerts in a minute: the others come as one summary at the end of a quarter of it', async () => {
  await subscribeTo(client, 'sub_FLOOD');
  for (let count = 0; count < 30; count += 1) await tell({ priority: 'normal', number: `T-${count}` });
  expect(publications).toHaveLength(20);
  await finish();
  expect(publications).toHaveLength(21);
  expect(times()[20]).toBe('2026-03-01T09:32:15.000Z');
  expect(publications[20]?.input.Message).toContain('10 alerts in one message: 10 normal.');
  clock.advance(60);
  await tell();
  expect(publications).toHaveLength(22);
});

it('a subscription without quiet hours has its say when it shares the address', async () => {
  await subscribeTo(client, 'sub_QUIET', { quietHours: { ...night, days: [...everyDay] } });
  await subscribeTo(client, 'sub_SAME');
  const same = { PK: 'SUBSCRIPTIONS', SK: 'sub_SAME' };
  const { UpdateCommand } = await import('@aws-sdk/lib-dynamodb');
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: same,
      UpdateExpression: 'SET route = :route',
      ExpressionAttributeValues: { ':route': 'sub_QUIET' },
    }),
  );
  clock.advance(12 * 3600);
  await tell();
  expect(publications).toHaveLength(1);
});

it('an alert that comes after its parcel was closed goes out with the next portion, at once', async () => {
  await subscribeTo(client, 'sub_DIGEST', { digest: 'hourly' });
  await tell();
  const late = await raise(client, clock);
  const behind = new TestClock();
  clock.advance(28 * 60);
  for (const { pk } of (await dueItems(client)).filter((one) => one.pk.startsWith('PCL#')))
    await new Worker({ client, clock, stage: [], publications }).attendParcel(pk);
  expect(publications).toHaveLength(1);
  // Its writer thinks that it is still before ten.
  await new Worker({ client, clock: behind, stage: [], publications }).project(late.alertId);
  await finish();
  expect(publications.map((one) => textAttribute(one, 'alertId'))[1]).toBe(late.alertId);
  expect(publications).toHaveLength(2);
  expect((await store().find(late.alertId))?.alert.state).toBe('delivered');
});

it('a portion whose answer was lost goes out again as it was, though more came meanwhile', async () => {
  await subscribeTo(client, 'sub_DIGEST', { digest: 'hourly' });
  await tell({ number: 'T-1' });
  await tell({ number: 'T-2' });
  const late = await raise(client, clock, { number: 'T-3' });
  const behind = new TestClock();
  clock.advance(28 * 60);
  const pk = (await dueItems(client)).find((one) => one.pk.startsWith('PCL#'))?.pk ?? '';
  // Find, take, entries, seal, state, attempt, publish.
  const fault = { call: 7, when: 'after' as const, kind: 'refuse' as const };
  await new Worker({ client, clock, stage: [], publications, fault }).attendParcel(pk);
  expect(publications).toHaveLength(1);
  await new Worker({ client, clock: behind, stage: [], publications }).project(late.alertId);
  await finish();
  expect(publications.map((one) => textAttribute(one, 'alertId') ?? textAttribute(one, 'summaryId'))).toEqual([
    textAttribute(publications[0], 'summaryId'),
    textAttribute(publications[0], 'summaryId'),
    late.alertId,
  ]);
  expect(publications[1]?.input.Message).toBe(publications[0]?.input.Message);
});

it('a burst costs few calls an alert (10,000 of them: parcels.long.test.ts)', async () => {
  await subscribeTo(client, 'sub_FLOOD');
  const burst = 300;
  const ids: string[] = [];
  for (let count = 0; count < burst; count += 1) ids.push((await raise(client, clock, { priority: 'normal' })).alertId);
  const worker = new Worker({ client, clock, stage: [], publications });
  for (const id of ids) await worker.project(id);
  const filling = worker.calls / burst;
  expect(filling).toBeLessThan(5);
  expect(publications).toHaveLength(20);
  clock.advance(60);
  const sender = new Worker({ client, clock, stage: [], publications });
  for (const { pk } of (await dueItems(client)).filter((one) => one.pk.startsWith('PCL#')))
    await sender.attendParcel(pk);
  expect(publications).toHaveLength(21);
  // Of each alert: its delivery is marked, it is read with its deliveries, and it is closed.
  expect(sender.calls / burst).toBeLessThan(3.1);
  expect(await dueItems(client)).toEqual([]);
});

it('an alert whose second delivery was never written is not closed by the parcel of the first one', async () => {
  await subscribeTo(client, 'sub_ONE', { digest: 'hourly' });
  await subscribeTo(client, 'sub_TWO', { digest: 'hourly' });
  // Both parcels are there.
  await tell();
  const { alertId } = await raise(client, clock);
  const routes = async () => (await store().find(alertId))?.deliveries.map(({ route }) => route) ?? [];
  // Dies at one call after the other, until it has written one delivery of the two.
  for (let call = 1; (await routes()).length < 1; call += 1) {
    let last: Promise<void> = Promise.resolve();
    const turn = (run: () => Promise<void>) => (last = last.then(run));
    const fault = { call, when: 'after', kind: 'crash' } as const;
    await new Worker({ client, clock, stage: [], publications, fault, turn }).project(alertId).catch(() => undefined);
  }
  const [written = ''] = await routes();
  expect(await routes()).toHaveLength(1);
  clock.advance(3600);
  const parcel = { client, clock, stage: [], publications };
  await new Worker(parcel).attendParcel(`PCL#${written}#2026-03-01T10:00:00.000Z`);
  expect(await store().find(alertId)).toMatchObject({
    alert: { state: 'raised' },
    deliveries: [{ state: 'summarised' }],
  });
  await finish();
  expect([...(await routes())].sort()).toEqual(['sub_ONE', 'sub_TWO']);
  expect(new Set(publications.map(({ route }) => route))).toEqual(new Set(['sub_ONE', 'sub_TWO']));
  expect((await store().find(alertId))?.alert.state).toBe('delivered');
});
