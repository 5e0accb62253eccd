import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { raise, startEngine, TestClock } from './alert-world.ts';
import { dueItems, noting, subscribeTo } from './parcel-world.ts';
import { type Publication, Worker } from './worker.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ client, stop } = await startEngine());
});
afterAll(() => stop());

it('a burst of 10,000 alerts costs few calls each, and one summary is done within a few looks', async () => {
  const clock = new TestClock();
  const publications: Publication[] = [];
  await subscribeTo(client, 'sub_FLOOD');
  const burst = 10_000;
  const ids: string[] = [];
  for (let count = 0; count < burst; count += 1) ids.push((await raise(client, clock, { priority: 'normal' })).alertId);
  const worker = new Worker({ client, clock, stage: [], publications });
  for (const id of ids) await worker.project(id);
  const filling = worker.calls / burst;
  expect(filling).toBeLessThan(5);
  expect(publications).toHaveLength(20);
  clock.advance(60);
  const began = performance.now();
  const noted = noting(client);
  const sender = new Worker({ client: noted.client, clock, stage: [], publications });
  for (const { pk } of (await dueItems(client)).filter((one) => one.pk.startsWith('PCL#')))
    await sender.attendParcel(pk);
  expect(publications).toHaveLength(21);
  const sending = sender.calls / burst;
  console.info(
    `burst of ${burst}: ${filling.toFixed(2)} calls an alert to fill, ${sending.toFixed(2)} to send, in ${Math.round(performance.now() - began)} ms`,
  );
  expect(sending).toBeLessThan(3.1);
  const onParcel = noted.writes.filter(({ PK }) => PK.startsWith('PCL#')).map(({ name, SK }) => `${name} ${SK}`);
  expect(onParcel).toEqual(['Update P', 'Put S#00000001', ...Array<string>(4).fill('Update P')]);
  expect(await dueItems(client)).toEqual([]);
}, 900_000);
