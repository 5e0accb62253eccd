import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** The least that a function of the desk could be: it loads the DynamoDB client, and nothing else. */
export const handler = async (): Promise<unknown> =>
  client.send(new GetItemCommand({ TableName: 'none', Key: { PK: { S: 'none' }, SK: { S: 'none' } } }));
