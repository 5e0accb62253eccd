import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Where the history of one entity stood: the version of its head, and the end of its chain of events. */
export const headMarkSchema = z.object({
  /** Partition key of the entity: `TKT#tkt_...`. */
  key: z.string(),
  version: z.number().int().positive(),
  chain: z.string(),
});
export type HeadMark = z.infer<typeof headMarkSchema>;

/** A page as others refer to it. */
export const pageReferenceSchema = z.object({
  name: z.string(),
  /** SHA-256 of the page's bytes, in hex, as `sha256sum` prints it. */
  sha256: z.string(),
});
export type PageReference = z.infer<typeof pageReferenceSchema>;

export const pageHeaderSchema = z.object({
  format: z.literal('cloud-service-desk/history-digest'),
  formatVersion: z.literal(1),
  /** The UTC day that the digest is named after. */
  day: z.iso.date(),
  page: z.number().int().positive(),
  /** Entities that changed at or after this instant were looked for; null: all that there are. */
  changedSince: z.iso.datetime().nullable(),
  /** When the digest was begun. */
  begunAt: z.iso.datetime(),
  /** The page before, of this day or an earlier one; null for the first of all. So a page that vanishes is missed. */
  previous: pageReferenceSchema.nullable(),
  /** Where the next page of the day goes on; null: this is its last. */
  next: z.string().nullable(),
});
export type PageHeader = z.infer<typeof pageHeaderSchema>;

export interface DigestPage {
  readonly header: PageHeader;
  readonly marks: readonly HeadMark[];
}

/** A page that is not what it should be: cut, altered, or of a format that this version does not know. */
export class UnreadablePage extends Error {
  override readonly name = 'UnreadablePage';
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `digests/2026-11-26/00001.jsonl`: names sort as pages follow each other. */
export const pageName = (day: string, page: number): string => `digests/${day}/${String(page).padStart(5, '0')}.jsonl`;

/** A page as text: its header, then a line for each mark, JSON each, and a line break at the end of every line. */
export const pageText = ({ header, marks }: DigestPage): string =>
  [header, ...marks].map((line) => `${JSON.stringify(line)}\n`).join('');

/** @throws UnreadablePage */
export const readPage = (text: string): DigestPage => {
  if (!text.endsWith('\n')) throw new UnreadablePage('the last line is cut');
  const [first, ...rest] = text.trimEnd().split('\n');
  const parsed = z
    .object({ header: pageHeaderSchema, marks: z.array(headMarkSchema) })
    .safeParse({ header: jsonOf(first ?? ''), marks: rest.map(jsonOf) });
  if (!parsed.success) throw new UnreadablePage(z.prettifyError(parsed.error));
  return parsed.data;
};

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UnreadablePage(`a line is not JSON: ${line.slice(0, 40)}`);
  }
}
