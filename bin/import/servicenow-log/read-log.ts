import { CommandFailure } from '../../command/failure.ts';
import { type CsvRecord, readRecords } from './records.ts';
import { COLUMNS, type Column, type Fault, type LogRow, readRow } from './row.ts';

/** A row that cannot be used. `number` is null when the row does not even say which incident it belongs to. */
export interface BadRow {
  readonly line: number;
  readonly number: string | null;
  readonly faults: readonly Fault[];
}

export interface Log {
  readonly rows: number;
  /** Rows of each incident that has no bad row, in file order. */
  readonly incidents: ReadonlyMap<string, readonly LogRow[]>;
  readonly badRows: readonly BadRow[];
}

const columnsOf = (file: string, header: CsvRecord): ReadonlyMap<string, number> => {
  const columns = new Map(header.cells.map((name, index) => [name, index]));
  const missing = COLUMNS.filter((column) => !columns.has(column));
  if (missing.length > 0) {
    const hint = header.cells.length === 1 && /[;\t]/.test(header.raw) ? ' (columns must be separated by commas)' : '';
    throw new CommandFailure(
      `${file} is not a servicenow-log: the header has no column ${missing.join(', ')}${hint}; nothing was sent`,
    );
  }
  return columns;
};

const readCells = (
  columns: ReadonlyMap<string, number>,
  record: CsvRecord,
): { row: LogRow | readonly Fault[]; number: string | null } => {
  const cell = (column: Column): string => record.cells[columns.get(column) ?? -1] ?? '';
  const number = cell('number');
  const named = number === '' || number === '?' ? null : number;
  if (record.cells.length !== columns.size) {
    const reason = `the row has ${record.cells.length} columns, the header has ${columns.size}`;
    return { row: [{ column: null, reason }], number: named };
  }
  return { row: readRow(record.line, cell), number: named };
};

/**
 * Reads the whole log, so that nothing is sent from a file that turns out to be broken, and rows of one incident may stand anywhere in it.
 * A history with a hole is not the truth: an incident with a bad row is left out whole.
 * @throws CommandFailure when the file cannot be read, is empty, or is no such log
 */
export const readLog = async (file: string): Promise<Log> => {
  let columns: ReadonlyMap<string, number> | null = null;
  let rows = 0;
  const incidents = new Map<string, LogRow[]>();
  const badRows: BadRow[] = [];
  for await (const record of readRecords(file)) {
    if (columns === null) {
      columns = columnsOf(file, record);
      continue;
    }
    rows += 1;
    const { row, number } = readCells(columns, record);
    if ('line' in row) {
      const siblings = incidents.get(row.number);
      if (siblings === undefined) incidents.set(row.number, [row]);
      else siblings.push(row);
    } else badRows.push({ line: record.line, number, faults: row });
  }
  if (columns === null) throw new CommandFailure(`${file} is empty`);
  for (const { number } of badRows) if (number !== null) incidents.delete(number);
  return { rows, incidents, badRows };
};
