import { BackupClient } from '@aws-sdk/client-backup';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tracedCalls } from '../../platform/tracing.ts';

/** The client of AWS Backup of a function. */
export const backupClient = (): BackupClient => {
  const client = new BackupClient({ maxAttempts: 5 });
  client.middlewareStack.use(tracedCalls());
  return client;
};

/** The client for tables themselves, not for what is in them. */
export const tablesClient = (): DynamoDBClient => {
  const client = new DynamoDBClient({ maxAttempts: 5 });
  client.middlewareStack.use(tracedCalls());
  return client;
};
