import {
  addDays,
  dayStartingAt,
  daysBetween,
  firstDayAfterMonth,
  isDate,
  localDay,
  monthOfDay,
} from '../domain/local-time.ts';
import type { Granularity, Period } from '../domain/period.ts';
import { ValidationFailed } from '../../platform/errors.ts';

const defaultDays = 30;

/** The longest range of each granularity: what one answer may cost. */
export const longestDays: Readonly<Record<Granularity, number>> = { day: 400, month: 3_653 };

const readDate = (zone: string, path: 'from' | 'to', text: string): string => {
  if (isDate(text)) return text;
  const day =
    Number.isNaN(Date.parse(text)) || !/[Tt ].*(?:[Zz]|[+-]\d{2}:?\d{2})$/.test(text) ? null : startOfDay(zone, text);
  if (day !== null) return day;
  throw new ValidationFailed([
    {
      path,
      message: `must be a date of the reporting zone ${zone}, like 2026-03-01, or the instant at which a day begins there`,
    },
  ]);
};

/** Instants outside the years that dates are written in are no day's start. */
const startOfDay = (zone: string, at: string): string | null => dayStartingAt(zone, new Date(at).toISOString());

/**
 * The period that a request asks for, in local dates of the reporting zone. Left out: `to` is tomorrow, so that today is in
 * it; `from` is 30 days before `to`. @throws ValidationFailed
 */
export const readPeriod = (
  zone: string,
  now: number,
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  granularity: Granularity,
): Period => {
  const to = asked.to === undefined ? addDays(localDay(zone, now), 1) : readDate(zone, 'to', asked.to);
  const from = asked.from === undefined ? addDays(to, -defaultDays) : readDate(zone, 'from', asked.from);
  if (from >= to)
    throw new ValidationFailed([
      { path: 'from', message: `must be before to (${to}), which is the first day not in it` },
    ]);
  const longest = longestDays[granularity];
  if (daysBetween(from, to) > longest) {
    const advice = granularity === 'day' ? '; ask by granularity=month for up to ten years' : '';
    throw new ValidationFailed([
      { path: 'from', message: `must be at most ${longest} days before to by ${granularity}${advice}` },
    ]);
  }
  return { from, to };
};

/** The month of this instant, whole. */
export const monthOf = (zone: string, now: number): Period => {
  const month = monthOfDay(localDay(zone, now));
  return { from: `${month}-01`, to: firstDayAfterMonth(month) };
};
