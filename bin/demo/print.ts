import type { Figure } from './shapes.ts';

const colours = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
const style =
  (code: number) =>
  (text: string): string =>
    colours ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = style(1);
export const dim = style(2);
export const red = style(31);
export const green = style(32);
export const cyan = style(36);

export const say = (text = ''): void => console.log(text);

export const chapter = (number: number, title: string): void => say(`\n${bold(cyan(`${number}. ${title}`))}`);

export const indented = (text: string, mark = '   │ '): string =>
  text
    .split('\n')
    .map((line) => `${dim(mark)}${line}`)
    .join('\n');

/** 5400 -> `1 h 30 min`. */
export const humanSeconds = (seconds: number): string => {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  if (hours >= 48) return `${(hours / 24).toFixed(1)} d`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
};

const excluded = (figure: Figure): string =>
  Object.entries(figure.excluded)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');

/** A row of the KPI table: name, n, value, median, target, status, what was left out. */
export const figureRow = (name: string, figure: Figure, unit: 'seconds' | 'count'): string => {
  const shown = (value: number | null | undefined): string =>
    value == null ? '–' : unit === 'seconds' ? humanSeconds(value) : String(value);
  const status = { met: green('met'), missed: red('missed') }[figure.status] ?? dim(figure.status.replace('_', ' '));
  const target = figure.target === null ? '–' : `${figure.comparator} ${shown(Math.round(figure.target))}`;
  return `   ${name.padEnd(38)}${String(figure.n).padStart(5)}  ${shown(figure.value).padStart(11)}  ${shown(figure.percentiles?.p50).padStart(11)}  ${target.padStart(10)}  ${status}  ${dim(excluded(figure))}`;
};

export const figureHead = (): string =>
  dim(
    `   ${'KPI'.padEnd(38)}${'n'.padStart(5)}  ${'value'.padStart(11)}  ${'median'.padStart(11)}  ${'target'.padStart(10)}`,
  );
