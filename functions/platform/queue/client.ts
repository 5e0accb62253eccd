import { SQSClient } from '@aws-sdk/client-sqs';
import { tracedCalls } from '../tracing.ts';

/** The SQS client of a function. It talks to its own endpoint and names the queue by URL, wherever that URL points. */
export const queueClient = (): SQSClient => {
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  client.middlewareStack.use(tracedCalls());
  return client;
};
