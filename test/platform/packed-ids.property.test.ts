import * as fc from 'fast-check';
import { derivedId } from '../../functions/platform/ids.ts';
import { NotPackable, packIds, unpackIds } from '../../functions/platform/packed-ids.ts';

const letter = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ');
const ulid = fc
  .tuple(fc.constantFrom(...'01234567'), fc.array(letter, { minLength: 25, maxLength: 25 }))
  .map(([first, others]) => `alt_${first}${others.join('')}`);
const derived = fc.string().map((text) => derivedId('alt', text));

it('ids come out as they went in, of 16 bytes each', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(ulid, derived), { maxLength: 50 }), (ids) => {
      const bytes = packIds('alt', ids);
      expect(bytes).toHaveLength(16 * ids.length);
      expect(unpackIds('alt', bytes)).toEqual(ids);
    }),
  );
});

it('any 16 bytes are an id', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(packIds('alt', unpackIds('alt', bytes))).toEqual(bytes);
    }),
  );
});

it.each([
  ['another kind', 'evt_01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['a letter that is none of a ULID', 'alt_01ARZ3NDEKTSV4RRFFQ69G5FAU'],
  ['lower case', 'alt_01arz3ndektsv4rrffq69g5fav'],
  ['more than 128 bits', 'alt_81ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['too short', 'alt_1'],
  ['too long', 'alt_01ARZ3NDEKTSV4RRFFQ69G5FAVV'],
])('refuses what it could not give back: %s', (_what, id) => {
  expect(() => packIds('alt', [id])).toThrow(NotPackable);
});

it('refuses bytes that are no whole ids', () => {
  expect(() => unpackIds('alt', new Uint8Array(17))).toThrow(NotPackable);
});
