/** Instants of the domain are ISO 8601 texts in UTC with milliseconds; arithmetic is done in milliseconds. */
export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const ms = (instant: string): number => Date.parse(instant);

export const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1000;

/** A sum of seconds that are exact to the millisecond, as exact. */
export const plusSeconds = (some: number, more: number): number => Math.round((some + more) * 1000) / 1000;

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** A duration as people say it, in its two largest units: `2 h 5 min`; in days from two on. */
export const inWords = (seconds: number): string => {
  let left = Math.round(seconds);
  const parts = units.slice(left < 2 * 86_400 ? 1 : 0).flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
};
