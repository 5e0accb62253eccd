import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { type Positions, positionSchema, type SegmentPosition } from './walk.ts';

const journalSchema = z.object({
  target: z.string(),
  segments: z.number(),
  tables: z.record(z.string(), z.record(z.coerce.number(), positionSchema)),
});

/**
 * How far a walk has come, in a file: one that was stopped goes on there. Of another target, or with other segments, it
 * means nothing and is begun anew. Losing it costs reading only.
 */
export class Journal {
  readonly #file: string;
  readonly #known: z.infer<typeof journalSchema>;

  constructor(file: string, target: string, segments: number) {
    this.#file = file;
    const found = readJournal(file);
    this.#known = found?.target === target && found.segments === segments ? found : { target, segments, tables: {} };
  }

  positions(table: string): Positions {
    return this.#known.tables[table] ?? {};
  }

  note(table: string, segment: number, position: SegmentPosition): void {
    this.#known.tables[table] = { ...this.#known.tables[table], [segment]: position };
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#known));
    renameSync(`${this.#file}.new`, this.#file);
  }

  finish(): void {
    rmSync(this.#file, { force: true });
  }
}

const readJournal = (file: string): z.infer<typeof journalSchema> | null => {
  try {
    return journalSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
};
