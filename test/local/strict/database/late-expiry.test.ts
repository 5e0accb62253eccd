import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Cloud, cloudOf } from './strict-cloud.ts';

let comfortable: Cloud;
let strict: Cloud;

beforeAll(async () => {
  [comfortable, strict] = await Promise.all([cloudOf(null), cloudOf({ seed: 3 })]);
});
afterAll(() => Promise.all([comfortable.stop(), strict.stop()]));

const ids = Array.from({ length: 12 }, (_unused, index) => `once-${index}`);
const TableName = 'idempotency';

/** Who takes an item that is there for one that still counts. */
const stillThere = async (cloud: Cloud, before = -1): Promise<number> => {
  const items = await Promise.all(
    ids.map((id) =>
      cloud.open.db.send(new GetItemCommand({ TableName, Key: { PK: { S: id } }, ConsistentRead: true })),
    ),
  );
  const found = items.filter(({ Item }) => Item !== undefined).length;
  if (found === before) return found;
  await new Promise((resolve) => setTimeout(resolve, 400)); // Perhaps just being removed.
  return stillThere(cloud, found);
};

/** Lets hours pass one by one, so that each look is done before the next. */
const passHours = async (cloud: Cloud, hours: number): Promise<void> => {
  for (let hour = 0; hour < hours; hour += 1) {
    await cloud.clock.advance(3600);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};

it('hurts who takes an expired item for gone, and removes it within days all the same', async () => {
  const counts = async (cloud: Cloud): Promise<number[]> => {
    const expiresAt = { N: String(Math.floor(cloud.clock.now() / 1000) + 60) };
    for (const id of ids)
      await cloud.open.db.send(new PutItemCommand({ TableName, Item: { PK: { S: id }, expiresAt } }));
    const found: number[] = [];
    for (const hours of [2, 22, 52]) {
      await passHours(cloud, hours);
      found.push(await stillThere(cloud));
    }
    return found;
  };
  expect(await counts(comfortable)).toEqual([0, 0, 0]);
  const [soon = 0, nextDay = 0, days] = await counts(strict);
  expect(soon).toBeGreaterThan(8);
  expect(nextDay).toBeGreaterThan(0);
  expect(nextDay).toBeLessThan(soon);
  expect(days).toBe(0);
}, 120_000);
