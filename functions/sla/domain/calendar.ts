import { type CalendarRules, minutesOf, type VersionRef } from './calendar-rules.ts';
import { type Interval, merged, without } from './pause.ts';
import { dayMs, instantOf, localTime, weekdays } from './zone.ts';

type Windows = CalendarRules['overrides'][string];

/** How far a calendar is looked through for an answer, in days: 40 years. */
const horizonDays = 14_610;

/** Days are counted from the epoch: 1970-01-01 is 0, a Thursday. */
const dayNumber = (date: string): number => Date.parse(date) / dayMs;
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The calendar does not open for so long that there is no answer. */
export class NeverOpen extends Error {
  override readonly name = 'NeverOpen';
}

/**
 * When clocks count (DESIGN section 5). Windows include their start and not their end; a local time that does not exist moves
 * forward by the gap and one that exists twice is its first, so days of 23 and 25 hours count real seconds; windows that touch,
 * at midnight too, are one. Instants and durations in milliseconds. Immutable: a change is another version.
 */
export class Calendar {
  readonly id: string;
  readonly version: number;
  readonly rules: CalendarRules;
  readonly #special: ReadonlyMap<number, Windows>;
  readonly #days = new Map<number, readonly Interval[]>();

  constructor({ id, version }: VersionRef, rules: CalendarRules) {
    this.id = id;
    this.version = version;
    this.rules = rules;
    const closed: Windows = [];
    this.#special = new Map([
      ...rules.holidays.map((date): [number, Windows] => [dayNumber(date), closed]),
      ...Object.entries(rules.overrides).map(([date, windows]): [number, Windows] => [dayNumber(date), windows]),
    ]);
  }

  /**
   * The first instant at which `countedMs` of open time, pauses not counted, have passed since `from`: at closing it stays at
   * closing. Never (Infinity) while a pause lasts for ever. @throws NeverOpen
   */
  due(from: number, countedMs: number, pauses: readonly Interval[] = []): number {
    if (countedMs <= 0) return from;
    let left = countedMs;
    for (const piece of this.counted(from, Infinity, pauses)) {
      const length = piece.to - piece.from;
      if (length >= left) return piece.from + left;
      left -= length;
    }
    return Infinity;
  }

  /** The last instant from which `countedMs` of open time pass until `end`. @throws NeverOpen */
  dueBefore(end: number, countedMs: number): number {
    if (countedMs <= 0) return end;
    let left = countedMs;
    let until = end;
    const first = this.#dayOf(end);
    for (let day = first; day > first - horizonDays; day -= 1) {
      for (const { from, to } of this.#windows(day).toReversed()) {
        const length = Math.min(to, until) - from;
        if (length <= 0) continue;
        if (length >= left) return Math.min(to, until) - left;
        left -= length;
        until = from;
      }
    }
    throw new NeverOpen('the calendar has not been open for so long within 40 years');
  }

  /** Open time between two instants, pauses not counted; 0 for a reversed range. */
  elapsed(from: number, to: number, pauses: readonly Interval[] = []): number {
    let sum = 0;
    for (const piece of this.counted(from, to, pauses)) sum += piece.to - piece.from;
    return sum;
  }

  isOpen(at: number): boolean {
    return this.#windows(this.#dayOf(at)).some(({ from, to }) => from <= at && at < to);
  }

  /** The first instant from `at` on at which it is open: `at` itself when it is. @throws NeverOpen */
  nextOpen(at: number): number {
    for (const { from } of this.counted(at, Infinity)) return from;
    throw new NeverOpen('the calendar does not open within 40 years');
  }

  /** The last second until `at` at which it is open: `at` itself when it is, else the last second before closing. @throws NeverOpen */
  previousOpen(at: number): number {
    return this.isOpen(at) ? at : this.dueBefore(at, 1) + 1 - 1000;
  }

  /** The stretches between two instants in which it is open. */
  openPeriods(from: number, to: number): readonly Interval[] {
    return merged([...this.counted(from, to)]);
  }

  /**
   * The stretches that count between two instants, in order, a day at a time: open and not paused. Ends by itself where the
   * last pause does not. @throws NeverOpen after 40 years without an end
   */
  *counted(from: number, to: number, pauses: readonly Interval[] = []): Generator<Interval> {
    const paused = merged(pauses);
    const endless = paused.at(-1)?.to === Infinity ? (paused.at(-1)?.from ?? Infinity) : Infinity;
    const end = Math.min(to, endless);
    let begin = from;
    const first = this.#dayOf(from);
    for (let day = first; begin < end; day += 1) {
      if (end === Infinity && day > first + horizonDays)
        throw new NeverOpen('the calendar is not open for so long within 40 years');
      for (const window of this.#windows(day)) {
        const piece = { from: Math.max(window.from, begin), to: Math.min(window.to, end) };
        if (piece.from >= piece.to) continue;
        yield* without(piece, paused);
        begin = piece.to;
      }
      // The day is over; what comes next begins after it.
      if (day * dayMs > end + dayMs) return;
    }
  }

  #dayOf(at: number): number {
    return dayNumber(localTime(this.rules.timezone, at).date);
  }

  #windows(day: number): readonly Interval[] {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const made = this.#windowsOf(day);
    this.#days.set(day, made);
    return made;
  }

  #windowsOf(day: number): readonly Interval[] {
    const { timezone, hours } = this.rules;
    const weekday = weekdays[(((day + 4) % 7) + 7) % 7] ?? 'sun';
    const windows = this.#special.get(day) ?? hours[weekday] ?? [];
    if (windows.length === 0) return [];
    const date = dateOf(day);
    // A date that a zone leaves out, where it crosses the date line, has no hours.
    if (localTime(timezone, instantOf(timezone, { date, ms: dayMs / 2 })).date !== date) return [];
    return merged(
      windows.map(([from, to]) => ({
        from: instantOf(timezone, { date, ms: minutesOf(from) * 60_000 }),
        to: instantOf(timezone, { date, ms: minutesOf(to) * 60_000 }),
      })),
    );
  }
}

/** Every second counts. */
export const everySecond: CalendarRules = {
  timezone: 'UTC',
  hours: Object.fromEntries(weekdays.map((day) => [day, [['00:00', '24:00']]])),
  holidays: [],
  overrides: {},
};

/** The calendar of the desk's first policy, before calendars could be made. */
export const roundTheClock = new Calendar({ id: 'cal_round_the_clock', version: 1 }, everySecond);
