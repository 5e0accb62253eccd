import { BatchWriteItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { KeyBudget } from '../../../../local/services/dynamodb/strict/key-budget.ts';
import { passingTime } from '../../../../local/services/dynamodb/strict/passing-time.ts';
import { Throughput } from '../../../../local/services/dynamodb/strict/throughput.ts';
import { countedKey } from '../../../../local/services/dynamodb/strict/write-units.ts';
import { smallCloud, startSmallCloud } from '../../services/small-cloud.ts';
import { type Cloud, cloudOf, get, nameOf, put, transact } from './strict-cloud.ts';

let comfortable: Cloud;
let strict: Cloud;

beforeAll(async () => {
  // The wall stands still: however slow the machine is, a second passes when the test says so.
  const standing = startSmallCloud({ strict: { seed: 3 }, wall: () => 0 });
  [comfortable, strict] = await Promise.all([cloudOf(null), standing]);
});
afterAll(() => Promise.all([comfortable.stop(), strict.stop()]));

/** 120 KB and so many units at one write. */
const heavy = { text: { S: 'x'.repeat(119 * 1024) } };
const outcomes = async (cloud: Cloud, count: number, command: (index: number) => ReturnType<typeof put>) => {
  const all: string[] = [];
  for (let index = 0; index < count; index += 1) all.push(await nameOf(cloud.open.db.send(command(index))));
  return all;
};
const nextSecond = (cloud: Cloud) => cloud.clock.advance(1.1);

describe('the writes of one key', () => {
  it('are 1,000 units a second: hurts who gathers everything under it', async () => {
    const hot = () => put('hot', heavy);
    expect(new Set(await outcomes(comfortable, 12, hot))).toEqual(new Set(['done']));
    await nextSecond(strict);
    const written = await outcomes(strict, 12, hot);
    expect(written.indexOf('ThrottlingException')).toBe(9);
    // Another key goes on, and so does this one a second later, by whichever clock.
    expect(await outcomes(strict, 1, () => put('cool'))).toEqual(['done']);
    await nextSecond(strict);
    expect(await outcomes(strict, 1, hot)).toEqual(['done']);
  });

  it('push back on the table when they are those of an index: hurts who gives every item the same value', async () => {
    const projected = (index: number) => put(`spread-${index}`, { queue: { S: 'ALL' }, subject: heavy.text });
    expect(new Set(await outcomes(comfortable, 12, projected))).toEqual(new Set(['done']));
    await nextSecond(strict);
    expect((await outcomes(strict, 12, projected)).indexOf('ThrottlingException')).toBe(9);
    await expect(strict.open.db.send(projected(20))).rejects.toMatchObject({
      name: 'ThrottlingException',
      throttlingReasons: [
        {
          reason: 'IndexWriteKeyRangeThroughputExceeded',
          resource: expect.stringMatching(/operations\/index\/queue$/),
        },
      ],
    });
    // What is not in that index, or elsewhere in it, is written.
    const elsewhere = [() => put('spread-a', heavy), () => put('spread-b', { queue: { S: 'OTHER' } })];
    for (const command of elsewhere) expect(await outcomes(strict, 1, command)).toEqual(['done']);
  });

  it('cost only what an index shows of them', async () => {
    await nextSecond(strict);
    const unseen = (index: number) => put(`unseen-${index}`, { queue: { S: 'LIGHT' }, ...heavy });
    expect(new Set(await outcomes(strict, 20, unseen))).toEqual(new Set(['done']));
  });

  it('cancel a transaction, of which nothing is written', async () => {
    await nextSecond(strict);
    while ((await nameOf(strict.open.db.send(put('full', heavy)))) === 'done');
    const error: unknown = await strict.open.db.send(transact('empty', 'full')).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    const codes = (error as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code);
    // Now and then the imaginary writer is met first.
    if (codes?.includes('TransactionConflict') !== true) expect(codes).toEqual(['None', 'ThrottlingError']);
    expect((await strict.open.db.send(get('empty'))).Item).toBeUndefined();
  });

  it('refuse a batch', async () => {
    await nextSecond(strict);
    const batch = (start: number) =>
      new BatchWriteItemCommand({
        RequestItems: {
          operations: Array.from({ length: 8 }, (_unused, index) => ({
            PutRequest: { Item: { PK: { S: 'batched' }, SK: { S: `${start + index}` }, ...heavy } },
          })),
        },
      });
    const all: string[] = [];
    for (let start = 0; start < 40; start += 8) all.push(await nameOf(strict.open.db.send(batch(start))));
    expect(all).toEqual(['done', 'done', ...Array.from({ length: 3 }, () => 'ThrottlingException')]);
  });
});

it('the reads of one key are 3,000 units a second, half for eventual ones', () => {
  const table = smallCloud.tables[0]!;
  const until = (factor: number): number => {
    const throughput = new Throughput(() => 0);
    const read = { key: countedKey(table, null, { S: 'read' }), factor };
    let reads = 0;
    for (; !throughput.isReadOut(read); reads += 1) throughput.read(read, 400 * 1024);
    expect(throughput.isReadOut({ ...read, key: countedKey(table, null, { S: 'other' }) })).toBe(false);
    expect(throughput.isReadOut({ ...read, key: countedKey(table, 'queue', { S: 'read' }) })).toBe(false);
    return reads;
  };
  expect([until(1), until(0.5)]).toEqual([30, 60]);
});

it('refuses reads of a key that has been read out', async () => {
  await nextSecond(strict);
  await strict.open.db.send(put('read', { text: { S: 'x'.repeat(395 * 1024) } }));
  for (let read = 0; read < 31; read += 1) await strict.open.db.send(get('read'));
  expect(await nameOf(strict.open.db.send(get('read')))).toBe('ThrottlingException');
  await nextSecond(strict);
  await strict.open.db.send(get('read'));
});

/** A reference without any cleverness: the sum over the last second of everything ever spent. */
it('a key never has more than its limit and one write in any second', () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 700 }), units: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 0;
      const budget = new KeyBudget(100, () => now);
      const spent: { at: number; units: number }[] = [];
      for (const { after, units } of steps) {
        now += after;
        const used = spent.filter(({ at }) => at > now - 1000).reduce((sum, one) => sum + one.units, 0);
        expect(budget.isSpent('k')).toBe(used >= 100);
        if (budget.isSpent('k')) continue;
        budget.spend('k', units);
        spent.push({ at: now, units });
      }
    }),
  );
});

it('time passes by the faster of both clocks, and never backwards', () => {
  const move = fc.record({ virtual: fc.integer({ min: -5000, max: 5000 }), wall: fc.nat(5000) });
  fc.assert(
    fc.property(fc.array(move), (moves) => {
      const at = { virtual: 0, wall: 0 };
      const passed = passingTime({ now: () => at.virtual }, () => at.wall);
      let expected = 0;
      for (const { virtual, wall } of moves) {
        at.virtual += virtual;
        at.wall += wall;
        expected += Math.max(virtual, wall);
        expect(passed()).toBe(expected);
      }
    }),
  );
});
