import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { queueClient } from '../platform/queue/client.ts';

/** Wakes the rollup after so many seconds. A hint that is lost is made good by the schedule, one that comes twice finds nothing to do. */
export const rollupHint = (QueueUrl: string): ((delaySeconds: number) => Promise<void>) => {
  const sqs = queueClient();
  const hint = { QueueUrl, MessageBody: '{"trigger":"hint"}' };
  return async (DelaySeconds) => void (await sqs.send(new SendMessageCommand({ ...hint, DelaySeconds })));
};
