/** A desk that a test kills: starts services in the folder named by the first argument, writes, says so, and waits. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { arns, dueUrl, startSmallCloud } from './small-cloud.ts';

const cloud = await startSmallCloud({ dataDir: process.argv[2] ?? null });
await cloud.open.sns.send(new SubscribeCommand({ TopicArn: arns.alerts, Protocol: 'sms', Endpoint: '+491234567' }));
await cloud.open.sns.send(new PublishCommand({ TopicArn: arns.alerts, Message: 'kept' }));
await cloud.open.sqs.send(new SendMessageCommand({ QueueUrl: dueUrl, MessageBody: 'kept', DelaySeconds: 60 }));
cloud.services.state.set('checkpoint', '42');
let written = 0;
for (;;) {
  await cloud.open.db.send(
    new PutItemCommand({ TableName: 'operations', Item: { PK: { S: `k${written}` }, SK: { S: 'T' } } }),
  );
  written += 1;
  process.stdout.write(`${written}\n`);
}
