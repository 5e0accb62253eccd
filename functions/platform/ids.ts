import { createHash } from 'node:crypto';
import { ulid } from 'ulid';

/** Every kind of id and its prefix; an id is the prefix, an underscore and a ULID, so that ids sort by creation. */
export type IdPrefix =
  | 'tkt'
  | 'cus'
  | 'ctc'
  | 'tem'
  | 'agt'
  | 'evt'
  | 'alt'
  | 'sub'
  | 'pcl'
  | 'rcm'
  | 'rot'
  | 'ovr'
  | 'cal'
  | 'slp'
  | 'sla'
  | 'vio'
  | 'cac'
  | 'drl'
  | 'dpl'
  | 'svc'
  | 'bkr';

/** A new id that carries `at` (milliseconds) as its time. */
export const newId = (prefix: IdPrefix, at: number): string => `${prefix}_${ulid(at)}`;

/** The pattern of an id, for schemas. */
export const idPattern = (prefix: IdPrefix): RegExp => new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);

/** The letters of a ULID, each five bits. */
export const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The same id for the same parts, always: a thing that must exist once (an alert of one clock and cycle, the delivery of
 * one alert to one subscription) is claimed by writing it under its derived id.
 */
export const derivedId = (prefix: IdPrefix, ...parts: readonly string[]): string => {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  const letters = Array.from(digest.subarray(0, 26), (byte) => crockford.charAt(byte & 31));
  // A ULID's first letter is 0-7: 128 bits in 26 letters of 5.
  return `${prefix}_${crockford.charAt((digest[26] ?? 0) & 7)}${letters.slice(1).join('')}`;
};
