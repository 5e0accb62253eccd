import type { Chance } from '../sla/reference/chance.ts';

/** Stands in for the package `ulid` in the bundle: ids of a history come from its seed, so that it can be repeated. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let chance: Chance | null = null;

export const idsFrom = (source: Chance): void => {
  chance = source;
};

export const ulid = (at: number = 0): string => {
  let time = '';
  for (let left = at, place = 0; place < 10; place += 1, left = Math.floor(left / 32)) time = letters[left % 32] + time;
  return time + Array.from({ length: 16 }, () => letters[chance?.between(0, 31) ?? 0]).join('');
};
