import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { CommandFailure, messageOf } from '../command/failure.ts';
import type { Done } from './journal.ts';
import type { BadRow, Log } from './servicenow-log/read-log.ts';
import { readRecords } from './servicenow-log/records.ts';

/** Why rows are kept back: per incident (all of its rows), and per line for the rows at fault. */
export interface Rejects {
  readonly incidents: ReadonlyMap<string, string>;
  readonly lines: ReadonlyMap<number, BadRow>;
}

const HEADER = 'reject_line,reject_column,reject_reason';

/** `line 17, column priority: unknown priority ...`, one text per fault. */
export const describe = (row: BadRow): readonly string[] =>
  row.faults.map(({ column, reason }) => `line ${row.line}${column === null ? '' : `, column ${column}`}: ${reason}`);

/** Rows that are bad by themselves, their incidents, and incidents that the desk refused. */
export const gatherRejects = (log: Log, refused: readonly Done[]): Rejects => {
  const incidents = new Map<string, string>();
  for (const row of log.badRows) {
    if (row.number === null || incidents.has(row.number)) continue;
    incidents.set(row.number, `incident ${row.number} is left out because of ${describe(row).join('; ')}`);
  }
  for (const { externalId, errors } of refused) {
    incidents.set(externalId, `the desk refused incident ${externalId}: ${errors.join('; ') || 'no reason given'}`);
  }
  return { incidents, lines: new Map(log.badRows.map((row) => [row.line, row])) };
};

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const reasonOf = (row: BadRow | undefined, incident: string | undefined): [column: string, reason: string] | null => {
  if (row !== undefined) {
    return [row.faults.map(({ column }) => column ?? '').join('; '), row.faults.map(({ reason }) => reason).join('; ')];
  }
  return incident === undefined ? null : ['', incident];
};

/** A rejects file of an earlier run would be taken for this one's; anything else at that place is not ours to remove. */
const removeOwn = (path: string): void => {
  if (!existsSync(path)) return;
  const start = Buffer.alloc(HEADER.length);
  const file = openSync(path, 'r');
  readSync(file, start, 0, start.length, 0);
  closeSync(file);
  if (start.toString('utf8') === HEADER) rmSync(path);
};

/**
 * Reads the input once more and writes every rejected row to `path`: line, column and reason, then the row as it stands in the input.
 * The extra columns are ignored on import, so a corrected rejects file can be imported as it is. Without rejects an old file is removed.
 * @returns the number of rows written
 */
export const writeRejects = async (input: string, path: string, rejects: Rejects): Promise<number> => {
  const rows: string[] = [];
  try {
    if (rejects.incidents.size === 0 && rejects.lines.size === 0) {
      removeOwn(path);
      return 0;
    }
    let numberAt = -1;
    for await (const { line, cells, raw } of readRecords(input)) {
      if (numberAt < 0) {
        numberAt = cells.indexOf('number');
        rows.push(`${HEADER},${raw}`);
        continue;
      }
      const why = reasonOf(rejects.lines.get(line), rejects.incidents.get(cells[numberAt] ?? ''));
      if (why !== null) rows.push(`${line},${quoted(why[0])},${quoted(why[1])},${raw}`);
    }
    writeFileSync(`${path}.part`, `${rows.join('\n')}\n`);
    renameSync(`${path}.part`, path);
    return rows.length - 1;
  } catch (error) {
    throw new CommandFailure(`cannot write the rejects file ${path}: ${messageOf(error)}`);
  }
};
