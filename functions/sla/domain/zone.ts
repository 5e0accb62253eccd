import { tzOffset } from '@date-fns/tz/tzOffset';

/** A day, in milliseconds. */
export const dayMs = 86_400_000;

/** Whether this is a time zone of the IANA database that the runtime knows. */
export const isZone = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name) && Number.isFinite(tzOffset(name, new Date(0)));

/** How far the local clocks of a zone are ahead of UTC at an instant, in milliseconds. */
const offset = (zone: string, at: number): number => Math.round(tzOffset(zone, new Date(at)) * 60_000);

/** A local date (`2026-03-29`) and the milliseconds that its clock shows since midnight. */
export interface LocalTime {
  readonly date: string;
  readonly ms: number;
}

/** What the clocks of a zone show at an instant. */
export const localTime = (zone: string, at: number): LocalTime => {
  const local = at + offset(zone, at);
  const ms = ((local % dayMs) + dayMs) % dayMs;
  return { date: new Date(local - ms).toISOString().slice(0, 10), ms };
};

/** The most and the least that local clocks have ever been ahead of UTC, with room. */
const furthestAhead = 16 * 3_600_000;
const furthestBehind = 14 * 3_600_000;

/**
 * The instant at which the clocks of a zone show this. A time that they leave out, where they are set forward, moves forward
 * by as much; of a time that they show twice it is the first. `ms` may be a whole day: midnight at its end.
 */
export const instantOf = (zone: string, { date, ms }: LocalTime): number => {
  const local = Date.parse(date) + ms;
  const before = offset(zone, local - furthestAhead);
  const after = offset(zone, local + furthestBehind);
  const candidates = [local - before, local - after].filter((at) => at + offset(zone, at) === local);
  return candidates.length === 0 ? local - before : Math.min(...candidates);
};

/** The date so many days later. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

export const weekdayOf = (date: string): Weekday => weekdays[new Date(date).getUTCDay()] ?? 'sun';

/** Whether this is a day of the calendar, written `2026-02-28`. */
export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  Number.isFinite(Date.parse(text)) &&
  new Date(text).toISOString().slice(0, 10) === text;
