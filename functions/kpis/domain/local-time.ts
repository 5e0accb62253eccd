import { Temporal } from 'temporal-polyfill';

/** Days and months of the reporting zone. Dates are `2016-02-29`, months `2016-02`, hours `2016-02-29T08`. */

/**
 * The local hour of an instant. Where clocks are set back, both passes of the repeated hour are one local hour; where they
 * are set forward, an hour is missing: either way each instant has exactly one hour, and each hour exactly one day.
 */
export const localHour = (zone: string, at: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString().slice(0, 13);

export const dayOfHour = (hour: string): string => hour.slice(0, 10);
export const monthOfDay = (day: string): string => day.slice(0, 7);

export const localDay = (zone: string, milliseconds: number): string =>
  Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The date that begins at this instant, or null when the instant is not the start of a local day. */
export const dayStartingAt = (zone: string, at: string): string | null => {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  return local.equals(local.startOfDay()) ? local.toPlainDate().toString() : null;
};

export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
};

export const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;

export const daysInMonth = (month: string): number => Temporal.PlainYearMonth.from(month).daysInMonth;

export const firstDayAfterMonth = (month: string): string =>
  Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString().concat('-01');
