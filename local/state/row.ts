import type { SQLOutputValue } from 'node:sqlite';

/** A row as node:sqlite hands it out. */
export type Row = Record<string, SQLOutputValue>;

/** The text in a column. Throws when the column holds anything else: the file was written by another version. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new Error(`desk.sqlite: column ${column} should be text, got ${typeof value}`);
}

/** The text in a column that may be null. */
export function optionalTextOf(row: Row, column: string): string | null {
  return row[column] === null ? null : textOf(row, column);
}

/** The number in a column. Throws when the column holds anything else. */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw new Error(`desk.sqlite: column ${column} should be a number, got ${typeof value}`);
}
