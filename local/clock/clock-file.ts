import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const schema = z.object({ offsetMs: z.number(), lastMs: z.number() });

/** Where virtual time survives a restart: the offset, and the last instant that was told to anybody. */
export interface ClockFile {
  read(): z.output<typeof schema> | null;
  write(state: z.output<typeof schema>): void;
}

/** For desks that keep nothing. */
export const noClockFile: ClockFile = { read: () => null, write: () => {} };

/** A small JSON file, replaced as a whole, so that a kill leaves the old or the new one. */
export const clockFileAt = (path: string): ClockFile => ({
  read: () => (existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null),
  write: (state) => {
    writeFileSync(`${path}.new`, JSON.stringify(state));
    renameSync(`${path}.new`, path);
  },
});
