import type { ReportLeg } from './contents.ts';

interface Bar {
  readonly leg: ReportLeg;
  /** Of the whole width, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

const barsOf = (legs: readonly ReportLeg[]): readonly Bar[] => {
  const starts = legs.map(({ startedAt }) => Date.parse(startedAt));
  const ends = legs.map(({ startedAt, endedAt }) => Date.parse(endedAt ?? startedAt));
  const first = Math.min(...starts);
  const whole = Math.max(1, Math.max(...ends) - first);
  return legs.map((leg, index) => ({
    leg,
    from: ((starts[index] ?? first) - first) / whole,
    to: ((ends[index] ?? first) - first) / whole,
  }));
};

const rowHeight = 22;
const labelWidth = 190;
const barWidth = 500;
const figureWidth = 110;
const round = (value: number): number => Math.round(value * 10) / 10;

const rowOf = ({ leg, from, to }: Bar, index: number, escape: (text: string) => string): string => {
  const y = index * rowHeight;
  const x = labelWidth + from * barWidth;
  const width = Math.max(2, (to - from) * barWidth);
  const figure = leg.seconds === null ? 'not ended' : `${round(leg.seconds)} s`;
  return [
    `<text x="0" y="${y + 15}">${escape(leg.name)}</text>`,
    `<rect x="${round(x)}" y="${y + 4}" width="${round(width)}" height="14" rx="2"/>`,
    `<text x="${labelWidth + barWidth + 8}" y="${y + 15}">${escape(figure)}</text>`,
  ].join('');
};

/** The legs of a drill, drawn one under the other along one axis of time. Takes its colours from the page around it. */
export const timeline = (legs: readonly ReportLeg[], escape: (text: string) => string): string => {
  if (legs.length === 0) return '';
  const width = labelWidth + barWidth + figureWidth;
  const rows = barsOf(legs).map((bar, index) => rowOf(bar, index, escape));
  return `<svg viewBox="0 0 ${width} ${legs.length * rowHeight}" role="img" aria-label="The legs of the drill, in time">${rows.join('')}</svg>`;
};
