import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import { type HeadMark, type PageReference, pageName, pageText, readPage, sha256Of } from '../domain/digest-page.ts';

/** How far the digests have come; one item, changed on the version that was read. */
export interface DigestProgress {
  readonly version: number;
  readonly day: string;
  /** Pages of that day that are kept. */
  readonly pages: number;
  readonly begunAt: string;
  readonly changedSince: string | null;
  /** The last page that is kept, of whatever day. */
  readonly previous: PageReference | null;
  /** Where the next page goes on; null: the day is done. */
  readonly next: string | null;
}

export interface DigestPorts {
  readonly clock: Clock;
  readonly heads: {
    /** Up to a page of entities that changed since; `next` is where to go on, null at the end. */
    changed(
      since: string | null,
      from: string | null,
    ): Promise<{ readonly marks: readonly HeadMark[]; readonly next: string | null }>;
  };
  readonly archive: {
    /** Keeps a page for good, unless there is one of that name. Answers the text that is kept. */
    keep(name: string, text: string, contentType: string): Promise<string>;
  };
  readonly progress: {
    read(): Promise<DigestProgress | null>;
    /** False when somebody else has changed it since it was read. */
    write(progress: DigestProgress): Promise<boolean>;
  };
  /** No new page begins after this many milliseconds; the next run goes on. */
  readonly budgetMs: number;
}

export interface DigestResult {
  readonly day: string;
  readonly pages: number;
  readonly marks: number;
  /** The time was up before the day was done, or another run is at it. */
  readonly more: boolean;
}

/** Changes that were being written when the last digest looked are looked for once more. */
const overlapMs = 10 * 60_000;

/** Where a day begins that has no page yet. */
const beginning = '';

const dayOf = (instant: string): string => instant.slice(0, 10);

/** The day to write at: the one that was begun, or that of now when it is done. Null: today is done already. */
const dayToWrite = (read: DigestProgress | null, now: number): DigestProgress | null => {
  if (read !== null && read.next !== null) return read;
  const begunAt = isoInstant(now);
  if (read !== null && read.day >= dayOf(begunAt)) return null;
  return {
    version: (read?.version ?? 0) + 1,
    day: dayOf(begunAt),
    pages: 0,
    begunAt,
    changedSince: read === null ? null : isoInstant(milliseconds(read.begunAt) - overlapMs),
    previous: read?.previous ?? null,
    next: beginning,
  };
};

/**
 * Keeps where the history of each entity stands that has changed since the last digest, in pages that nobody can alter or
 * remove. A page is kept before the progress that names it: a run that dies in between is followed by one that finds the
 * page there, and goes on behind it, wherever that page says. Two runs at once keep the same pages, and one of them stops.
 * A day that was missed is in the next one: what changed since the last digest is looked for, and not what changed today.
 */
export const writeDigest = async (ports: DigestPorts): Promise<DigestResult> => {
  const endsAt = ports.clock.now() + ports.budgetMs;
  const read = await ports.progress.read();
  let progress = dayToWrite(read, ports.clock.now());
  if (progress === null) return { day: read?.day ?? '', pages: 0, marks: 0, more: false };
  // A day is begun before it has a page: a run that dies behind the first is followed up under the same day and name.
  if (progress !== read && !(await ports.progress.write(progress))) {
    return { day: progress.day, pages: 0, marks: 0, more: true };
  }
  let pages = 0;
  let marks = 0;
  while (progress.next !== null) {
    const { next: from, day, changedSince, begunAt, previous } = progress;
    const found = await ports.heads.changed(changedSince, from === beginning ? null : from);
    const page = progress.pages + 1;
    const name = pageName(day, page);
    const header = {
      format: 'cloud-service-desk/history-digest' as const,
      formatVersion: 1 as const,
      day,
      page,
      changedSince,
      begunAt,
      previous,
      next: found.next,
    };
    const kept = await ports.archive.keep(name, pageText({ header, marks: found.marks }), 'application/x-ndjson');
    const { header: keptHeader, marks: keptMarks } = readPage(kept);
    const moved: DigestProgress = {
      ...progress,
      version: progress.version + 1,
      pages: page,
      previous: { name, sha256: sha256Of(kept) },
      next: keptHeader.next,
    };
    if (!(await ports.progress.write(moved))) return { day, pages, marks, more: true };
    progress = moved;
    pages += 1;
    marks += keptMarks.length;
    if (progress.next !== null && ports.clock.now() >= endsAt) return { day, pages, marks, more: true };
  }
  return { day: progress.day, pages, marks, more: false };
};
