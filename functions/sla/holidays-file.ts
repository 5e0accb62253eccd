import ICAL from 'ical.js';
import { type ContentLine, contentLines, eventsIn, HolidaysFileBroken } from './domain/holidays-text.ts';

/** Loaded only when a holiday file is sent, see holidays.ts: the library is larger than all that the SLA context is. */

/** How far a rule without an end is followed, from the beginning of this year. */
const yearsAhead = 10;
/** Dates of one file, and steps of its rules, past ones included: bounded work. */
const datesAtMost = 1_000;
const stepsAtMost = 20_000;

/** Rules of other frequencies are no holidays, and some of them (DAILY;BYMONTH=2;BYMONTHDAY=30) the library follows for ever. */
const parts: readonly string[] = ['BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYSETPOS'];
const isYearly = (rule: ICAL.Recur): boolean =>
  rule.freq === 'YEARLY' && Object.keys(rule.parts).every((part) => parts.includes(part));

/** What of the file's dates is wanted: from a year on, in days of a zone. */
export interface HolidaysWanted {
  readonly year: number;
  /** The date that the calendar's zone shows at an instant, and whether it is midnight there. */
  readonly localDay: (at: number) => { readonly date: string; readonly midnight: boolean };
}

const dayMs = 86_400_000;
const numberOf = (date: string): number => Date.parse(date) / dayMs;

/** The first and the one after the last of the whole days that lie between two times. */
const wholeDays = (start: ICAL.Time, end: ICAL.Time, { localDay }: HolidaysWanted): readonly [number, number] => {
  const edge = (time: ICAL.Time) => {
    // Only UTC is an instant of its own; times of a named zone and floating ones are of the wall they hang on.
    if (time.zone === ICAL.Timezone.utcTimezone && !time.isDate) return localDay(time.toUnixTime() * 1000);
    const midnight = time.isDate || (time.hour === 0 && time.minute === 0 && time.second === 0);
    return { date: time.toString().slice(0, 10), midnight };
  };
  const from = edge(start);
  return [numberOf(from.date) + (from.midnight ? 0 : 1), numberOf(edge(end).date)];
};

const ending = (event: ICAL.Event): ICAL.Time => {
  const { startDate, endDate } = event;
  if (!startDate.isDate || endDate.compare(startDate) > 0) return endDate;
  const next = startDate.clone();
  next.adjust(1, 0, 0, 0);
  return next;
};

/** When an event happens, the times that its rule makes included. */
function* occurrences(event: ICAL.Event, until: ICAL.Time, spend: () => void): Generator<ICAL.Time> {
  if (!event.isRecurring()) {
    yield event.startDate;
    return;
  }
  const iterator = event.iterator();
  for (let next = iterator.next(); next != null && next.compare(until) < 0; next = iterator.next()) {
    spend();
    yield next;
  }
}

const rulesOf = (component: ICAL.Component): readonly ICAL.Recur[] =>
  component.getAllProperties('rrule').flatMap((property) => {
    const rule = property.getFirstValue();
    return rule instanceof ICAL.Recur ? [rule] : [];
  });

const datesOf = (lines: readonly ContentLine[], wanted: HolidaysWanted, spend: () => void): readonly string[] => {
  const component = new ICAL.Component(ICAL.parse(lines.map(({ text }) => text).join('\r\n')));
  if (component.getFirstPropertyValue('status') === 'CANCELLED') return [];
  const event = new ICAL.Event(component);
  const begin = event.startDate;
  if (begin === null) throw new Error('it has no DTSTART');
  const rules = rulesOf(component);
  if (!rules.every(isYearly))
    throw new Error(`a rule must be one of FREQ=YEARLY, with ${parts.join(', ')}, INTERVAL, COUNT and UNTIL`);
  const endless = rules.some((rule) => !rule.isFinite());
  const lastYear = endless ? wanted.year + yearsAhead : 2100;
  const length = ending(event).subtractDateTz(begin);
  const dates: string[] = [];
  for (const start of occurrences(
    event,
    ICAL.Time.fromData({ year: lastYear, month: 1, day: 1, isDate: true }),
    spend,
  )) {
    const end = start.clone();
    end.addDuration(length);
    const [first, after] = wholeDays(start, end, wanted);
    for (let day = first; day < after; day += 1) {
      spend();
      const date = new Date(day * dayMs).toISOString().slice(0, 10);
      if (!endless || Number(date.slice(0, 4)) >= wanted.year) dates.push(date);
    }
  }
  return dates;
};

const readAll = (text: string, wanted: HolidaysWanted): readonly string[] => {
  const dates = new Set<string>();
  let steps = 0;
  for (const event of eventsIn(contentLines(text))) {
    const line = event[0]?.number ?? 1;
    const spend = (): void => {
      steps += 1;
      if (steps > stepsAtMost) throw new HolidaysFileBroken(line, 'the event repeats too often');
    };
    try {
      for (const date of datesOf(event, wanted, spend)) dates.add(date);
    } catch (error) {
      if (error instanceof HolidaysFileBroken) throw error;
      throw new HolidaysFileBroken(line, `the event cannot be read: ${error instanceof Error ? error.message : ''}`);
    }
    if (dates.size > datesAtMost) throw new HolidaysFileBroken(line, `the file has more than ${datesAtMost} dates`);
  }
  return [...dates].sort();
};

/**
 * The dates of a calendar file (RFC 5545) that lie on whole days: of all-day events, of events with times that last whole days,
 * and of what repeats; a rule without an end for ten years from the beginning of this one. A file that cannot be read is told
 * of by its line, as a value: this file is bundled by itself, so a class of error would not be the caller's.
 */
export const datesIn = (
  text: string,
  wanted: HolidaysWanted,
): { readonly dates: readonly string[] } | { readonly broken: string } => {
  try {
    return { dates: readAll(text, wanted) };
  } catch (error) {
    if (!(error instanceof HolidaysFileBroken)) throw error;
    return { broken: error.message };
  }
};
