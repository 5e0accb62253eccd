import * as z from 'zod';
import type { Figure, Grouping, Kpi } from './recount.ts';

export const figureSchema = z.object({
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
  n: z.number(),
  excluded: z.record(z.string(), z.number()),
  status: z.string(),
  percentiles: z.object({ p50: z.number().nullable(), p90: z.number().nullable() }).nullish(),
});
export type Answered = z.infer<typeof figureSchema>;

const MEAN_TOLERANCE = 1e-6;
const PERCENTILE_TOLERANCE = 0.01 + 1e-9;

const near = (a: number, b: number, relative: number): boolean =>
  Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b), 1e-6);

const nearOrNull = (a: number | null, b: number | null, relative: number): boolean =>
  a === null || b === null ? a === b : near(a, b, relative);

const counts = (kpi: Kpi, grouping: Grouping, excluded: Record<string, number>): string =>
  Object.entries(excluded)
    .filter(
      ([reason, count]) =>
        count !== 0 && !(kpi === 'resolution-time' && grouping === 'priority' && reason === 'otherPriority'),
    )
    .map(([reason, count]) => `${reason} ${count}`)
    .sort()
    .join(', ');

/** Nothing counted and nothing excluded: such a cell may be answered or left out. */
export const isEmpty = (kpi: Kpi, grouping: Grouping, figure: Pick<Answered, 'n' | 'excluded'>): boolean =>
  figure.n === 0 && counts(kpi, grouping, figure.excluded) === '';

/** Compares one answered figure with its recount. For volume only value and n are defined. */
export const compareFigure = (
  where: string,
  kpi: Kpi,
  grouping: Grouping,
  expected: Figure,
  actual: Answered,
): string[] => {
  const differences: string[] = [];
  const check = (what: string, same: boolean, right: unknown, got: unknown) => {
    if (!same) differences.push(`${where} ${what}: recount ${String(right)}, desk ${String(got)}`);
  };
  check('n', expected.n === actual.n, expected.n, actual.n);
  if (kpi === 'ticket-volume') {
    if (expected.n > 0) check('value', expected.value === actual.value, expected.value, actual.value);
    return differences;
  }
  check('value', nearOrNull(expected.value, actual.value, MEAN_TOLERANCE), expected.value, actual.value);
  check('numerator', near(expected.numerator, actual.numerator, MEAN_TOLERANCE), expected.numerator, actual.numerator);
  check('denominator', expected.denominator === actual.denominator, expected.denominator, actual.denominator);
  const [left, right] = [counts(kpi, grouping, expected.excluded), counts(kpi, grouping, actual.excluded)];
  check('excluded', left === right, left, right);
  if (expected.n === 0) check('status', actual.status === 'no_data', 'no_data', actual.status);
  for (const percentile of ['p50', 'p90'] as const) {
    const got = actual.percentiles?.[percentile] ?? null;
    if (expected.n > 0)
      check(percentile, nearOrNull(expected[percentile], got, PERCENTILE_TOLERANCE), expected[percentile], got);
  }
  return differences;
};
