import { holidaysOf } from '../../../functions/sla/holidays.ts';
import { processorSeconds } from '../../processor-seconds.ts';

const file = (...events: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', ...events, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'].join('\r\n');
const now = Date.parse('2026-03-06T12:00:00Z');
const dates = (text: string, timezone = 'Europe/Berlin') => holidaysOf(text, { timezone, now });
const refused = async (text: string): Promise<string> => {
  const error = await dates(text).catch((thrown: unknown) => thrown);
  return (error as { errors: { path: string; message: string }[] }).errors
    .map(({ path, message }) => `${path} ${message}`)
    .join();
};

describe('the dates of a holiday file', () => {
  it('are those of all-day events, of one day or several', async () => {
    const text = file(
      event('DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas\\, both', ' days'),
      event('DTSTART;VALUE=DATE:20270101'),
      event('DTSTART;VALUE=DATE:20270501', 'DURATION:P2D'),
      event('DTSTART;VALUE=DATE:20270601', 'STATUS:CANCELLED'),
    );
    expect(await dates(text)).toEqual(['2026-12-25', '2026-12-26', '2027-01-01', '2027-05-01', '2027-05-02']);
  });

  it('of what repeats each year are those of ten years, of a rule with an end all', async () => {
    const christmas = await dates(file(event('DTSTART;VALUE=DATE:19701225', 'RRULE:FREQ=YEARLY')));
    expect(christmas).toHaveLength(10);
    expect([christmas[0], christmas.at(-1)]).toEqual(['2026-12-25', '2035-12-25']);
    const count = file(event('DTSTART;VALUE=DATE:20240501', 'RRULE:FREQ=YEARLY;COUNT=3', 'EXDATE;VALUE=DATE:20250501'));
    expect(await dates(count)).toEqual(['2024-05-01', '2026-05-01']);
    const thanksgiving = file(
      event('DTSTART;VALUE=DATE:20201126', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20271231'),
    );
    expect((await dates(thanksgiving)).slice(-2)).toEqual(['2026-11-26', '2027-11-25']);
  });

  it('of events with times are the whole days', async () => {
    const text = file(
      event('DTSTART;TZID=Europe/Berlin:20261224T120000', 'DTEND;TZID=Europe/Berlin:20261227T000000'),
      // Midnight in Berlin, said in UTC.
      event('DTSTART:20270430T220000Z', 'DTEND:20270501T220000Z'),
      event('DTSTART:20270601T080000', 'DTEND:20270601T100000'),
    );
    expect(await dates(text)).toEqual(['2026-12-25', '2026-12-26', '2027-05-01']);
  });
});

describe('a broken holiday file', () => {
  it.each([
    ['', 'holidaysIcs line 1: BEGIN:VCALENDAR is expected here'],
    ['hello', 'holidaysIcs line 1: is not of the form'],
    [file('BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20261225'), 'holidaysIcs line 6: END:VCALENDAR ends nothing'],
    ['BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT', 'holidaysIcs line 1: BEGIN:VCALENDAR has no END'],
    [file(event('DTSTART;VALUE=DATE:20261225', 'no colon here')), 'holidaysIcs line 7: is not of the form'],
    [file(event('SUMMARY:Nothing')), 'holidaysIcs line 4: the event cannot be read: it has no DTSTART'],
    [file(event('DTSTART;VALUE=DATE:tomorrow')), 'holidaysIcs line 4: the event cannot be read'],
    [
      file(event('DTSTART;VALUE=DATE:20261225', 'RRULE:FREQ=SOMETIMES')),
      'holidaysIcs line 4: the event cannot be read',
    ],
    [file(event('DTSTART:20261225T000000', 'RRULE:FREQ=SECONDLY')), 'holidaysIcs line 4: the event cannot be read'],
    [file(event('DTSTART;VALUE=DATE:19000101', 'RRULE:FREQ=DAILY')), 'line 4: the event cannot be read: a rule must'],
    [
      file(event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR')),
      'holidaysIcs line 4: the file has more than 1000',
    ],
    [file(event('DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:99990101')), 'holidaysIcs line 4: the event repeats'],
  ])('%j says which line', async (text, message) => {
    expect(await refused(text)).toContain(message);
  });

  it('costs no more than a moment, whatever its rule asks for', async () => {
    const began = processorSeconds();
    const rules = [
      'BYMONTH=2;BYMONTHDAY=30',
      'BYMONTH=2;BYMONTHDAY=30;UNTIL=20300101',
      'INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29',
      'BYWEEKNO=53;BYDAY=MO;BYSETPOS=7',
      'BYYEARDAY=366;BYMONTH=1',
      'BYDAY=6MO;BYMONTH=1',
      'BYMONTHDAY=31;BYMONTH=2,4,6',
      'BYYEARDAY=366;INTERVAL=4;BYSETPOS=2',
    ];
    for (const rule of rules)
      await dates(file(event('DTSTART;VALUE=DATE:20260101', `RRULE:FREQ=YEARLY;${rule}`))).catch(() => null);
    expect(processorSeconds() - began).toBeLessThan(5);
  });
});
