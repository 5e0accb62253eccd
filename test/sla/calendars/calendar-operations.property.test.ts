import * as fc from 'fast-check';
import { Calendar } from '../../../functions/sla/domain/calendar.ts';
import type { CalendarRules } from '../../../functions/sla/domain/calendar-rules.ts';
import { answerOperations } from '../../../functions/sla/domain/calendar-operations.ts';
import { weekdays } from '../../../functions/sla/domain/zone.ts';
import { NaiveCalendar, utcOf } from './naive-calendar.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** Days on which clocks change, dates are left out, or nothing of the kind happens in a zone with an odd offset. */
const places: readonly (readonly [zone: string, days: readonly string[]])[] = [
  ['Europe/Berlin', ['2026-03-29', '2026-10-25', '2026-12-25']],
  ['America/New_York', ['2026-03-08', '2026-11-01']],
  ['Australia/Lord_Howe', ['2026-04-05', '2026-10-04']],
  // Its clocks changed at 00:01 until 2011.
  ['America/St_Johns', ['2026-03-08', '2026-11-01', '2010-03-14', '2010-11-07']],
  ['Pacific/Apia', ['2011-12-30', '2012-04-01', '2026-06-01']],
  ['Asia/Kathmandu', ['2026-05-01', '1986-01-01']],
];

const place = fc
  .constantFrom(...places)
  .chain(([zone, days]) => fc.record({ zone: fc.constant(zone), date: fc.constantFrom(...days) }));

const time = fc
  .oneof(
    fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15),
    fc.integer({ min: 0, max: 1_440 }),
  )
  .map((of) => `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`);
const windowOf = fc
  .tuple(time, time)
  .filter(([from, to]) => from !== to)
  .map((pair): [string, string] => (pair[0] < pair[1] ? pair : [pair[1], pair[0]]));
const windows = fc.oneof(
  { weight: 3, arbitrary: fc.array(windowOf, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant<[string, string][]>([['00:00', '24:00']]) },
);

const dateAround = (date: string) =>
  fc.integer({ min: -3, max: 4 }).map((days) => new Date(Date.parse(date) + days * day).toISOString().slice(0, 10));

const around = (date: string) =>
  fc.integer({ min: -2 * 1_440, max: 3 * 1_440 }).map((minutes) => Date.parse(date) + minutes * minute);

const world = place.chain(({ zone, date }) => {
  const at = around(date);
  return fc.record({
    date: fc.constant(date),
    rules: fc
      .record({
        timezone: fc.constant(zone),
        hours: fc.record(Object.fromEntries(weekdays.map((name) => [name, windows]))),
        holidays: fc.array(dateAround(date), { maxLength: 2 }),
        overrides: fc.dictionary(dateAround(date), windows, { maxKeys: 2 }),
      })
      .filter(({ hours }) => Object.values(hours).some((one) => one.length > 0)),
    start: at,
    end: at,
    minutes: fc.integer({ min: 0, max: 2_000 }),
    pauses: fc.array(
      fc.tuple(at, fc.integer({ min: 0, max: 1_000 })).map(([from, length]) => ({ from, to: from + length * minute })),
      { maxLength: 3 },
    ),
    local: time.filter((text) => text !== '24:00'),
  });
});

const iso = (at: number): string => new Date(at).toISOString();

it('every operation answers as a calendar does that looks at each minute by itself', () => {
  fc.assert(
    fc.property(world, ({ rules, date, start, end, minutes, pauses, local }) => {
      const naive = new NaiveCalendar(rules as CalendarRules, Date.parse(date) - 9 * day, Date.parse(date) + 10 * day);
      const calendar = new Calendar({ id: 'cal', version: 1 }, rules as CalendarRules);
      const asked = pauses.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
      const atOr = (at: number | null) => (at === null ? null : { at: iso(at) });
      const elapsed = naive.elapsed(start, end, pauses);
      const expected = [
        [{ op: 'due', start: iso(start), minutes, pauses: asked }, atOr(naive.due(start, minutes, pauses))],
        [{ op: 'due', start: iso(start), minutes }, atOr(naive.due(start, minutes, []))],
        [{ op: 'dueBefore', end: iso(end), minutes }, atOr(naive.dueBefore(end, minutes))],
        [
          { op: 'elapsed', start: iso(start), end: iso(end), pauses: asked },
          { minutes: elapsed, seconds: elapsed * 60 },
        ],
        [{ op: 'isOpen', at: iso(start + 59_999) }, { open: naive.isOpen(start) }],
        [{ op: 'nextOpen', at: iso(start) }, atOr(naive.nextOpen(start))],
        [{ op: 'previousOpen', at: iso(end) }, atOr(naive.previousOpen(end))],
        [
          { op: 'openPeriods', from: iso(start), to: iso(end) },
          { periods: naive.openPeriods(start, end).map(({ from, to }) => ({ from: iso(from), to: iso(to) })) },
        ],
        [{ op: 'toUtc', local: `${date}T${local}` }, { at: iso(utcOf(rules.timezone, date, local)) }],
      ] as const;
      const results = answerOperations(
        calendar,
        expected.map(([operation]) => operation),
      );
      for (const [index, [, wanted]] of expected.entries()) if (wanted !== null) expect(results[index]).toEqual(wanted);
    }),
    { numRuns: 2_000 },
  );
}, 120_000);
