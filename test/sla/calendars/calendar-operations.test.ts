import { Calendar } from '../../../functions/sla/domain/calendar.ts';
import { calendarRulesSchema } from '../../../functions/sla/domain/calendar-rules.ts';
import { answerOperations, operationResultSchema } from '../../../functions/sla/domain/calendar-operations.ts';
import { processorSeconds } from '../../processor-seconds.ts';

const weekdaysOf = (...windows: string[][]) =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, windows]));
const everyDay = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00']]]),
);
const calendar = (rules: object = {}) =>
  new Calendar(
    { id: 'cal', version: 1 },
    calendarRulesSchema.parse({ timezone: 'Europe/Berlin', hours: weekdaysOf(['09:00', '17:00']), ...rules }),
  );
const ask = (operation: object, rules: object = {}): unknown => answerOperations(calendar(rules), [operation])[0];
const due = (start: string, minutes: number, rules: object = {}) => ask({ op: 'due', start, minutes }, rules);

describe('a due date', () => {
  it('is in business hours: Friday 16:30 and an hour is Monday 09:30 (pitfall 1)', () => {
    expect(due('2026-03-06T16:30:00+01:00', 60)).toEqual({ at: '2026-03-09T08:30:00.000Z' });
  });

  it('round the clock has no closed minute at midnight (pitfall 8)', () => {
    expect(due('2026-03-06T23:30:00+01:00', 60, { hours: everyDay })).toEqual({ at: '2026-03-06T23:30:00.000Z' });
    expect(
      ask({ op: 'openPeriods', from: '2026-03-06T00:00:00Z', to: '2026-03-16T00:00:00Z' }, { hours: everyDay }),
    ).toEqual({ periods: [{ from: '2026-03-06T00:00:00.000Z', to: '2026-03-16T00:00:00.000Z' }] });
  });

  it('counts real time where clocks change (pitfall 9)', () => {
    const night = { hours: { sun: [['00:00', '06:00']] } };
    // In spring the hour from 02:00 is left out, in autumn it comes twice.
    expect(due('2026-03-29T00:00:00+01:00', 300, night)).toEqual({ at: '2026-03-29T04:00:00.000Z' });
    expect(due('2026-10-25T00:00:00+02:00', 300, night)).toEqual({ at: '2026-10-25T03:00:00.000Z' });
    const day = (date: string) =>
      ask(
        { op: 'elapsed', start: `${date}T00:00:00Z`, end: `${date}T12:00:00Z` },
        { hours: { sun: [['00:00', '12:00']] } },
      );
    expect(day('2026-03-29')).toEqual({ minutes: 600, seconds: 36_000 });
    expect(day('2026-10-25')).toEqual({ minutes: 660, seconds: 39_600 });
  });

  it('belongs to the day whose hours hold, where clocks are set back over midnight', () => {
    // At 00:01 on 7 November 2010 clocks in St. John's were set to 23:01 of the 6th: a day that is open from 00:00 goes on.
    const rules = { timezone: 'America/St_Johns', hours: { sun: [['00:00', '24:00']] } };
    expect(ask({ op: 'isOpen', at: '2010-11-07T02:31:00Z' }, rules)).toEqual({ open: true });
    expect(ask({ op: 'elapsed', start: '2010-11-06T00:00:00Z', end: '2010-11-09T00:00:00Z' }, rules)).toEqual({
      minutes: 1_500,
      seconds: 90_000,
    });
  });

  it('exactly at closing stays there', () => {
    expect(due('2026-03-06T16:00:00+01:00', 60)).toEqual({ at: '2026-03-06T16:00:00.000Z' });
    expect(due('2026-03-06T16:00:00+01:00', 60.5)).toEqual({ at: '2026-03-09T08:00:30.000Z' });
  });

  it('goes through several windows of a day (pitfall 10)', () => {
    const rules = { hours: weekdaysOf(['09:00', '12:00'], ['13:00', '17:00']) };
    expect(due('2026-03-06T11:30:00+01:00', 60, rules)).toEqual({ at: '2026-03-06T12:30:00.000Z' });
    expect(ask({ op: 'dueBefore', end: '2026-03-06T12:30:00Z', minutes: 60 }, rules)).toEqual({
      at: '2026-03-06T10:30:00.000Z',
    });
  });

  it('leaves out holidays, and dates with hours of their own win over both', () => {
    const rules = {
      holidays: ['2026-12-24', '2026-12-25'],
      overrides: { '2026-12-24': [['09:00', '12:00']], '2026-12-26': [['10:00', '11:00']] },
    };
    expect(due('2026-12-23T16:30:00+01:00', 60, rules)).toEqual({ at: '2026-12-24T08:30:00.000Z' });
    expect(due('2026-12-24T11:30:00+01:00', 60, rules)).toEqual({ at: '2026-12-26T09:30:00.000Z' });
  });

  it('takes only the business part of a pause off (pitfall 6)', () => {
    const pauses = [{ from: '2026-03-06T16:30:00+01:00', to: '2026-03-09T09:30:00+01:00' }];
    expect(ask({ op: 'due', start: '2026-03-06T16:00:00+01:00', minutes: 60, pauses })).toEqual({
      at: '2026-03-09T09:00:00.000Z',
    });
    expect(
      ask({ op: 'elapsed', start: '2026-03-06T16:00:00+01:00', end: '2026-03-09T10:00:00+01:00', pauses }),
    ).toEqual({
      minutes: 60,
      seconds: 3_600,
    });
  });

  it('is as exact as the second', () => {
    expect(due('2026-03-06T10:00:00+01:00', 90.5)).toEqual({ at: '2026-03-06T10:30:30.000Z' });
    expect(due('2026-03-06T10:00:00+01:00', 0.001)).toEqual({ at: '2026-03-06T09:00:00.000Z' });
    expect(ask({ op: 'elapsed', start: '2026-03-06T10:00:00+01:00', end: '2026-03-06T10:01:30+01:00' })).toEqual({
      minutes: 1.5,
      seconds: 90,
    });
  });
});

it('says when it is open, when it opens and when it closed', () => {
  expect(ask({ op: 'isOpen', at: '2026-03-06T09:00:00+01:00' })).toEqual({ open: true });
  expect(ask({ op: 'isOpen', at: '2026-03-06T17:00:00+01:00' })).toEqual({ open: false });
  expect(ask({ op: 'nextOpen', at: '2026-03-06T17:00:00+01:00' })).toEqual({ at: '2026-03-09T08:00:00.000Z' });
  expect(ask({ op: 'nextOpen', at: '2026-03-06T10:00:00+01:00' })).toEqual({ at: '2026-03-06T09:00:00.000Z' });
  expect(ask({ op: 'previousOpen', at: '2026-03-08T10:00:00+01:00' })).toEqual({ at: '2026-03-06T15:59:59.000Z' });
});

it('a local time that is left out moves forward, of one that comes twice it takes the first', () => {
  expect(ask({ op: 'toUtc', local: '2026-03-29T02:30:00' })).toEqual({ at: '2026-03-29T01:30:00.000Z' });
  expect(ask({ op: 'toUtc', local: '2026-10-25T02:30:00' })).toEqual({ at: '2026-10-25T00:30:00.000Z' });
});

it('a reversed range has nothing', () => {
  const reversed = { from: '2026-03-07T00:00:00Z', to: '2026-03-06T00:00:00Z' };
  expect(ask({ op: 'elapsed', start: reversed.from, end: reversed.to })).toEqual({ minutes: 0, seconds: 0 });
  expect(ask({ op: 'openPeriods', ...reversed })).toEqual({ periods: [] });
  const noon = '2026-03-06T11:00:00Z';
  const pauses = [{ from: '2026-03-06T10:30:00Z', to: '2026-03-06T10:00:00Z' }];
  expect(ask({ op: 'elapsed', start: '2026-03-06T09:00:00Z', end: noon, pauses })).toEqual({
    minutes: 120,
    seconds: 7200,
  });
  expect(ask({ op: 'due', start: '2026-03-06T09:00:00Z', minutes: 120, pauses })).toEqual({
    at: '2026-03-06T11:00:00.000Z',
  });
});

describe('what cannot be answered', () => {
  it.each([
    [{ op: 'when' }, /^op: must be one of due, dueBefore/],
    [{}, /^op: must be one of/],
    ['due', /must be one of/],
    [{ op: 'due', start: '2026-03-06T10:00:00Z' }, /^minutes: /],
    [{ op: 'due', start: '2026-03-06T10:00:00Z', minutes: -1 }, /^minutes: must not be negative/],
    [{ op: 'due', start: '2026-03-06T10:00:00Z', minutes: 1e9 }, /^minutes: must be at most .* 10 years/],
    [{ op: 'due', start: '2026-03-06T10:00:00', minutes: 1 }, /^start: must be an ISO 8601 instant/],
    [{ op: 'due', start: '1890-03-06T10:00:00Z', minutes: 1 }, /^start: must lie in the years/],
    [{ op: 'due', start: '2026-03-06T10:00:00Z', minutes: 1, begin: 1 }, /^begin: not a field/],
    [{ op: 'elapsed', start: '2026-03-06T10:00:00Z', end: '2037-03-06T10:00:00Z' }, /^end: must be at most 10 years/],
    [{ op: 'openPeriods', from: '2026-03-06T10:00:00Z', to: '2037-03-06T10:00:00Z' }, /^to: must be at most 10 years/],
    [{ op: 'openPeriods', from: '2026-01-01T10:00:00Z', to: '2032-03-06T10:00:00Z' }, /more than 1000 periods/],
    [{ op: 'toUtc', local: '2026-02-30T10:00:00' }, /^local: must be on a day that exists/],
    [{ op: 'toUtc', local: '2026-02-03T10:00:00Z' }, /^local: must be a local time/],
  ])('%j is an error and spoils no other', (operation, message) => {
    const others = { op: 'isOpen', at: '2026-03-06T10:00:00Z' };
    const results = answerOperations(calendar(), [others, operation, others]);
    expect(results).toEqual([{ open: true }, { error: expect.stringMatching(message) }, { open: true }]);
    for (const result of results) operationResultSchema.parse(result);
  });

  it('so is what the calendar is never open for', () => {
    const rules = { hours: { mon: [['09:00', '09:01']] } };
    expect(due('2026-03-06T10:00:00Z', 10_000, rules)).toEqual({
      error: expect.stringMatching(/not open for so long/),
    });
    expect(ask({ op: 'dueBefore', end: '2026-03-06T10:00:00Z', minutes: 10_000 }, rules)).toEqual({
      error: expect.stringMatching(/not been open for so long/),
    });
  });
});

it('a thousand of the largest ranges are answered within seconds, and told no more periods than fit an answer', () => {
  const halfHours = Array.from({ length: 24 }, (_unused, hour) => {
    const text = String(hour).padStart(2, '0');
    return [`${text}:00`, `${text}:30`];
  });
  const rules = { hours: Object.fromEntries(Object.keys(everyDay).map((day) => [day, halfHours])) };
  const began = processorSeconds();
  const range = (index: number) => ({
    start: `${1970 + (index % 119)}-03-01T00:00:00Z`,
    end: `${1980 + (index % 119)}-02-01T00:00:00Z`,
  });
  answerOperations(
    calendar(rules),
    Array.from({ length: 1_000 }, (_unused, index) => ({ op: 'elapsed', ...range(index) })),
  );
  const periods = answerOperations(
    calendar(rules),
    Array.from({ length: 1_000 }, () => ({
      op: 'openPeriods',
      from: '2026-03-01T00:00:00Z',
      to: '2026-03-21T00:00:00Z',
    })),
  );
  expect(processorSeconds() - began).toBeLessThan(20);
  expect(periods.filter((one) => 'periods' in one)).toHaveLength(41);
  expect(periods.at(-1)).toEqual({ error: expect.stringMatching(/20000 periods at most/) });
}, 60_000);
