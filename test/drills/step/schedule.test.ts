import * as fc from 'fast-check';
import { nextRun, overdue, type PlanTimes, scheduleProblem } from '../../../functions/drills/domain/schedule.ts';

const berlin = (cron: string) => ({ cron, timezone: 'Europe/Berlin' });
const at = (instant: string): number => Date.parse(instant);
const runs = (cron: string, from: string, count: number): string[] => {
  const found: string[] = [];
  for (let after = at(from); found.length < count; after = at(found.at(-1)!))
    found.push(new Date(nextRun(berlin(cron), after)!).toISOString());
  return found;
};

describe('a schedule', () => {
  const now = at('2026-03-02T10:00:00Z');

  it.each([
    ['0 3 * * SUN', 'Europe/Berlin', null],
    ['*/15 8-18 1,15 * 1-5', 'America/New_York', null],
    ['0 3 * *', 'Europe/Berlin', /five fields/],
    ['0 0 3 * * *', 'Europe/Berlin', /five fields/],
    ['@daily', 'Europe/Berlin', /five fields/],
    ['61 3 * * *', 'Europe/Berlin', /cannot be read/],
    ['a b c d e', 'Europe/Berlin', /cannot be read/],
    ['0 0 31 2 *', 'Europe/Berlin', /never comes/],
    ['0 3 * * *', 'Mars/Olympus', /no time zone/],
  ])('%s in %s', (cron, timezone, problem) => {
    const found = scheduleProblem({ cron, timezone }, now);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });

  it('keeps the hour of its zone over changes of the clocks', () => {
    expect(runs('0 3 * * SUN', '2026-10-17T00:00:00Z', 3)).toEqual([
      '2026-10-18T01:00:00.000Z',
      '2026-10-25T02:00:00.000Z',
      '2026-11-01T02:00:00.000Z',
    ]);
  });

  it('comes after the gap in spring, and once in the hour that comes twice', () => {
    expect(runs('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(runs('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('always comes later than asked for, at its minute, with none between', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        (minute, hour, date) => {
          const next = nextRun(berlin(`${minute} ${hour} * * *`), date.getTime())!;
          // A day of the zone has 23 to 25 hours; where the gap moves a run, up to one more.
          return next > date.getTime() && next - date.getTime() <= 26 * 3_600_000 && next % 60_000 === 0;
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('overdue', () => {
  const plan: PlanTimes = {
    schedule: berlin('0 3 * * *'),
    enabled: true,
    since: '2026-03-01T12:00:00.000Z',
    lastDrill: null,
  };
  const objectives = { rpoSeconds: 60, rtoSeconds: 14_400 };
  const ran = (requestedAt: string, endedAt: string | null): PlanTimes => ({
    ...plan,
    lastDrill: { requestedAt, endedAt, objectives, state: endedAt === null ? 'restoring' : 'done' },
  });

  it('when it has not begun a quarter of an hour after its time', () => {
    expect(overdue(plan, at('2026-03-02T02:14:00Z'))).toBeNull();
    expect(overdue(plan, at('2026-03-02T02:16:00Z'))).toEqual({ what: 'not-begun', dueAt: at('2026-03-02T02:00:00Z') });
  });

  it('not when it is off, or has run', () => {
    expect(overdue({ ...plan, enabled: false }, at('2026-04-02T00:00:00Z'))).toBeNull();
    const done = ran('2026-03-02T02:00:10.000Z', '2026-03-02T03:00:00.000Z');
    expect(overdue(done, at('2026-03-02T20:00:00Z'))).toBeNull();
    expect(overdue(done, at('2026-03-03T02:16:00Z'))).toMatchObject({ what: 'not-begun' });
  });

  it('when it has not ended after twice what was promised, and not while one is under way', () => {
    const running = ran('2026-03-02T02:00:10.000Z', null);
    expect(overdue(running, at('2026-03-02T10:00:00Z'))).toBeNull();
    expect(overdue(running, at('2026-03-02T10:01:00Z'))).toEqual({
      what: 'not-ended',
      dueAt: at('2026-03-02T10:00:10Z'),
    });
    expect(overdue({ ...running, enabled: false }, at('2026-03-02T10:01:00Z'))).not.toBeNull();
  });
});
