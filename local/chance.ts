import { createHash } from 'node:crypto';

/**
 * A number from 0 up to 1 that the seed and the words decide: the same at every start, whatever was asked before. So a
 * choice needs no state to survive a restart.
 */
export const chanceOf = (seed: number, ...words: readonly (string | number)[]): number =>
  createHash('sha256')
    .update([seed, ...words].join(' '))
    .digest()
    .readUInt32BE(0) /
  2 ** 32;

/** A whole number from `least` to `most`, both included. */
export const wholeOf = (
  range: { readonly least: number; readonly most: number },
  seed: number,
  ...words: readonly (string | number)[]
): number => range.least + Math.floor(chanceOf(seed, ...words) * (range.most - range.least + 1));
