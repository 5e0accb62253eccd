import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { canonicalJson } from '../../../functions/platform/store/event.ts';
import { headSum, resummed } from '../../../functions/platform/store/head-sum.ts';
import type { Item } from '../../../functions/platform/store/item-kind.ts';

const due = ['dueAt', 'dueAttempts', 'dueShard', 'dueLane'];
const apart = new Set(['PK', 'SK', 'sum', ...due]);

/** The SDK looks at an object's constructor to see what it is: it has no attribute of that name, and neither has a head. */
const isUsable = (name: string): boolean => name !== '__proto__' && name !== 'constructor';

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }).map((list) => new Set(list)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }).filter(isUsable), tie('value'), { maxKeys: 4 }),
  ),
}));
const attribute = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => isUsable(name) && !apart.has(name));
const head: fc.Arbitrary<Item> = fc.dictionary(attribute, value, { maxKeys: 8 });
const throughTheTable = (item: Item): Item =>
  unmarshall(marshall(item, { removeUndefinedValues: true, convertEmptyValues: false }));

describe('the sum of a head', () => {
  it('is eleven characters of what it holds', () => {
    expect(headSum({ id: 'tkt_1', version: 3 })).toMatch(/^[\w-]{11}$/);
    // printf '{"chain":"x","id":"tkt_1","tags":["a","b"],"version":3}' | openssl dgst -sha256 -binary | head -c 8 | base64
    expect(headSum({ version: 3, id: 'tkt_1', chain: 'x', tags: ['a', 'b'] })).toBe('DC1byh7u0NE');
  });

  it('is the same after the table has had it, whatever the order of its attributes', () => {
    fc.assert(
      fc.property(head, (item) => {
        const turned = Object.fromEntries(Object.entries(item).toReversed());
        expect(headSum(throughTheTable(item))).toBe(headSum(item));
        expect(headSum(turned)).toBe(headSum(item));
      }),
      { numRuns: 300 },
    );
  });

  it('is another one when any attribute is added, taken away or changed', () => {
    fc.assert(
      fc.property(head, attribute, value, value, (item, name, one, other) => {
        const { [name]: _without, ...without } = item;
        const sums = [without, { ...without, [name]: one }, { ...without, [name]: other }].map(headSum);
        expect(sums[1]).not.toBe(sums[0]);
        // The table cannot tell more than what comes back of it.
        const same = canonicalText({ one }) === canonicalText({ one: other });
        expect(sums[1] === sums[2]).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it('counts the version of the schema, the version and the chain', () => {
    const item = { id: 'tkt_1', version: 1, chain: 'a' };
    for (const change of [{ schema: 2 }, { version: 2 }, { chain: 'b' }])
      expect(headSum({ ...item, ...change })).not.toBe(headSum(item));
  });

  it.each(['PK', 'SK', 'sum', ...due])('does not count %s', (name) => {
    const item = { id: 'tkt_1', version: 1 };
    expect(headSum({ ...item, [name]: 'x' })).toBe(headSum(item));
    // Inside a map it is an attribute like any other.
    expect(headSum({ ...item, within: { [name]: 'x' } })).not.toBe(headSum({ ...item, within: {} }));
  });

  it('tells a set from a list and a map, and bytes from their text', () => {
    const bytes = new Uint8Array([1, 2]);
    const alike = [new Set(['a', 'b']), ['a', 'b'], { '\0set': ['"a"', '"b"'] }, bytes, 'AQI=', { '\0bytes': 'AQI=' }];
    expect(new Set(alike.map((one) => headSum({ one }))).size).toBe(alike.length);
    expect(headSum({ one: new Set(['b', 'a']) })).toBe(headSum({ one: new Set(['a', 'b']) }));
  });
});

describe('a head that is rewritten', () => {
  const before = { id: 'tkt_1', version: 1 };
  const after = { id: 'tkt_1', version: 1, schema: 2 };

  it('gets the sum of what it is now', () => {
    const rewritten = resummed({ ...before, sum: headSum(before) }, { ...after, sum: headSum(before) });
    expect(rewritten['sum']).toBe(headSum(after));
  });

  it('keeps a sum that was wrong, so that a fault is not made right by rewriting it', () => {
    const wrong = headSum({ ...before, id: 'tkt_2' });
    expect(resummed({ ...before, sum: wrong }, { ...after, sum: wrong })['sum']).toBe(wrong);
  });

  it('gets none when it had none', () => {
    expect(resummed(before, after)).toEqual(after);
  });
});

/** A text by another way: DynamoDB's own notation, its sets in order. */
function canonicalText(item: Item): string {
  return canonicalJson(
    JSON.parse(
      JSON.stringify(marshall(item, { removeUndefinedValues: true }), (name, inner: unknown) =>
        (name === 'SS' || name === 'NS') && Array.isArray(inner) ? [...inner].sort() : inner,
      ),
    ),
  );
}
