import { crockford, type IdPrefix } from './ids.ts';

/** What an id is beside its prefix: the 128 bits of its ULID. */
const bytesOfOne = 16;
const lettersOfOne = 26;

/** An id that is no ULID behind its prefix cannot be packed. */
export class NotPackable extends Error {
  override readonly name = 'NotPackable';
}

/** Ids of one kind, 16 bytes each, in their order: for an item that names thousands. */
export const packIds = (prefix: IdPrefix, ids: readonly string[]): Uint8Array => {
  const bytes = new Uint8Array(ids.length * bytesOfOne);
  ids.forEach((id, index) => packOne(prefix, id, bytes, index * bytesOfOne));
  return bytes;
};

const packOne = (prefix: IdPrefix, id: string, into: Uint8Array, at: number): void => {
  const first = prefix.length + 1;
  if (!id.startsWith(`${prefix}_`) || id.length !== first + lettersOfOne) throw new NotPackable(id);
  let next = at;
  let bits = 0;
  // 26 letters are 130 bits, of which the first two are never set.
  let held = -2;
  for (let letter = first; letter < id.length; letter += 1) {
    const value = crockford.indexOf(id.charAt(letter));
    if (value < 0 || (letter === first && value > 7)) throw new NotPackable(id);
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    into[next] = bits >> held;
    next += 1;
  }
};

/** What `packIds` packed. */
export const unpackIds = (prefix: IdPrefix, bytes: Uint8Array): readonly string[] => {
  if (bytes.length % bytesOfOne !== 0) throw new NotPackable(`${bytes.length} bytes`);
  return Array.from({ length: bytes.length / bytesOfOne }, (_unused, index) =>
    unpackOne(prefix, bytes, index * bytesOfOne),
  );
};

const unpackOne = (prefix: IdPrefix, from: Uint8Array, at: number): string => {
  let id = `${prefix}_`;
  let bits = 0;
  let held = 2;
  for (let index = at; index < at + bytesOfOne; index += 1) {
    bits = ((bits << 8) | (from[index] ?? 0)) & 0xfff;
    for (held += 8; held >= 5; held -= 5) id += crockford.charAt((bits >> (held - 5)) & 31);
  }
  return id;
};
