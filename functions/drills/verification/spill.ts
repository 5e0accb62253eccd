import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { shardCount } from '../domain/manifest.ts';
import type { WorkFiles } from './work-store.ts';

/** Records that were written together: a file for each part that had any. */
export const flushSchema = z.object({
  /** Not the same when a slice is repeated, so what a dead one left behind is never read. */
  id: z.string(),
  lines: z.number().int(),
  /** The parts that have a file, as bits in base64url; null: all. */
  parts: z.string().nullable(),
});
export type Flush = z.infer<typeof flushSchema>;

/** Into how many files the records of a scan go, so that one of them fits into memory many times. */
export const partsFor = (items: number): number => {
  const wanted = items / 16_000;
  return wanted <= 4 ? 4 : wanted <= 16 ? 16 : wanted <= 64 ? 64 : shardCount;
};

/** A part holds whole shards, and these whole partitions. */
export const partOf = (shard: number, parts: number): number => Math.floor((shard * parts) / shardCount);

export const hasPart = (flush: Flush, part: number): boolean => {
  if (flush.parts === null) return true;
  const bits = Buffer.from(flush.parts, 'base64url');
  return (((bits[part >> 3] ?? 0) >> (part & 7)) & 1) === 1;
};

const nameOf = (prefix: string, flush: string, part: number): string => `${prefix}/${flush}/${part}`;

/** A file that must be there is not, or is not whole. */
export class ScanFileDamaged extends Error {
  override readonly name = 'ScanFileDamaged';
}

const atOnce = 16;

/** Lines on their way to files, by parts. */
export class Spill {
  readonly #files: WorkFiles;
  readonly #prefix: string;
  #lines: string[][];
  #count = 0;
  #letters = 0;
  readonly flushes: Flush[] = [];

  constructor(files: WorkFiles, prefix: string, parts: number) {
    this.#files = files;
    this.#prefix = prefix;
    this.#lines = Array.from({ length: parts }, () => []);
  }

  /** How much waits to be written. */
  get letters(): number {
    return this.#letters;
  }

  add(part: number, line: string): void {
    this.#lines[part]?.push(line);
    this.#count += 1;
    this.#letters += line.length + 1;
  }

  /** Writes what has been added so far. */
  async flush(): Promise<void> {
    if (this.#count === 0) return;
    const lines = this.#lines;
    const count = this.#count;
    this.#lines = lines.map(() => []);
    this.#count = 0;
    this.#letters = 0;
    const id = randomBytes(6).toString('base64url');
    const filled = lines.map((_lines, part) => part).filter((part) => (lines[part]?.length ?? 0) > 0);
    for (let start = 0; start < filled.length; start += atOnce) {
      await Promise.all(
        filled.slice(start, start + atOnce).map((part) => {
          const own = lines[part] ?? [];
          return this.#files.put(nameOf(this.#prefix, id, part), `${own.length}\n${own.join('\n')}`);
        }),
      );
    }
    const bits = Buffer.alloc(Math.ceil(lines.length / 8));
    for (const part of filled) bits[part >> 3] = (bits[part >> 3] ?? 0) | (1 << (part & 7));
    this.flushes.push({
      id,
      lines: count,
      parts: filled.length === lines.length ? null : bits.toString('base64url'),
    });
  }
}

/** All lines of a part. @throws ScanFileDamaged */
export const readPart = async (
  files: WorkFiles,
  prefix: string,
  flushes: readonly Flush[],
  part: number,
): Promise<readonly string[]> => {
  const names = flushes.filter((flush) => hasPart(flush, part)).map(({ id }) => nameOf(prefix, id, part));
  const found: string[] = [];
  for (let start = 0; start < names.length; start += atOnce) {
    const texts = await Promise.all(names.slice(start, start + atOnce).map(async (name) => linesOf(files, name)));
    for (const lines of texts) for (const line of lines) found.push(line);
  }
  return found;
};

const linesOf = async (files: WorkFiles, name: string): Promise<readonly string[]> => {
  const text = await files.get(name);
  if (text === null) throw new ScanFileDamaged(`the file ${name} of the scan is missing`);
  const [count, ...lines] = text.split('\n');
  if (Number(count) !== lines.length) throw new ScanFileDamaged(`the file ${name} of the scan is cut short`);
  return lines;
};
