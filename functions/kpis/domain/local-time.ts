import { dayMs, addDays, instantOf, isDate, localTime } from '../../sla/domain/zone.ts';

/** Days and months of the reporting zone. Dates are `2016-02-29`, months `2016-02`, hours `2016-02-29T08`. */
export { addDays, isDate };

const hourMs = 3_600_000;

/**
 * The local hour of an instant. Where clocks are set back, both passes of the repeated hour are one local hour; where they
 * are set forward, an hour is missing: either way each instant has exactly one hour, and each hour exactly one day.
 */
export const localHour = (zone: string, at: string): string => {
  const { date, ms } = localTime(zone, Date.parse(at));
  return `${date}T${String(Math.floor(ms / hourMs)).padStart(2, '0')}`;
};

export const dayOfHour = (hour: string): string => hour.slice(0, 10);
export const monthOfDay = (day: string): string => day.slice(0, 7);

export const localDay = (zone: string, milliseconds: number): string => localTime(zone, milliseconds).date;

/** The instant at which a local day begins: where its midnight is left out, the first that its clocks show. */
export const startOfDay = (zone: string, date: string): number => instantOf(zone, { date, ms: 0 });

/** The date that begins at this instant, or null when the instant is not the start of a local day. */
export const dayStartingAt = (zone: string, at: string): string | null => {
  const instant = Date.parse(at);
  const { date } = localTime(zone, instant);
  return isDate(date) && startOfDay(zone, date) === instant ? date : null;
};

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

export const firstDayAfterMonth = (month: string): string => `${addDays(`${month}-01`, 31).slice(0, 7)}-01`;

export const daysInMonth = (month: string): number => daysBetween(`${month}-01`, firstDayAfterMonth(month));
