import { chainHash, payloadDigest, type StoredEvent } from '../../platform/store/event.ts';
import { type HeadMark, type PageReference, readPage, sha256Of, UnreadablePage } from '../domain/digest-page.ts';

/** One thing that is not as it was. */
export interface HistoryProblem {
  /** The page or entity. */
  readonly about: string;
  readonly problem: string;
}

export interface VerifyPorts {
  /** Every page that is kept, by name, in the order of the names. */
  readonly pages: () => AsyncIterable<{ readonly name: string; readonly text: string }>;
  /** The page that was kept last, as the progress of the digests says; null when there is none. */
  readonly newest: () => Promise<PageReference | null>;
  readonly history: {
    /** Where the head of an entity stands now; null when there is none. */
    head(key: string): Promise<HeadMark | null>;
    /** All its events, in order of version. */
    events(key: string): AsyncIterable<StoredEvent>;
  };
  readonly found: (problem: HistoryProblem) => void;
  /** Told now and then how far it is. */
  readonly progress?: (done: { readonly entities: number; readonly of: number }) => void;
}

export interface VerifiedHistory {
  readonly pages: number;
  readonly entities: number;
  readonly events: number;
  readonly problems: number;
  /** The day of the last digest; null when there is none: then nothing was proved. */
  readonly lastDay: string | null;
}

/** What the pages say of each entity: its version and where its chain stood then, several times over. */
type Marks = Map<string, Map<number, string>>;

/**
 * Compares the history in the table with the digests that were kept of it: every page refers to the one before by its hash,
 * every event fits its own digest and the one before, none is missing, and at each version that was once written down the
 * chain says what it said then. So whoever rewrites, removes or cuts off history of before the last digest is found out,
 * even with all rights on the table. What happened since is only checked in itself.
 */
export const verifyHistory = async (ports: VerifyPorts): Promise<VerifiedHistory> => {
  let problems = 0;
  const found = (problem: HistoryProblem): void => {
    problems += 1;
    ports.found(problem);
  };
  const { marks, pages, lastDay } = await readPages(ports, found);
  let events = 0;
  let entities = 0;
  for (const [key, known] of marks) {
    events += await verifyEntity(ports, key, known, (problem) => found({ about: key, problem }));
    entities += 1;
    ports.progress?.({ entities, of: marks.size });
  }
  return { pages, entities, events, problems, lastDay };
};

const readPages = async (
  ports: VerifyPorts,
  found: (problem: HistoryProblem) => void,
): Promise<{ readonly marks: Marks; readonly pages: number; readonly lastDay: string | null }> => {
  const marks: Marks = new Map();
  let before: PageReference | null = null;
  let lastDay: string | null = null;
  let open = false;
  let pages = 0;
  for await (const { name, text } of ports.pages()) {
    pages += 1;
    try {
      const { header, marks: ofPage } = readPage(text);
      if (JSON.stringify(header.previous) !== JSON.stringify(before)) {
        const wanted = header.previous === null ? 'no page' : header.previous.name;
        found({
          about: name,
          problem: `follows ${wanted}, but ${before?.name ?? 'no page'} is there, or it was altered`,
        });
      }
      lastDay = header.day;
      open = header.next !== null;
      for (const { key, version, chain } of ofPage) {
        const known = marks.get(key) ?? new Map<number, string>();
        const other = known.get(version);
        if (other !== undefined && other !== chain) {
          found({ about: key, problem: `version ${version} was written down twice, differently` });
        }
        marks.set(key, known.set(version, chain));
      }
    } catch (error) {
      if (!(error instanceof UnreadablePage)) throw error;
      found({ about: name, problem: error.message });
    }
    before = { name, sha256: sha256Of(text) };
  }
  const newest = await ports.newest();
  if (JSON.stringify(newest) !== JSON.stringify(before)) {
    found({ about: newest?.name ?? before?.name ?? '', problem: 'the newest page is not the one that was kept last' });
  }
  if (open) found({ about: lastDay ?? '', problem: 'the last digest is not finished: its later pages are missing' });
  return { marks, pages, lastDay };
};

/** Answers how many events were read. */
const verifyEntity = async (
  { history }: VerifyPorts,
  key: string,
  known: ReadonlyMap<number, string>,
  found: (problem: string) => void,
): Promise<number> => {
  let version = 0;
  let chain = '';
  const reached = new Set<number>();
  for await (const event of history.events(key)) {
    if (event.version !== version + 1) found(`events ${version + 1} to ${event.version - 1} are missing`);
    version = event.version;
    if (payloadDigest(event.salt, event) !== event.digest) found(`event ${version} is not what was recorded`);
    const linked = chainHash(chain, version, event.digest);
    if (linked !== event.hash) found(`event ${version} does not follow the one before`);
    chain = event.hash;
    const written = known.get(version);
    if (written === undefined) continue;
    reached.add(version);
    if (written !== chain) found(`the history up to event ${version} is not the one that was written down`);
  }
  for (const wanted of known.keys()) {
    if (wanted > version) found(`event ${wanted} was written down and is gone`);
    else if (!reached.has(wanted)) found(`event ${wanted} was written down and is missing`);
  }
  const head = await history.head(key);
  if (head === null) found('the entity itself is gone');
  else if (head.version !== version || head.chain !== chain) {
    found(`the head is at version ${head.version}, its history ends at ${version}, or in another chain`);
  }
  return version;
};
