import { PublishCommand, SNSClient, ThrottledException } from '@aws-sdk/client-sns';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { alertDueHandler, alertProjection, AlertStore } from '../../functions/alerts/index.ts';
import { plainDelivery, raise, startEngine, table, TestClock } from './alert-world.ts';
import { type Publication, Worker } from './worker.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ client, stop } = await startEngine());
});
afterAll(() => stop());

const everything = { severity: [], kind: [], teamId: [], customerId: [] };
const stage = [{ id: 'sub_stage_email', channel: 'email' as const, target: 'a@desk.example', filter: everything }];
const hints = { afterCommit: async () => undefined };

const world = () => {
  const clock = new TestClock();
  const sns = new SNSClient({ region: 'eu-central-1' });
  const mock = mockClient(sns);
  const metrics = { add: () => undefined };
  const topicArn = 'arn:aws:sns:eu-central-1:000000000000:alerts';
  const wiring = { ...plainDelivery, client, table, clock, hints, metrics, sns, topicArn, stage };
  const project = alertProjection(wiring);
  const attend = alertDueHandler(wiring);
  const store = new AlertStore({ client, table, clock, hints });
  return {
    clock,
    mock,
    stream: (alertId: string) => project({ sequenceNumber: '1', newImage: { alertId } }),
    due: (alertId: string) => attend({ pk: `ALT#${alertId}`, sk: 'A', dueAt: '' }),
    async read(alertId: string) {
      const found = await store.find(alertId);
      return { ...found?.alert, deliveries: found?.deliveries.map(({ state, attempts }) => ({ state, attempts })) };
    },
  };
};

const dueItems = async (alertId: string): Promise<number> => {
  const shards = [0, 1, 2, 3, 4, 5, 6, 7].map(async (shard) => {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard',
        ExpressionAttributeValues: { ':shard': shard },
      }),
    );
    return (page.Items ?? []).filter((item) => item['PK'] === `ALT#${alertId}`).length;
  });
  return (await Promise.all(shards)).reduce((sum, count) => sum + count, 0);
};

it('an alert is due in a minute until it is delivered', async () => {
  const { clock, mock, stream, due, read } = world();
  mock.on(PublishCommand).resolves({});
  const { alertId } = await raise(client, clock);
  expect(await dueItems(alertId)).toBe(1);
  await due(alertId);
  expect(mock.calls()).toHaveLength(0);
  await stream(alertId);
  expect(await read(alertId)).toMatchObject({
    state: 'delivered',
    version: 2,
    deliveries: [{ state: 'published', attempts: 1 }],
  });
  expect(await dueItems(alertId)).toBe(0);
  clock.advance(61);
  await due(alertId);
  await stream(alertId);
  expect(mock.commandCalls(PublishCommand)).toHaveLength(1);
});

it('nobody subscribed: delivered at once', async () => {
  const { clock, stream, read } = world();
  const worker = new Worker({ client, clock, stage: [], publications: [] });
  const { alertId } = await raise(client, clock);
  await worker.project(alertId);
  expect(await read(alertId)).toMatchObject({ state: 'delivered', deliveries: [] });
  await stream(alertId);
});

it('the stream tries three times, then the due index ever more slowly; after ten attempts the alert stands as failed', async () => {
  const { clock, mock, stream, due, read } = world();
  mock.on(PublishCommand).rejects(new ThrottledException({ message: 'slow down', $metadata: {} }));
  const { alertId } = await raise(client, clock);
  await expect(stream(alertId)).rejects.toThrow(ThrottledException);
  await expect(stream(alertId)).rejects.toThrow(ThrottledException);
  await stream(alertId);
  await stream(alertId);
  expect(await read(alertId)).toMatchObject({ state: 'raised', deliveries: [{ state: 'waiting', attempts: 3 }] });
  const pauses: number[] = [];
  for (let second = 0; (await read(alertId)).state === 'raised'; second += 30) {
    const before = mock.calls().length;
    await due(alertId);
    if (mock.calls().length > before) pauses.push(second / 60);
    clock.advance(30);
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 31, 46]);
  expect(await read(alertId)).toMatchObject({ state: 'failed', deliveries: [{ state: 'failed', attempts: 10 }] });
  expect(await dueItems(alertId)).toBe(0);
});

it('SNS is back after some minutes: the alert goes out', async () => {
  const { clock, mock, stream, due, read } = world();
  mock.on(PublishCommand).rejectsOnce().rejectsOnce().rejectsOnce().rejectsOnce().resolves({});
  const { alertId } = await raise(client, clock);
  await expect(stream(alertId)).rejects.toThrow();
  await expect(stream(alertId)).rejects.toThrow();
  await stream(alertId);
  clock.advance(60);
  await due(alertId);
  clock.advance(60);
  await due(alertId);
  expect(await read(alertId)).toMatchObject({ state: 'delivered', deliveries: [{ state: 'published', attempts: 5 }] });
});

it('a stream that dies at every publish does not use up the attempts of the due index', async () => {
  const { clock, read } = world();
  const publications: Publication[] = [];
  clock.advance(86_400);
  const { alertId } = await raise(client, clock);
  for (let life = 0; life < 20; life += 1) {
    // Find, subscribers, pace and plan (the first time only), claim, publish. The pace is two calls when nobody has counted yet.
    const paces = life === 0 ? 2 : 0;
    const call = 4 + (life === 0 ? 1 : 0) + paces;
    const worker = new Worker({ client, clock, stage, publications, fault: { call, when: 'before', kind: 'crash' } });
    await worker.project(alertId).catch(() => undefined);
  }
  expect(publications).toEqual([]);
  clock.advance(61);
  await new Worker({ client, clock, stage, publications }).attend(alertId);
  expect(await read(alertId)).toMatchObject({ state: 'delivered', deliveries: [{ state: 'published', attempts: 4 }] });
});

it('the message carries what a subscriber may filter or find by, and no empty attribute', async () => {
  const { clock, mock, stream } = world();
  mock.on(PublishCommand).resolves({});
  const { alertId, ticketId } = await raise(client, clock, { customerId: 'cus_1' });
  await stream(alertId);
  expect(mock.commandCalls(PublishCommand)[0]?.args[0].input).toMatchObject({
    TopicArn: 'arn:aws:sns:eu-central-1:000000000000:alerts',
    Subject: '[critical] T-12: first response overdue',
  });
  const attributes = mock.commandCalls(PublishCommand)[0]?.args[0].input.MessageAttributes ?? {};
  expect(Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value.StringValue]))).toEqual({
    subscriptionId: 'sub_stage_email',
    alertId,
    ticketId,
    kind: 'sla.breach',
    severity: 'critical',
    customerId: 'cus_1',
  });
});

it('the same breach cannot be raised twice', async () => {
  const { clock } = world();
  const { ticketId } = await raise(client, clock);
  await expect(raise(client, clock, { id: ticketId })).rejects.toThrow('ConditionalCheckFailed');
  await raise(client, clock, { id: ticketId }, 'resolution');
});
