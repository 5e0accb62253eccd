import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { recordOf, rowOf } from '../../../functions/drills/verification/item-record.ts';
import { readRecord, writeRecord } from '../../../functions/drills/verification/record-line.ts';
import { canonicalItem, wireHeadSum, wireJson, type WireItem } from '../../../functions/drills/verification/wire.ts';
import { canonicalJson } from '../../../functions/platform/store/event.ts';
import { headSum } from '../../../functions/platform/store/head-sum.ts';

/** As it comes over the wire: bytes as Base64. */
const sent = (item: Record<string, unknown>): WireItem =>
  JSON.parse(
    JSON.stringify(marshall(item, { removeUndefinedValues: true }), (_key, value: unknown) =>
      value !== null &&
      typeof value === 'object' &&
      Object.values(value).every((byte) => typeof byte === 'number') &&
      Object.keys(value).length > 0 &&
      '0' in value
        ? Buffer.from(Object.values(value) as number[]).toString('base64')
        : value,
    ),
  );

const names = fc
  .oneof(fc.string({ minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 99 }).map(String))
  .filter((name) => name !== '__proto__' && !name.startsWith('\0'));
const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 5 }),
  ),
}));
const items = fc.dictionary(names, tree, { maxKeys: 8 }).map((item) => ({ ...item, PK: 'TKT#a', SK: 'T' }));

it('says of what was sent what the store says of what it reads', () => {
  fc.assert(
    fc.property(items, (item) => {
      const wire = sent(item);
      const read = unmarshall(marshall(item));
      for (const [name, value] of Object.entries(wire)) expect(wireJson(value)).toBe(canonicalJson(read[name]));
      expect(wireHeadSum(wire)).toBe(headSum(read));
    }),
    { numRuns: 300, verbose: 0 },
  );
});

it('sums sets and bytes as the store does', () => {
  const item = {
    PK: 'a',
    SK: 'T',
    tags: new Set(['b', 'a"', 'ü']),
    counts: new Set([3, 20, 1.5]),
    bytes: new Uint8Array([1, 2, 250]),
  };
  expect(wireHeadSum(sent(item))).toBe(headSum(item));
});

it('gives two items one text only when they are the same', () => {
  fc.assert(
    fc.property(items, items, (one, other) => {
      const same = canonicalJson(one) === canonicalJson(other);
      expect(canonicalItem(sent(one)) === canonicalItem(sent(other))).toBe(same);
      const shuffled = Object.fromEntries(Object.entries(sent(one)).toReversed());
      expect(canonicalItem(shuffled)).toBe(canonicalItem(sent(one)));
    }),
    { numRuns: 300, verbose: 0 },
  );
});

it('reads from a line the record that it wrote, whatever the keys are', () => {
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(key, key, fc.boolean(), (PK, SK, event) => {
      const item = { ...(event ? { hash: 'h\t\\', chain: 'c\n', version: 3 } : {}), at: '2026-03-02T12:00:00.000Z' };
      const indexes = [{ name: 'i', keys: ['at'] }];
      const record = recordOf(sent({ ...item, PK, SK }), { keys: ['PK', 'SK'], indexes, now: Date.now() });
      const line = writeRecord(record);
      expect(line).not.toContain('\n');
      expect(readRecord(line)).toEqual(record);
    }),
    { numRuns: 300, verbose: 0 },
  );
});

it('has no row of an item without the keys of an index', () => {
  const index = { name: 'i', keys: ['a', 'b'] };
  expect(rowOf(index, { a: { S: 'x' } })).toBeNull();
  expect(rowOf(index, { a: { S: 'x' }, b: { N: '1' } })).not.toBe(rowOf(index, { a: { S: 'x' }, b: { S: '1' } }));
});
