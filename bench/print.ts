import type { Row } from './row.ts';

const verdict = ({ ok }: Row): string => (ok === null ? '' : ok ? 'yes' : 'NO');

/** The rows as one table for people. */
export const asTable = (rows: readonly Row[]): string => {
  const lines = [
    ['what', 'measured', 'target', 'ok'],
    ...rows.map((row) => [row.what, row.measured, row.target, verdict(row)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [text[0], rule, ...text.slice(1)].join('\n');
};
