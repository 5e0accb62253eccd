import * as z from 'zod';
import { type IdPrefix, idPattern } from '../ids.ts';

/** Field schemas that every part of the contract shares. */

export const id = (prefix: IdPrefix) =>
  z.string().regex(idPattern(prefix), `must be an id like ${prefix}_01J8Z0K3V5W7Y9ABCDEFGHJKMN`);

/** An instant with zone offset; answered in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 instant with Z or an offset, like 2026-03-01T09:30:00Z' })
  .transform((text) => new Date(text).toISOString());

/** An instant as it stands in answers. */
export const storedInstant = z.iso.datetime();

/** One line of text without control characters, trimmed, 1 to `max` characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters or line breaks');

/** Text of several lines, up to `maxBytes` bytes in UTF-8. */
export const text = (maxBytes: number) =>
  z
    .string()
    .refine((value) => Buffer.byteLength(value) <= maxBytes, `must have at most ${maxBytes} bytes in UTF-8`)
    .refine((value) => !value.includes('\u0000'), 'must not contain NUL characters')
    .meta({ maxLength: maxBytes });

export const email = z
  .email({ pattern: z.regexes.html5Email, error: 'must be an e-mail address' })
  .max(254)
  .transform((value) => value.toLowerCase());

/** E.164. */
export const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164 form, like +4930123456');

export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(25)
    .describe('Items on a page, 1 to 100. A filtered page may be shorter; the list has ended when nextCursor is null.'),
  cursor: z.string().max(2048).optional().describe('nextCursor of the page before.'),
};

/** A page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** The good answer of a list: a page, whose schema is built when it is first needed. */
export const aPageOf = <Item extends z.ZodType>(item: Item) => ({
  status: 200 as const,
  get answer() {
    return pageOf(item);
  },
});
