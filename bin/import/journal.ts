import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { resultSchema } from './answers.ts';
import { CommandFailure, messageOf } from '../command/failure.ts';

const startedSchema = z.object({ kind: z.literal('started'), run: z.string(), url: z.string(), at: z.string() });
const doneSchema = resultSchema.extend({ kind: z.literal('done'), hash: z.string() });
const finishedSchema = z.object({ kind: z.literal('finished'), at: z.string() });
const lineSchema = z.discriminatedUnion('kind', [startedSchema, doneSchema, finishedSchema]);

/** An incident that the desk has answered for, with the hash of the content that was sent. */
export type Done = Omit<z.output<typeof doneSchema>, 'kind'>;

export interface Journal {
  /** Names the run over all its interruptions; part of every idempotency key. */
  readonly run: string;
  /** What an interrupted run has done already, by incident. */
  readonly done: ReadonlyMap<string, Done>;
  /** Writes the answers of one batch, all or none of them, before the next batch is taken. */
  readonly append: (done: readonly Done[]) => void;
  /** The run is over: the next one starts anew and asks the desk about everything again. */
  readonly finish: () => void;
}

/** A line cut off by a kill is not JSON and is passed over: its incidents are sent again, and found unchanged. */
const readLines = (file: string): readonly z.output<typeof lineSchema>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        const line = lineSchema.safeParse(JSON.parse(text));
        return line.success ? [line.data] : [];
      } catch {
        return [];
      }
    });

/** What is worth continuing: the lines of a run against the same desk that has not finished. */
const unfinished = (file: string, url: string): { run: string; done: Map<string, Done> } | null => {
  if (!existsSync(file)) return null;
  const [head, ...lines] = readLines(file);
  if (head === undefined && readFileSync(file, 'utf8').trim() !== '') {
    throw new Error('it exists and is no import journal');
  }
  if (head?.kind !== 'started' || head.url !== url || lines.some(({ kind }) => kind === 'finished')) return null;
  const done = new Map<string, Done>();
  for (const line of lines) if (line.kind === 'done') done.set(line.externalId, line);
  return { run: head.run, done };
};

/**
 * Opens the journal of a run: JSON lines, one append per batch.
 * Only an unfinished run is continued. `trusted` says whether the desk still has what the journal says (a desk may have been reset meanwhile);
 * when it does not, or the run had finished, the journal starts anew, and incidents that are in are answered with `unchanged`.
 * @throws CommandFailure when the file cannot be read or written
 */
export const openJournal = async (
  file: string,
  url: string,
  trusted: (done: readonly Done[]) => Promise<boolean>,
): Promise<Journal> => {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new CommandFailure(`cannot use the journal ${file}: ${messageOf(error)}; name another with --journal`);
    }
  };
  const write = (lines: readonly z.input<typeof lineSchema>[]): void =>
    guarded(() => appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  const before = guarded(() => unfinished(file, url));
  const continued = before !== null && (await trusted([...before.done.values()])) ? before : null;
  const run = continued?.run ?? randomUUID();
  if (continued === null) {
    guarded(() =>
      writeFileSync(file, `${JSON.stringify({ kind: 'started', run, url, at: new Date().toISOString() })}\n`),
    );
  } else guarded(() => appendFileSync(file, '\n'));
  return {
    run,
    done: continued?.done ?? new Map(),
    append: (done) => write(done.map((one) => ({ kind: 'done', ...one }))),
    finish: () => write([{ kind: 'finished', at: new Date().toISOString() }]),
  };
};
