import { Temporal } from 'temporal-polyfill';
import type { CalendarRules } from '../../../functions/sla/domain/calendar-rules.ts';

const minute = 60_000;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Windows = readonly (readonly [string, string])[];

/** The instant of a wall-clock time, by Temporal: in a gap it moves forward, of two it is the first. */
export const utcOf = (zone: string, date: string, time: string): number => {
  const whole = time === '24:00';
  const plain = Temporal.PlainDateTime.from(`${date}T${whole ? '00:00' : time}`);
  const at = whole ? plain.add({ days: 1 }) : plain;
  return at.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
};

/** Whether the zone has this day at all: one that crosses the date line leaves one out. */
const exists = (zone: string, date: string): boolean =>
  Temporal.PlainDateTime.from(`${date}T12:00`)
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toPlainDate()
    .toString() === date;

/**
 * A calendar that looks at each minute by itself: whether it is open is asked of every window of the days around it. Slow, and
 * of one mind with the real one only if both are right. For calendars and instants of whole minutes.
 */
export class NaiveCalendar {
  readonly #open: ReadonlySet<number>;
  readonly #first: number;
  readonly #last: number;

  constructor(rules: CalendarRules, from: number, to: number) {
    this.#first = from / minute;
    this.#last = to / minute;
    const open = new Set<number>();
    let date = Temporal.Instant.fromEpochMilliseconds(from)
      .toZonedDateTimeISO('UTC')
      .toPlainDate()
      .subtract({ days: 3 });
    const until = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO('UTC').toPlainDate().add({ days: 3 });
    for (; Temporal.PlainDate.compare(date, until) <= 0; date = date.add({ days: 1 })) {
      const text = date.toString();
      const weekday = days[date.dayOfWeek - 1] ?? 'mon';
      const windows: Windows =
        rules.overrides[text] ?? (rules.holidays.includes(text) ? [] : (rules.hours[weekday] ?? []));
      if (!exists(rules.timezone, text)) continue;
      for (const [opens, closes] of windows) {
        const end = utcOf(rules.timezone, text, closes) / minute;
        for (let at = utcOf(rules.timezone, text, opens) / minute; at < end; at += 1) open.add(at);
      }
    }
    this.#open = open;
  }

  isOpen(at: number): boolean {
    return this.#open.has(Math.floor(at / minute));
  }

  /** Null: not within what was built. */
  due(start: number, minutes: number, pauses: readonly { from: number; to: number }[]): number | null {
    if (minutes === 0) return start;
    let left = minutes;
    for (let at = start / minute; at < this.#last; at += 1) {
      const paused = pauses.some(({ from, to }) => from / minute <= at && at < to / minute);
      if (this.#open.has(at) && !paused) left -= 1;
      if (left === 0) return (at + 1) * minute;
    }
    return null;
  }

  dueBefore(end: number, minutes: number): number | null {
    if (minutes === 0) return end;
    let left = minutes;
    for (let at = end / minute - 1; at >= this.#first; at -= 1) {
      if (this.#open.has(at)) left -= 1;
      if (left === 0) return at * minute;
    }
    return null;
  }

  elapsed(start: number, end: number, pauses: readonly { from: number; to: number }[]): number {
    let sum = 0;
    for (let at = start / minute; at < end / minute; at += 1) {
      const paused = pauses.some(({ from, to }) => from / minute <= at && at < to / minute);
      if (this.#open.has(at) && !paused) sum += 1;
    }
    return sum;
  }

  nextOpen(from: number): number | null {
    for (let at = from / minute; at < this.#last; at += 1) if (this.#open.has(at)) return at * minute;
    return null;
  }

  previousOpen(from: number): number | null {
    if (this.isOpen(from)) return from;
    for (let at = from / minute; at >= this.#first; at -= 1) if (this.#open.has(at)) return (at + 1) * minute - 1_000;
    return null;
  }

  openPeriods(from: number, to: number): { from: number; to: number }[] {
    const periods: { from: number; to: number }[] = [];
    for (let at = from / minute; at < to / minute; at += 1) {
      if (!this.#open.has(at)) continue;
      const last = periods.at(-1);
      if (last?.to === at * minute) last.to = (at + 1) * minute;
      else periods.push({ from: at * minute, to: (at + 1) * minute });
    }
    return periods;
  }
}
