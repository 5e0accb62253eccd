import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { ScheduleError, timesOf } from '../../../local/sources/schedule-times.ts';
import { ScheduleSource } from '../../../local/sources/schedule-source.ts';
import { ManualClock } from '../services/manual-clock.ts';

const at = (instant: string): number => Date.parse(instant);
const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());
const following = (expression: string, timezone: string, from: string, count: number): (string | null)[] => {
  const times = timesOf({ id: 'S/x', expression, timezone });
  const found: (number | null)[] = [];
  for (let last: number | null = at(from); found.length < count && last !== null; found.push(last))
    last = times.next(last);
  return found.map(iso);
};

describe('rates', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(15 minutes)', 900_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(7 days)', 604_800_000],
  ])('%s', (expression, interval) =>
    expect(timesOf({ id: 'S/x', expression, timezone: 'UTC' }).next(1_000)).toBe(1_000 + interval),
  );
});

describe('cron expressions of EventBridge', () => {
  it.each([
    ['cron(0 10 L * ? *)', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['cron(0 10 ? * L *)', ['2026-01-03', '2026-01-10', '2026-01-17']],
    ['cron(0 10 ? * 6L *)', ['2026-01-30', '2026-02-27', '2026-03-27']],
    ['cron(0 10 ? * 3#2 *)', ['2026-01-13', '2026-02-10', '2026-03-10']],
    ['cron(0 10 ? * MON-WED *)', ['2026-01-05', '2026-01-06', '2026-01-07']],
    ['cron(0 10 ? * 1,7 *)', ['2026-01-03', '2026-01-04', '2026-01-10']],
    ['cron(0 10 3W * ? *)', ['2026-01-02', '2026-02-03', '2026-03-03']],
    ['cron(0 10 LW * ? *)', ['2026-01-30', '2026-02-27', '2026-03-31']],
    ['cron(0 10 1/15 FEB/2 ? *)', ['2026-02-01', '2026-02-16', '2026-04-01']],
    ['cron(0 10 1 1 ? 2027/2)', ['2027-01-01', '2029-01-01', '2031-01-01']],
  ])('%s', (expression, days) =>
    expect(following(expression, 'UTC', '2026-01-01T12:00:00Z', 3)).toEqual(days.map((day) => `${day}T10:00:00.000Z`)),
  );

  it('end with their last year', () =>
    expect(following('cron(0 10 1 1 ? 2027)', 'UTC', '2026-01-01T12:00:00Z', 2)).toEqual([
      '2027-01-01T10:00:00.000Z',
      null,
    ]));

  it.each([
    'rate(0 minutes)',
    'at(2026-01-01T00:00:00)',
    'often',
    'cron(0 3 * * * *)',
    'cron(0 3 ? * ? *)',
    'cron(0 3 * * ?)',
    'cron(60 3 * * ? *)',
    'cron(0 3 ? * 8 *)',
    'cron(0 3 ? * 0 *)',
    'cron(0 3 ? * 2/2 *)',
    'cron(0 3 ? * 3#1,6#3 *)',
  ])('refuses %s and says which schedule', (expression) => {
    expect(() => timesOf({ id: 'S/x', expression, timezone: 'UTC' })).toThrow(ScheduleError);
    expect(() => timesOf({ id: 'S/x', expression, timezone: 'UTC' })).toThrow('S/x');
  });

  it('refuses a zone that nobody knows', () =>
    expect(() => timesOf({ id: 'S/x', expression: 'cron(0 3 * * ? *)', timezone: 'Mars/Base' })).toThrow(
      ScheduleError,
    ));

  it('run at the wall clock of their zone: what is skipped is left out, what comes twice runs once', () => {
    expect(following('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 2)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(following('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('run each day that has the minute, from wherever they are asked', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata'),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: at('2016-01-01T00:00:00Z') / 60_000, max: at('2018-01-01T00:00:00Z') / 60_000 }),
        (zone, hour, minute, from) => {
          // Every minute of three days, looked at one by one.
          const seen = new Set<string>();
          let expected: number | null = null;
          for (let instant = from - 1440; instant <= from + 4320 && expected === null; instant += 1) {
            const wall = Temporal.Instant.fromEpochMilliseconds(instant * 60_000).toZonedDateTimeISO(zone);
            if (wall.hour !== hour || wall.minute !== minute) continue;
            const day = wall.toPlainDate().toString();
            if (instant > from && !seen.has(day)) expected = instant * 60_000;
            seen.add(day);
          }
          const times = timesOf({ id: 'S/x', expression: `cron(${minute} ${hour} * * ? *)`, timezone: zone });
          expect(iso(times.next(from * 60_000))).toBe(iso(expected));
        },
      ),
      { numRuns: 60 },
    ));
});

describe('a schedule on virtual time', () => {
  const schedule = {
    id: 'S/nightly',
    name: 'nightly',
    expression: 'cron(0 3 * * ? *)',
    timezone: 'Europe/Berlin',
    targetFunctionId: 'f',
    input: '{"trigger":"nightly"}',
    enabled: true,
    retryAttempts: 0,
  };
  const started = (clock: ManualClock, kept: Map<string, string>) => {
    const runs: string[] = [];
    const source = new ScheduleSource({
      name: 'schedule',
      schedule,
      clock,
      state: { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value) },
      invoke: async () => {
        runs.push(new Date(clock.now()).toISOString());
        return { kind: 'answered', payload: 'null' };
      },
    });
    source.start();
    return { source, runs };
  };

  it('visits every run of a stretch that is passed at once', async () => {
    const clock = new ManualClock(at('2026-10-23T12:00:00Z'));
    const { runs, source } = started(clock, new Map());
    await clock.advance(4 * 86_400);
    expect(runs).toEqual([
      '2026-10-24T01:00:00.000Z',
      '2026-10-25T02:00:00.000Z',
      '2026-10-26T02:00:00.000Z',
      '2026-10-27T02:00:00.000Z',
    ]);
    expect(source.describe()).toBe('cron(0 3 * * ? *) in Europe/Berlin, next 2026-10-28T02:00:00.000Z');
  });

  it('makes up once for what it missed while the desk was down', async () => {
    const kept = new Map<string, string>();
    const before = started(new ManualClock(at('2026-10-20T12:00:00Z')), kept);
    await before.source.stop();
    const clock = new ManualClock(at('2026-10-23T12:00:00Z'));
    const { runs } = started(clock, kept);
    await clock.advance(86_400);
    expect(runs).toEqual(['2026-10-23T12:00:00.000Z', '2026-10-24T01:00:00.000Z']);
  });
});
