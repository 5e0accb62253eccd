import { addDays, daysInMonth, firstDayAfterMonth, monthOfDay } from './local-time.ts';

/** Local dates, half-open: `to` is the first day that is no longer in it. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const granularities = ['day', 'month'] as const;
export type Granularity = (typeof granularities)[number];

const earlier = (a: string, b: string): string => (a < b ? a : b);

/** The period day by day, or month by month with the first and the last month cut to the period. */
export const split = (period: Period, granularity: Granularity): readonly Period[] => {
  const parts: Period[] = [];
  for (let from = period.from; from < period.to; ) {
    const to = granularity === 'day' ? addDays(from, 1) : earlier(firstDayAfterMonth(monthOfDay(from)), period.to);
    parts.push({ from, to });
    from = to;
  }
  return parts;
};

/** The month that this period is, or null when it is another stretch of days. */
export const wholeMonth = ({ from, to }: Period): string | null =>
  from.endsWith('-01') && to === firstDayAfterMonth(monthOfDay(from)) ? monthOfDay(from) : null;

/** How many months this is, a month that is cut counting by its days: exactly 1 for a whole month. */
export const monthsIn = (period: Period): number =>
  split(period, 'month').reduce((sum, { from, to }) => {
    const days = daysInMonth(monthOfDay(from));
    const last = Number(addDays(to, -1).slice(8));
    return sum + (last - Number(from.slice(8)) + 1) / days;
  }, 0);
