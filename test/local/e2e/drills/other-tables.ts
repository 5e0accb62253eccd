import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localAccess } from '../../../../bin/operator/access.ts';
import type { RunningDesk } from '../running-desk.ts';

type Item = Readonly<Record<string, unknown>>;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Invoices by account, with lines; an index by a binary key that some items have. */
export const invoices: readonly Item[] = Array.from({ length: 300 }, (_none, index) => ({
  // Some look like keys of another type, and like the desk's own events.
  account: index % 50 === 0 ? `n:${index}` : index % 50 === 1 ? `TKT#${index}` : `ACC#${index % 40}`,
  line: index,
  total: index * 1.25,
  paid: index % 3 === 0,
  ...(index % 2 === 0 ? { batch: bytes(`batch ${index % 7}`) } : {}),
  ...(index % 5 === 0 ? { tags: new Set([`a${index}`, 'b']), amounts: new Set([index, -1.5]) } : {}),
  ...(index % 7 === 0 ? { address: { city: 'Köln', lines: ['Domkloster 4', null, { floor: 3 }] } } : {}),
  ...(index % 50 === 1 ? { version: 1, chain: 'x', hash: 'y', recordedAt: 'no instant' } : {}),
}));

/** What meters counted: a number and bytes as keys, and no index. */
export const readings: readonly Item[] = Array.from({ length: 120 }, (_none, index) => ({
  meter: (index % 12) - 6,
  at: bytes(`reading ${String(index).padStart(4, '0')}`),
  kilowattHours: index / 8,
  note: `reading ${index}`,
}));

const billing: CreateTableCommandInput = {
  TableName: 'billing',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'account', AttributeType: 'S' },
    { AttributeName: 'line', AttributeType: 'N' },
    { AttributeName: 'batch', AttributeType: 'B' },
  ],
  KeySchema: [
    { AttributeName: 'account', KeyType: 'HASH' },
    { AttributeName: 'line', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-batch',
      KeySchema: [
        { AttributeName: 'batch', KeyType: 'HASH' },
        { AttributeName: 'line', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  // The local desk has the past of such tables only.
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  // In the stage's plan, so that there is a recovery point each night.
  Tags: [{ Key: 'cloud-service-desk:backup', Value: 'local' }],
};

const meters: CreateTableCommandInput = {
  TableName: 'meters',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'meter', AttributeType: 'N' },
    { AttributeName: 'at', AttributeType: 'B' },
  ],
  KeySchema: [
    { AttributeName: 'meter', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
};

/** Tables of the account that are not the desk's: another team makes them, and writes to them, with the SDK. */
export class OtherTables {
  readonly #desk: RunningDesk;
  readonly #client: DynamoDBClient;
  readonly #items: DynamoDBDocumentClient;

  private constructor(desk: RunningDesk, client: DynamoDBClient) {
    this.#desk = desk;
    this.#client = client;
    this.#items = DynamoDBDocumentClient.from(client);
  }

  static async make(desk: RunningDesk): Promise<OtherTables> {
    const { config } = await localAccess(desk.desk.url);
    const client = new DynamoDBClient(config);
    const tables = new OtherTables(desk, client);
    await tables.#makeAll();
    return tables;
  }

  async #makeAll(): Promise<void> {
    for (const table of [billing, meters, { ...meters, TableName: 'crm' }])
      await this.#client.send(new CreateTableCommand(table));
    await this.#desk.timeTo((await this.#desk.now()) + 2000);
    await this.#client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'billing',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    await this.put('billing', invoices);
    await this.put('meters', readings);
  }

  async put(table: string, items: readonly Item[]): Promise<void> {
    await this.#write(
      table,
      items.map((Item) => ({ PutRequest: { Item } })),
    );
  }

  async remove(table: string, keys: readonly Item[]): Promise<void> {
    await this.#write(
      table,
      keys.map((Key) => ({ DeleteRequest: { Key } })),
    );
  }

  async #write(table: string, requests: readonly object[]): Promise<void> {
    for (let start = 0; start < requests.length; start += 25)
      await this.#items.send(
        new BatchWriteCommand({ RequestItems: { [table]: requests.slice(start, start + 25) as never[] } }),
      );
  }

  close(): void {
    this.#client.destroy();
  }
}
