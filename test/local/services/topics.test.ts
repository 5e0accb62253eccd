import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import type { FaultKind } from '../../../local/faults/faults.ts';
import { arns, type SmallCloud, startSmallCloud } from './small-cloud.ts';

let cloud: SmallCloud;
beforeAll(async () => {
  cloud = await startSmallCloud();
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  await cloud.services.reset();
  cloud.killed.length = 0;
});

const TopicArn = arns.alerts;
const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const publish = (attributes: Record<string, { DataType: string; StringValue: string }> = {}, more = {}) =>
  cloud.open.sns.send(
    new PublishCommand({
      TopicArn,
      Message: 'Ticket T-1 <breached> & "late"',
      Subject: 'SLA breach',
      MessageAttributes: attributes,
      ...more,
    }),
  );
const subscribe = async (Protocol: string, Endpoint: string, policy?: object) => {
  const Attributes = policy === undefined ? {} : { FilterPolicy: JSON.stringify(policy) };
  const answer = await cloud.open.sns.send(
    new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
  );
  return answer.SubscriptionArn ?? '';
};
const outbox = () => cloud.services.outbox.list(0);
const fault = (kind: FaultKind) => cloud.faults.add({ target: 'sns', fault: kind, count: 1, probability: 1 });

it('delivers to the template subscription that the filter lets through, with ids from the attributes', async () => {
  await publish({ severity: text('low') });
  await publish({
    severity: text('critical'),
    alertId: text('alt_1'),
    ticketId: text('tkt_1'),
    level: { DataType: 'Number', StringValue: '2' },
  });
  expect(outbox()).toEqual([
    {
      seq: 1,
      deliveredAt: new Date(cloud.clock.now()).toISOString(),
      kind: 'email',
      to: 'stage@example.com',
      subject: 'SLA breach',
      text: 'Ticket T-1 <breached> & "late"',
      alertId: 'alt_1',
      ticketId: 'tkt_1',
      attributes: { severity: 'critical', alertId: 'alt_1', ticketId: 'tkt_1' },
    },
  ]);
  expect(cloud.services.outbox.list(1)).toEqual([]);
});

it.each([
  ['exact', { team: ['net', 'ops'] }, true],
  ['other', { team: ['net'] }, false],
  ['prefix', { team: [{ prefix: 'o' }] }, true],
  ['anything-but', { team: [{ 'anything-but': ['net'] }] }, true],
  ['anything-but hit', { team: [{ 'anything-but': 'ops' }] }, false],
  ['anything-but on a missing attribute', { other: [{ 'anything-but': 'ops' }] }, false],
  ['exists', { team: [{ exists: true }] }, true],
  ['exists false', { other: [{ exists: false }] }, true],
  ['number', { level: [3] }, true],
  ['numeric', { level: [{ numeric: ['>', 2, '<=', 3] }] }, true],
  ['numeric outside', { level: [{ numeric: ['>', 3] }] }, false],
  ['array member', { tags: ['vip'] }, true],
  ['array without', { tags: ['none'] }, false],
  ['all fields must match', { team: ['ops'], level: [4] }, false],
  ['$or', { $or: [{ team: ['net'] }, { level: [3] }] }, true],
])('filter policy: %s', async (_name, policy, passes) => {
  await subscribe('sms', '+4915112345678', policy);
  await publish({
    team: text('ops'),
    level: { DataType: 'Number', StringValue: '3' },
    tags: { DataType: 'String.Array', StringValue: '["vip","eu"]' },
  });
  expect(outbox().map((item) => [item.kind, item.to, item.subject])).toEqual(
    passes ? [['sms', '+4915112345678', '']] : [],
  );
});

it('makes one subscription however often it is asked, and shows, changes and ends it', async () => {
  const arn = await subscribe('email', 'a@example.com', { kind: ['sla.breach'] });
  expect(await subscribe('email', 'a@example.com', { kind: ['sla.breach'] })).toBe(arn);
  await expect(subscribe('email', 'a@example.com', { kind: ['other'] })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  const attributes = async () =>
    (await cloud.open.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))).Attributes;
  expect(await attributes()).toMatchObject({
    PendingConfirmation: 'false',
    FilterPolicy: '{"kind":["sla.breach"]}',
    Endpoint: 'a@example.com',
  });

  const AttributeValue = JSON.stringify({ kind: ['x'] });
  await cloud.open.sns.send(
    new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName: 'FilterPolicy', AttributeValue }),
  );
  await publish({ kind: text('sla.breach') });
  expect(outbox()).toEqual([]);
  await publish({ kind: text('x') });
  expect(outbox()).toHaveLength(1);

  const list = async () =>
    (await cloud.open.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions?.map(
      (one) => one.Endpoint,
    );
  expect(await list()).toEqual(['stage@example.com', 'a@example.com']);
  await cloud.open.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  expect(await list()).toEqual(['stage@example.com']);
  await expect(attributes()).rejects.toMatchObject({ name: 'NotFoundException' });
});

it.each([
  ['a filter that is not JSON', { Protocol: 'email', Endpoint: 'a@b.c', Attributes: { FilterPolicy: '{' } }],
  [
    'an unknown operator',
    { Protocol: 'email', Endpoint: 'a@b.c', Attributes: { FilterPolicy: '{"a":[{"like":"x"}]}' } },
  ],
  ['a bad address', { Protocol: 'email', Endpoint: 'nobody' }],
  ['a protocol that SNS lacks', { Protocol: 'pigeon', Endpoint: 'a@b.c' }],
])('refuses %s', async (_name, input) => {
  await expect(cloud.open.sns.send(new SubscribeCommand({ TopicArn, ...input }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

it('publishes batches, to queues in its envelope, and per protocol', async () => {
  await subscribe('sqs', arns.due);
  await subscribe('email', 'b@example.com');
  const Message = JSON.stringify({ default: 'long', sqs: 'for the queue' });
  const entries = [1, 2].map((index) => ({ Id: `m${index}`, Message, MessageStructure: 'json' }));
  expect(
    (await cloud.open.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }))).Successful,
  ).toHaveLength(2);
  expect(outbox().map((item) => item.text)).toEqual(['long', 'long']);
  const [message] = cloud.services.queues.receive(arns.due, 1);
  expect(JSON.parse(message?.body ?? '')).toMatchObject({ Type: 'Notification', TopicArn, Message: 'for the queue' });
});

it('sends an SMS to a number', async () => {
  await cloud.open.sns.send(new PublishCommand({ PhoneNumber: '+491234567', Message: 'hi' }));
  expect(outbox()).toMatchObject([{ kind: 'sms', to: '+491234567', text: 'hi' }]);
});

it('checks permissions, and knows only the topics of the template', async () => {
  await expect(cloud.reader.sns.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: `User: arn:aws:sts::123456789012:assumed-role/reader-role/reader is not authorized to perform: SNS:Publish on resource: ${TopicArn} because no identity-based policy allows the SNS:Publish action`,
  });
  await expect(
    cloud.open.sns.send(new PublishCommand({ TopicArn: `${TopicArn}2`, Message: 'x' })),
  ).rejects.toMatchObject({ name: 'NotFoundException' });
});

describe('faults', () => {
  const critical = { severity: text('critical') };

  it('throttle and drop publish nothing and say so', async () => {
    fault('throttle');
    await expect(publish(critical)).rejects.toMatchObject({
      name: 'ThrottledException',
      $metadata: { httpStatusCode: 429 },
    });
    fault('drop');
    await expect(publish(critical)).rejects.toMatchObject({ name: 'InternalErrorException' });
    expect(outbox()).toEqual([]);
  });

  it('duplicate delivers twice', async () => {
    fault('duplicate');
    await publish(critical);
    expect(outbox().map((item) => item.seq)).toEqual([1, 2]);
  });

  it('crash-before kills the caller with nothing published, crash-after with all of it', async () => {
    fault('crash-before');
    await expect(publish(critical)).rejects.toThrow();
    expect([outbox().length, cloud.killed.length]).toEqual([0, 1]);
    fault('crash-after');
    await expect(publish(critical)).rejects.toThrow();
    expect([outbox().length, cloud.killed.length]).toEqual([1, 2]);
  });
});
