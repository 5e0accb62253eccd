import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tracedCalls } from '../tracing.ts';

/** One client for a function's life; the region, credentials and endpoint are the SDK's standard environment. */
export const documentClient = (): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({ maxAttempts: 5 });
  client.middlewareStack.use(tracedCalls());
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
};
