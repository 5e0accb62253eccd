import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client of the engine itself. The engine checks no signature; the credentials only have to be there. */
export function databaseClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'desk', secretAccessKey: 'desk' },
    maxAttempts: 5,
  });
}
