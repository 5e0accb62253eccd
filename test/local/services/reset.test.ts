import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListSubscriptionsByTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createTables } from '../../../local/services/dynamodb/create-tables.ts';
import { startDatabase } from '../../../local/services/dynamodb/start-database.ts';
import { arns, dueUrl, smallCloud, startSmallCloud } from './small-cloud.ts';

const put = (id: string) => new PutItemCommand({ TableName: 'operations', Item: { PK: { S: id }, SK: { S: 'T' } } });

it('is as after a fresh start: no item, message, mail, subscription, fault or setting; same addresses and credentials', async () => {
  const cloud = await startSmallCloud();
  const { services, open } = cloud;
  try {
    await open.db.send(put('a'));
    await open.sns.send(new SubscribeCommand({ TopicArn: arns.alerts, Protocol: 'email', Endpoint: 'a@b.c' }));
    await open.sns.send(new PublishCommand({ TopicArn: arns.alerts, Message: 'm' }));
    await open.sqs.send(new SendMessageCommand({ QueueUrl: dueUrl, MessageBody: 'm', DelaySeconds: 5 }));
    services.state.set('clock', '1');
    cloud.faults.add({ target: 'sns', fault: 'drop', count: 1, probability: 1 });
    const before = [services.endpoint, services.databaseEndpoint];

    const reset = services.reset();
    const during = open.db.send(put('b')); // waits for the reset
    await reset;
    await during;

    expect([services.endpoint, services.databaseEndpoint]).toEqual(before);
    expect((await open.db.send(new ScanCommand({ TableName: 'operations' }))).Items).toEqual([
      { PK: { S: 'b' }, SK: { S: 'T' } },
    ]);
    expect(services.queues.depth(arns.due)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect([services.outbox.list(0), services.state.get('clock'), cloud.faults.list()]).toEqual([[], null, []]);
    const list = await open.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arns.alerts }));
    expect(list.Subscriptions?.map((one) => one.Endpoint)).toEqual(['stage@example.com']);
  } finally {
    await cloud.stop();
  }
});

it('startDatabase and createTables serve tests of their own, and leave nothing', async () => {
  const database = await startDatabase({ dataDir: null });
  await createTables(database.endpoint, smallCloud.tables);
  await createTables(database.endpoint, smallCloud.tables);
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  await client.send(put('a'));
  client.destroy();
  await database.stop();
  await expect(fetch(database.endpoint)).rejects.toThrow();
});
