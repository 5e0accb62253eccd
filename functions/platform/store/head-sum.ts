import { createHash } from 'node:crypto';
import { canonicalJson } from './event.ts';
import type { Item } from './item-kind.ts';

/** The attribute of a head that holds the sum of its others. */
export const sumAttribute = 'sum';

/** What says where an item lies and when it is due next, and not what it holds; the sum is none of its own parts. */
const leftOut: ReadonlySet<string> = new Set(['PK', 'SK', sumAttribute, 'dueAt', 'dueAttempts', 'dueShard', 'dueLane']);

/** Begins the name of what stands for a value that JSON does not have; a name of ours that begins so gets one more. */
const mark = '\0';

/** The same value as JSON has it: of a set its members in order, of bytes their Base64, each told from a map of the same look. */
const plain = (value: unknown): unknown => {
  if (value instanceof Set) return { [`${mark}set`]: [...value].map((one) => canonicalJson(plain(one))).sort() };
  if (value instanceof Uint8Array) return { [`${mark}bytes`]: Buffer.from(value).toString('base64') };
  // The document client leaves out of a list what is undefined, so the table has a list without it.
  if (Array.isArray(value)) return value.filter((one) => one !== undefined).map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.startsWith(mark) ? `${mark}${name}` : name, plain(inner)]),
  );
};

/**
 * 64 bits over all that a head holds, in eleven characters: whether a head is whole can be seen by itself, when there is
 * nothing left to compare it with. Whoever changes a head without the committer takes the sum off it; a head without one says
 * nothing about itself.
 */
export const headSum = (head: Item): string => {
  const held = Object.entries(head).filter(([name]) => !leftOut.has(name));
  const hash = createHash('sha256').update(canonicalJson(plain(Object.fromEntries(held))));
  return hash.digest().subarray(0, 8).toString('base64url');
};

/** A head with the sum of what it holds now, if it had the right one of what it held before; a wrong one stays, and stays wrong. */
export const resummed = (before: Item, after: Item): Item =>
  before[sumAttribute] === headSum(before) ? { ...after, [sumAttribute]: headSum(after) } : after;
