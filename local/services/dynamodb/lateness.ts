import { wholeOf } from '../../chance.ts';
import type { Strict } from '../../strict.ts';
import { type Attributes, keyText } from './attribute-value.ts';

/** When expired items go. All in epoch seconds. */
export interface Lateness {
  /** The earliest instant at which an item of this expiry may go. */
  earliest(expiry: number): number;
  /** The instant at which this item goes. */
  of(tableName: string, key: Attributes, expiry: number): number;
}

const comfortableSeconds = 10 * 60;
const hour = 3600;
/** "Within a few days." */
const strictHours = { least: 1, most: 72 };

const hourAfter = (seconds: number): number => Math.ceil(seconds / hour) * hour;

/**
 * How long an item outlives its expiry: AWS says "within a few days", so nothing may rely on its end. Here it is ten minutes;
 * under the strict profile hours or days, by seed and key, to the full hour, so that one look an hour finds them all.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html)
 */
export const latenessOf = (strict: Strict | null): Lateness =>
  strict === null
    ? { earliest: (expiry) => expiry + comfortableSeconds, of: (_table, _key, expiry) => expiry + comfortableSeconds }
    : {
        earliest: (expiry) => hourAfter(expiry + strictHours.least * hour),
        of: (table, key, expiry) =>
          hourAfter(expiry + wholeOf(strictHours, strict.seed, 'expiry', keyText(table, key)) * hour),
      };
