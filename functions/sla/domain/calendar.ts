import { type CalendarRules, minutesOf, type VersionRef } from './calendar-rules.ts';
import { type Interval, merged, without } from './pause.ts';
import { dayMs, instantOf, localTime, weekdays } from './zone.ts';

type Windows = CalendarRules['overrides'][string];

/** How far a calendar is looked through for an answer, in days: 40 years. */
const horizonDays = 14_610;

/** Days are counted from the epoch: 1970-01-01 is 0, a Thursday. */
const dayNumber = (date: string): number => Date.parse(date) / dayMs;
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The open stretches of a day, and how long they are together: a whole day is counted in one step. */
interface Day {
  readonly windows: readonly Interval[];
  readonly total: number;
}

const dayWith = (windows: readonly Interval[]): Day => ({
  windows,
  total: windows.reduce((sum, { from, to }) => sum + to - from, 0),
});

const closedDay = dayWith([]);
const never: Interval = { from: Infinity, to: Infinity };

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
  readonly #days = new Map<number, Day>();
  readonly #midnights = new Map<number, number>();

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
    for (const { windows, total } of this.#countedDays(from, Infinity, pauses)) {
      if (total >= left) return inOrder(windows, left);
      left -= total;
    }
    return Infinity;
  }

  /** The last instant from which `countedMs` of open time pass until `end`. @throws NeverOpen */
  dueBefore(end: number, countedMs: number): number {
    if (countedMs <= 0) return end;
    let left = countedMs;
    let until = end;
    const first = this.#dayOf(end);
    for (let day = first + 1; day > first - horizonDays; day -= 1) {
      const { windows, total } = this.#day(day);
      const last = windows.at(-1);
      if (last !== undefined && last.to <= until && total < left) {
        left -= total;
        until = windows[0]?.from ?? until;
        continue;
      }
      for (const { from, to } of windows.toReversed()) {
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
    for (const { total } of this.#countedDays(from, to, pauses)) sum += total;
    return sum;
  }

  isOpen(at: number): boolean {
    const day = this.#dayOf(at);
    return [day - 1, day, day + 1].some((one) => this.#day(one).windows.some(({ from, to }) => from <= at && at < to));
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

  /** The stretches between two instants in which it is open; one more than `atMost`, when there are more. */
  openPeriods(from: number, to: number, atMost = Infinity): readonly Interval[] {
    const periods: Interval[] = [];
    for (const piece of this.counted(from, to)) {
      const last = periods.at(-1);
      if (last?.to === piece.from) periods[periods.length - 1] = { from: last.from, to: piece.to };
      else if (periods.length > atMost) break;
      else periods.push(piece);
    }
    return periods;
  }

  /**
   * The stretches that count between two instants, in order: open and not paused. Ends by itself where the last pause does
   * not. @throws NeverOpen after 40 years
   */
  *counted(from: number, to: number, pauses: readonly Interval[] = []): Generator<Interval> {
    for (const { windows } of this.#countedDays(from, to, pauses)) yield* windows;
  }

  /** What counts of each day. A day that neither an end nor a pause touches is told as it is kept, and costs no more than a look. */
  *#countedDays(from: number, to: number, pauses: readonly Interval[]): Generator<Day> {
    const paused = merged(pauses);
    const endless = paused.at(-1)?.to === Infinity ? (paused.at(-1)?.from ?? Infinity) : Infinity;
    const end = Math.min(to, endless);
    let begin = from;
    let pause = 0;
    const first = this.#dayOf(from);
    for (let number = first - 1; begin < end; number += 1) {
      if (end === Infinity && number > first + horizonDays)
        throw new NeverOpen('the calendar is not open for so long within 40 years');
      const day = this.#day(number);
      const opens = day.windows[0]?.from;
      const closes = day.windows.at(-1)?.to;
      if (opens !== undefined && closes !== undefined) {
        while ((paused[pause]?.to ?? Infinity) <= opens) pause += 1;
        const { from: pausedFrom, to: pausedTo } = paused[pause] ?? never;
        if (begin <= opens && closes <= end && pausedFrom >= closes) yield day;
        else if (pausedFrom > opens || pausedTo < closes)
          yield dayWith(within(day.windows, { from: begin, to: end }, paused.slice(pause)));
        begin = Math.max(begin, Math.min(closes, end));
      }
      // The day is over; what comes next begins after it.
      if (number * dayMs > end + dayMs) return;
    }
  }

  /** Clocks that are set at midnight may show a date again, or leave its end out: then a window of the day beside it holds. */
  #dayOf(at: number): number {
    return dayNumber(localTime(this.rules.timezone, at).date);
  }

  #day(day: number): Day {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const windows = this.#windowsOf(day);
    const made = windows.length === 0 ? closedDay : dayWith(windows);
    this.#days.set(day, made);
    return made;
  }

  #midnight(day: number): number {
    const known = this.#midnights.get(day);
    if (known !== undefined) return known;
    const made = instantOf(this.rules.timezone, { date: dateOf(day), ms: 0 });
    this.#midnights.set(day, made);
    return made;
  }

  #windowsOf(day: number): readonly Interval[] {
    const { timezone, hours } = this.rules;
    const weekday = weekdays[(((day + 4) % 7) + 7) % 7] ?? 'sun';
    const windows = this.#special.get(day) ?? hours[weekday] ?? [];
    if (windows.length === 0) return [];
    const midnight = this.#midnight(day);
    const date = dateOf(day);
    // On a day of 24 hours the clocks go on as they began; on another each time is looked up.
    const usual = this.#midnight(day + 1) - midnight === dayMs;
    // A date that a zone leaves out, where it crosses the date line, has no hours.
    if (!usual && localTime(timezone, instantOf(timezone, { date, ms: dayMs / 2 })).date !== date) return [];
    const at = (time: string): number => {
      const ms = minutesOf(time) * 60_000;
      return usual ? midnight + ms : instantOf(timezone, { date, ms });
    };
    return merged(windows.map(([from, to]) => ({ from: at(from), to: at(to) })));
  }
}

/** The instant at which so much of these stretches is over, which are long enough. */
const inOrder = (windows: readonly Interval[], ms: number): number => {
  let left = ms;
  for (const { from, to } of windows) {
    if (to - from >= left) return from + left;
    left -= to - from;
  }
  return Infinity;
};

/** What of some stretches lies in a span and in no pause. */
const within = (windows: readonly Interval[], span: Interval, paused: readonly Interval[]): readonly Interval[] =>
  windows.flatMap(({ from, to }) => {
    const piece = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
    return piece.from < piece.to ? without(piece, paused) : [];
  });

/** Every second counts. */
export const everySecond: CalendarRules = {
  timezone: 'UTC',
  hours: Object.fromEntries(weekdays.map((day) => [day, [['00:00', '24:00']]])),
  holidays: [],
  overrides: {},
};

/** The calendar of the desk's first policy, before calendars could be made. */
export const roundTheClock = new Calendar({ id: 'cal_round_the_clock', version: 1 }, everySecond);
