import { CreateTableCommand, DynamoDBClient, type GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { type AlertInput, raiseAlert } from '../../functions/alerts/index.ts';
import { isoInstant } from '../../functions/platform/clock.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';

export const table = 'operations';
export const idempotencyTable = 'idempotency';

/** What a delivery is wired with besides: texts enough for every test, and no links. */
export const plainDelivery = { sms: { budgetUsd: 1_000, priceUsd: 0.1 }, ticketLink: '' };

/** Time that stands still until a test moves it. */
export class TestClock {
  #now = Date.parse('2026-03-01T09:32:05.000Z');
  now(): number {
    return this.#now;
  }
  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

const index = (IndexName: string, hash: string, range: string): GlobalSecondaryIndex => ({
  IndexName,
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['id', 'dueLane'] },
});

/** The real engine with the tables of this context, empty. */
export const startEngine = async () => {
  const database = await startDatabase({ dataDir: null });
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: database.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N' = 'S') => ({ AttributeName, AttributeType });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        attribute('PK'),
        attribute('SK'),
        attribute('dueShard', 'N'),
        ...['dueAt', 'queue', 'queueSort', 'customerId', 'customerSort'].map((name) => attribute(name)),
      ],
      KeySchema: [
        { AttributeName: 'PK', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        index('due', 'dueShard', 'dueAt'),
        index('queue', 'queue', 'queueSort'),
        index('customer', 'customerId', 'customerSort'),
      ],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: idempotencyTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [attribute('PK')],
      KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
    }),
  );
  return { client, stop: () => database.stop() };
};

export const ticket = (change: Partial<AlertInput['ticket']> = {}): AlertInput['ticket'] => ({
  id: `tkt_${ulid()}`,
  number: 'T-12',
  subject: 'Database is down',
  teamId: null,
  customerId: null,
  priority: 'critical',
  ...change,
});

/** Raises the alert of a breach that was due two minutes ago, as the ticket's transaction does. */
export const raise = async (
  client: DynamoDBDocumentClient,
  clock: TestClock,
  change: Partial<AlertInput['ticket']> = {},
  metric = 'firstResponse',
): Promise<{ readonly alertId: string; readonly ticketId: string }> => {
  const breached = ticket(change);
  const { alertId, item } = raiseAlert({
    kind: 'sla.breach',
    level: 0,
    table,
    ticket: breached,
    metric,
    cycle: 1,
    at: isoInstant(clock.now() - 125_000),
    claimedAt: isoInstant(clock.now()),
  });
  const event = { PK: `TKT#${breached.id}`, SK: 'EV#00000002', alertId };
  await client.send(new TransactWriteCommand({ TransactItems: [item, { Put: { TableName: table, Item: event } }] }));
  return { alertId, ticketId: breached.id };
};
