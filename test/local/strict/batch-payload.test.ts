import { batchesOf, heaviestBatch } from '../../../local/sources/batch-payload.ts';
import { MemoryStream } from './memory-stream.ts';
import { consume, keyOf } from './stream-consumer.ts';

const sixMegabytes = 6 * 1024 * 1024;

/** Twenty-five large items in one batch of a mapping that takes a hundred. */
const delivered = async (limit: number) => {
  const stream = new MemoryStream();
  for (let index = 0; index < 25; index += 1) stream.write(`item-${index}`, 1, { text: { S: 'x'.repeat(380 * 1024) } });
  const weights: number[] = [];
  const keys: string[] = [];
  await consume({
    stream,
    strict: null,
    heaviestBatch: limit,
    mapping: { batchSize: 100 },
    handler: (records) => {
      weights.push(Buffer.byteLength(JSON.stringify({ Records: records })));
      keys.push(...records.map(keyOf));
    },
  });
  return { weights, keys };
};

it('hurts who takes the batch size for the number of records that come', async () => {
  const expectsAll = async (limit: number) => (await delivered(limit)).weights.length === 1;
  expect(await expectsAll(Infinity)).toBe(true);
  expect(await expectsAll(heaviestBatch)).toBe(false);
});

it('keeps every batch of a stream under 6 MB, and loses no record', async () => {
  const { weights, keys } = await delivered(heaviestBatch);
  expect(Math.max(...weights)).toBeLessThanOrEqual(sixMegabytes);
  expect(Math.max(...weights)).toBeGreaterThan(sixMegabytes - 400 * 1024);
  expect(keys).toEqual(Array.from({ length: 25 }, (_, index) => `item-${index}`));
});

it('cuts by count and by weight, and lets one item alone through', () => {
  const sizes = (bytes: number, count: number) =>
    batchesOf(['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(50), 'd'], { count, bytes }).map(({ length }) => length);
  expect(sizes(Infinity, 3)).toEqual([3, 1]);
  expect(sizes(45, 3)).toEqual([2, 1, 1]);
});
