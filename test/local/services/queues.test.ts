import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { arns, dueUrl, type SmallCloud, startSmallCloud } from './small-cloud.ts';

let cloud: SmallCloud;
beforeAll(async () => {
  cloud = await startSmallCloud();
});
afterAll(() => cloud.stop());
beforeEach(() => cloud.services.reset());

const send = (body: string, more = {}) =>
  cloud.open.sqs.send(new SendMessageCommand({ QueueUrl: dueUrl, MessageBody: body, ...more }));
const bodies = (arn = arns.due) => cloud.services.queues.receive(arn, 10).map((message) => message.body);
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('takes a message with attributes, whose checksums the SDK compares', async () => {
  await send('héllo', {
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'sla' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    },
  });
  const [message] = cloud.services.queues.receive(arns.due, 10);
  expect(message).toMatchObject({
    body: 'héllo',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(cloud.clock.now()),
      ApproximateFirstReceiveTimestamp: String(cloud.clock.now()),
    },
    messageAttributes: {
      kind: { stringValue: 'sla', dataType: 'String' },
      bytes: { binaryValue: 'AQI=', dataType: 'Binary' },
    },
  });
});

it('takes batches of up to ten', async () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: `m${index}`, MessageBody: `b${index}` }));
  const answer = await cloud.open.sqs.send(new SendMessageBatchCommand({ QueueUrl: dueUrl, Entries: entries(10) }));
  expect(answer.Successful).toHaveLength(10);
  expect(bodies()).toHaveLength(10);
  await expect(
    cloud.open.sqs.send(new SendMessageBatchCommand({ QueueUrl: dueUrl, Entries: entries(11) })),
  ).rejects.toThrow(/Maximum number of entries/);
});

it('shows a delayed message when its time has come, and says so', async () => {
  let announced = 0;
  const off = cloud.services.queues.onVisible(arns.due, () => (announced += 1));
  await send('late', { DelaySeconds: 90 });
  await cloud.clock.advance(89);
  expect([bodies(), announced, cloud.services.queues.depth(arns.due)]).toEqual([
    [],
    0,
    { visible: 0, inFlight: 0, delayed: 1 },
  ]);
  await cloud.clock.advance(1);
  off();
  expect([announced, bodies()]).toEqual([1, ['late']]);
});

it('refuses a delay over 15 minutes and a body over 1 MiB', async () => {
  await expect(send('x', { DelaySeconds: 901 })).rejects.toThrow(/DelaySeconds/);
  await expect(send('x'.repeat(1024 * 1024 + 1))).rejects.toThrow(/shorter than/);
});

it('hides a received message, shows it again after the visibility timeout, then moves it to the dead-letter queue', async () => {
  const { queues } = cloud.services;
  await send('poison');
  expect(queues.receive(arns.due, 1)[0]?.attributes['ApproximateReceiveCount']).toBe('1');
  expect([bodies(), queues.depth(arns.due).inFlight]).toEqual([[], 1]);
  await cloud.clock.advance(30);
  expect(queues.receive(arns.due, 1)[0]?.attributes['ApproximateReceiveCount']).toBe('2');
  await cloud.clock.advance(30);
  expect(bodies()).toEqual([]);
  const [dead] = queues.receive(arns.dead, 1);
  expect(dead).toMatchObject({ body: 'poison', attributes: { DeadLetterQueueSourceArn: arns.due } });
});

it('shows a message at once when its visibility is set to 0, and ends it by its receipt', async () => {
  const { queues } = cloud.services;
  let announced = 0;
  await send('one');
  const [first] = queues.receive(arns.due, 1);
  const off = queues.onVisible(arns.due, () => (announced += 1));
  queues.changeVisibility(arns.due, first?.receiptHandle ?? '', 0);
  await settle();
  off();
  expect(announced).toBe(1);
  const [second] = queues.receive(arns.due, 1);
  queues.delete(arns.due, first?.receiptHandle ?? ''); // an old receipt rules nothing
  expect(queues.depth(arns.due).inFlight).toBe(1);
  queues.delete(arns.due, second?.receiptHandle ?? '');
  expect(queues.depth(arns.due)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

it('drops a message after the retention of its queue', async () => {
  await send('old');
  await cloud.clock.advance(3601);
  expect(bodies()).toEqual([]);
});

it.each([
  ['drop', []],
  ['duplicate', ['m', 'm']],
] as const)('fault %s: accepted, then %j', async (fault, expected) => {
  cloud.faults.add({ target: 'queue', fault, count: 1, probability: 1 });
  expect((await send('m')).MessageId).toBeDefined();
  expect(bodies()).toEqual(expected);
});

it('fault delay: 10 seconds more; fault throttle: refused once', async () => {
  cloud.faults.add({ target: 'queue', fault: 'delay', count: 1, probability: 1 });
  await send('m', { DelaySeconds: 5 });
  await cloud.clock.advance(14);
  expect(bodies()).toEqual([]);
  await cloud.clock.advance(1);
  expect(bodies()).toEqual(['m']);
  cloud.faults.add({ target: 'queue', fault: 'throttle', count: 1, probability: 1 });
  await expect(send('m')).rejects.toMatchObject({ name: 'RequestThrottled' });
});

it('fault crash-after: sent, and the caller killed before the answer', async () => {
  cloud.killed.length = 0;
  cloud.faults.add({ target: 'queue', fault: 'crash-after', count: 1, probability: 1 });
  await expect(send('m')).rejects.toThrow();
  expect([bodies(), cloud.killed]).toEqual([['m'], [cloud.open.credentials.accessKeyId]]);
});

it('checks permissions, and knows only the queues of the template', async () => {
  await expect(
    cloud.reader.sqs.send(new SendMessageCommand({ QueueUrl: dueUrl, MessageBody: 'x' })),
  ).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`not authorized to perform: sqs:SendMessage on resource: ${arns.due} because`),
  });
  await expect(
    cloud.open.sqs.send(new SendMessageCommand({ QueueUrl: `${dueUrl}-other`, MessageBody: 'x' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  expect((await cloud.open.sqs.send(new GetQueueUrlCommand({ QueueName: 'due' }))).QueueUrl).toBe(dueUrl);
  await send('one');
  const attributes = await cloud.open.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dueUrl, AttributeNames: ['All'] }),
  );
  expect(attributes.Attributes).toMatchObject({ ApproximateNumberOfMessages: '1', QueueArn: arns.due });
});

it('plans no more than one wake-up for a queue', async () => {
  const before = cloud.clock.planned;
  for (let index = 0; index < 20; index += 1) await send('m', { DelaySeconds: 100 + index });
  expect(cloud.clock.planned - before).toBeLessThanOrEqual(1);
});
