import { SQSClient } from '@aws-sdk/client-sqs';

/** The SQS client of a function. It talks to its own endpoint and names the queue by URL, wherever that URL points. */
export const queueClient = (): SQSClient => new SQSClient({ useQueueUrlAsEndpoint: false });
