import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Bodies } from '../../../../functions/platform/store/bodies.ts';
import { type Cloud, cloudOf, increase, nameOf, patiently, transact } from './strict-cloud.ts';

let strict: Cloud;
beforeAll(async () => {
  strict = await cloudOf({ seed: 3 });
});
afterAll(() => strict.stop());

/** A client with as many attempts as those of the functions. */
const clientOf = (maxAttempts: number) =>
  new DynamoDBClient({
    endpoint: strict.services.endpoint,
    region: 'eu-central-1',
    credentials: strict.open.credentials,
    maxAttempts,
  });

it('a single write that meets a transaction is lost on who tries once, and not on the client of the functions', async () => {
  await patiently(() => strict.open.db.send(transact('met')));
  const outcomes = async (maxAttempts: number) => {
    const client = clientOf(maxAttempts);
    const all = new Set<string>();
    for (let write = 0; write < 100; write += 1) all.add(await nameOf(client.send(increase('met'))));
    client.destroy();
    return all;
  };
  expect(await outcomes(1)).toContain('TransactionConflictException');
  expect(await outcomes(5)).toEqual(new Set(['done']));
}, 120_000);

it('a long text is read as soon as it is kept', async () => {
  const client = clientOf(5);
  const bodies = new Bodies({ client: DynamoDBDocumentClient.from(client), table: 'operations' });
  for (let number = 0; number < 10; number += 1) {
    const text = `${number}`.repeat(400);
    await bodies.keep('TKT#1', text);
    expect((await bodies.read('TKT#1', [Bodies.hash(text)])).get(Bodies.hash(text))).toBe(text);
  }
  client.destroy();
}, 120_000);
