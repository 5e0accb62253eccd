import { intervalOf, ScheduleError } from '../../../local/sources/schedule-source.ts';

describe('schedule expressions', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(15 minutes)', 900_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(7 days)', 604_800_000],
  ])('%s', (expression, expected) => expect(intervalOf({ id: 'S/x', expression })).toBe(expected));

  it.each(['rate(0 minutes)', 'cron(0 3 * * ? *)', 'at(2026-01-01T00:00:00)', 'often'])(
    'refuses %s and says which schedule',
    (expression) => {
      expect(() => intervalOf({ id: 'S/x', expression })).toThrow(ScheduleError);
      expect(() => intervalOf({ id: 'S/x', expression })).toThrow('S/x');
    },
  );
});
