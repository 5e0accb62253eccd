import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { arns, type SmallCloud, startSmallCloud } from './small-cloud.ts';

let cloud: SmallCloud;
beforeAll(async () => {
  cloud = await startSmallCloud();
});
afterAll(() => cloud.stop());
afterEach(() => {
  cloud.faults.clear();
  cloud.killed.length = 0;
});

const put = (id: string, extra = {}) =>
  new PutItemCommand({ TableName: 'operations', Item: { PK: { S: id }, SK: { S: 'T' }, ...extra } });
const get = (id: string) => new GetItemCommand({ TableName: 'operations', Key: { PK: { S: id }, SK: { S: 'T' } } });
const transact = (...ids: string[]) =>
  new TransactWriteItemsCommand({
    TransactItems: [
      ...ids.map((id) => ({ Put: { TableName: 'operations', Item: { PK: { S: id }, SK: { S: 'T' } } } })),
      {
        ConditionCheck: {
          TableName: 'operations',
          Key: { PK: { S: 'none' }, SK: { S: 'T' } },
          ConditionExpression: 'attribute_not_exists(PK)',
        },
      },
    ],
  });

describe('permissions', () => {
  it('lets an allowed call through to the engine', async () => {
    await cloud.open.db.send(put('a', { queue: { S: 'q' }, subject: { S: 'hi' } }));
    expect((await cloud.reader.db.send(get('a'))).Item?.['subject']).toEqual({ S: 'hi' });
    const query = new QueryCommand({
      TableName: 'operations',
      IndexName: 'queue',
      KeyConditionExpression: 'queue = :q',
      ExpressionAttributeValues: { ':q': { S: 'q' } },
    });
    expect((await cloud.reader.db.send(query)).Items).toHaveLength(1);
  });

  it('denies in the words of AWS, and logs it', async () => {
    await expect(cloud.reader.db.send(put('b'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::123456789012:assumed-role/reader-role/reader is not authorized to perform: dynamodb:PutItem on resource: ${arns.operations} because no identity-based policy allows the dynamodb:PutItem action`,
    });
    expect(cloud.log.at(-1)).toContain('denied reader');
    expect((await cloud.open.db.send(get('b'))).Item).toBeUndefined();
  });

  it('asks for each part of a transaction, and for batches by their own action', async () => {
    await expect(cloud.reader.db.send(transact('c'))).rejects.toThrow(/dynamodb:PutItem on resource/);
    await cloud.open.db.send(transact('c'));
    const batch = new BatchWriteItemCommand({
      RequestItems: { idempotency: [{ PutRequest: { Item: { PK: { S: 'x' } } } }] },
    });
    await expect(cloud.reader.db.send(batch)).rejects.toThrow(/dynamodb:BatchWriteItem on resource: .*idempotency/);
    await cloud.open.db.send(batch);
  });

  it('knows nobody by another access key, nor by one of a worker that was replaced', async () => {
    const old = cloud.clientsOf(cloud.services.credentialsFor('stack/open', 'w9'));
    cloud.services.credentialsFor('stack/open', 'w9');
    await expect(old.db.send(get('a'))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    const stranger = cloud.clientsOf({ accessKeyId: 'AKIAX', secretAccessKey: 'x', sessionToken: 'x' });
    await expect(stranger.db.send(get('a'))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });
});

describe('errors of the engine and writes', () => {
  it('hands on a failed condition with its old item', async () => {
    await cloud.open.db.send(put('d'));
    const again = new PutItemCommand({
      TableName: 'operations',
      Item: { PK: { S: 'd' }, SK: { S: 'T' } },
      ConditionExpression: 'attribute_not_exists(PK)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(cloud.open.db.send(again)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { PK: { S: 'd' } },
    });
  });

  it('announces committed writes of tables with a stream, once per call', async () => {
    const seen: string[] = [];
    const off = cloud.services.onTableWrite((table) => seen.push(table));
    await cloud.open.db.send(transact('e1', 'e2'));
    await cloud.open.db.send(new PutItemCommand({ TableName: 'idempotency', Item: { PK: { S: 'y' } } }));
    const failing = new PutItemCommand({
      TableName: 'operations',
      Item: { PK: { S: 'e1' }, SK: { S: 'T' } },
      ConditionExpression: 'attribute_not_exists(PK)',
    });
    await cloud.open.db.send(failing).catch(() => {});
    off();
    await cloud.open.db.send(put('e3'));
    expect(seen).toEqual(['operations']);
  });
});

describe('faults', () => {
  const fault = (kind: 'throttle' | 'conflict' | 'crash-before' | 'crash-after' | 'delay') =>
    cloud.faults.add({ target: 'dynamodb', fault: kind, count: 1, probability: 1 });

  it('throttles once', async () => {
    fault('throttle');
    await expect(cloud.open.db.send(put('f'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    await cloud.open.db.send(put('f'));
  });

  it('cancels a transaction with reasons, and a single write with its own exception', async () => {
    fault('conflict');
    const error: unknown = await cloud.open.db.send(transact('g')).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({ CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] });
    fault('conflict');
    await cloud.open.db.send(get('g')); // a read does not use the fault up
    await expect(cloud.open.db.send(put('g'))).rejects.toMatchObject({ name: 'TransactionConflictException' });
  });

  it('kills the caller before the write, or after it', async () => {
    const seen: string[] = [];
    const off = cloud.services.onTableWrite((table) => seen.push(table));
    fault('crash-before');
    await expect(cloud.open.db.send(put('h1'))).rejects.toThrow();
    fault('crash-after');
    await expect(cloud.open.db.send(put('h2'))).rejects.toThrow();
    off();
    expect(cloud.killed).toEqual([cloud.open.credentials.accessKeyId, cloud.open.credentials.accessKeyId]);
    expect((await cloud.open.db.send(get('h1'))).Item).toBeUndefined();
    expect((await cloud.open.db.send(get('h2'))).Item).toBeDefined();
    expect(seen).toEqual(['operations']);
  });

  it('delays', async () => {
    fault('delay');
    const start = performance.now();
    await cloud.open.db.send(get('a'));
    expect(performance.now() - start).toBeGreaterThan(290);
  });
});

it('removes expired items late, by virtual time', async () => {
  const expiring = (id: string, inSeconds: number) =>
    new PutItemCommand({
      TableName: 'idempotency',
      Item: { PK: { S: id }, expiresAt: { N: String(Math.floor(cloud.clock.now() / 1000) + inSeconds) } },
    });
  const there = async (id: string) =>
    (await cloud.open.db.send(new GetItemCommand({ TableName: 'idempotency', Key: { PK: { S: id } } }))).Item !==
    undefined;
  await cloud.clock.advance(3600);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await cloud.open.db.send(expiring('soon', 60));
  await cloud.open.db.send(expiring('later', 86_400));
  await cloud.clock.advance(120);
  expect(await there('soon')).toBe(true);
  await cloud.clock.advance(3600);
  for (let tries = 0; (await there('soon')) && tries < 50; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect([await there('soon'), await there('later')]).toEqual([false, true]);
});
