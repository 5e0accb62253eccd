import * as fc from 'fast-check';
import { severities } from '../../functions/alerts/domain/alert.ts';
import { endOfFloodWindow, goesAnyTime, heldUntil, releaseAt } from '../../functions/alerts/domain/timing.ts';
import { type QuietHours, type Timing, weekdaysOfQuiet } from '../../functions/alerts/domain/wanted-times.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A model that knows local clocks by Intl only, and asks of each minute whether it is quiet. */
const shownBy = (timezone: string) => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { day: String(parts['weekday']).toLowerCase(), time: `${parts['hour']}:${parts['minute']}` };
  };
};
const dayBefore = (day: string): string =>
  weekdaysOfQuiet[(weekdaysOfQuiet.findIndex((one) => one === day) + 6) % 7] ?? '';
const isQuiet = ({ timezone, from, to, days }: QuietHours): ((at: number) => boolean) => {
  const shown = shownBy(timezone);
  const includes = (day: string): boolean => days.some((one) => one === day);
  return (at) => {
    const { day, time } = shown(at);
    if (from < to) return includes(day) && time >= from && time < to;
    return (includes(day) && time >= from) || (includes(dayBefore(day)) && time < to);
  };
};

const time = fc
  .record({ hour: fc.nat(23), minute: fc.constantFrom(0, 0, 15, 30, 59) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
);
const quietHours: fc.Arbitrary<QuietHours> = fc
  .record({
    timezone: zone,
    from: time,
    to: time,
    days: fc.subarray([...weekdaysOfQuiet], { minLength: 1 }),
    except: fc.subarray([...severities]),
  })
  .filter(({ from, to, days }) => from !== to || days.length < 7);
const timing = fc
  .record({
    quietHours: fc.option(quietHours),
    digest: fc.constantFrom('none', 'hourly', 'daily'),
    digestAt: fc.option(fc.record({ time, timezone: zone })),
  })
  .map((one) => one as Timing);
const severity = fc.constantFrom(...severities);
/** Any instant of some years, and those around the changes of clocks. */
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29T01:00Z',
        '2026-10-25T01:00Z',
        '2026-03-08T07:00Z',
        '2026-11-01T06:00Z',
        '2026-04-04T15:00Z',
      ),
      fc.integer({ min: -2 * dayMs, max: 2 * dayMs }),
    )
    .map(([around, off]) => Date.parse(around) + off),
);
/** Around these, local times are left out or shown twice: a window that begins or ends there has no one right answer. */
const calm = (at: number, timezone: string): boolean => {
  const offsetAt = (when: number): number => {
    const text = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).format(when);
    return Number((/GMT([+-]\d\d):/.exec(text) ?? ['', '0'])[1]) * 60 + Number((/:(\d\d)$/.exec(text) ?? ['', '0'])[1]);
  };
  return offsetAt(at - 9 * dayMs) === offsetAt(at + 9 * dayMs);
};

it('what is held goes out at the first minute that is not quiet', () => {
  fc.assert(
    fc.property(quietHours, severity, instant, (quiet, level, at) => {
      fc.pre(calm(at, quiet.timezone));
      const free = heldUntil([{ quietHours: quiet }], level, at);
      if (quiet.except.includes(level)) return expect(free).toBe(at);
      const quietAt = isQuiet(quiet);
      if (!quietAt(at)) return expect(free).toBe(at);
      expect(quietAt(free)).toBe(false);
      expect(quietAt(free - 1)).toBe(true);
      for (let minute = Math.ceil((at + 1) / minuteMs) * minuteMs; minute < free; minute += minuteMs) {
        if (!quietAt(minute)) throw new Error(`${new Date(minute).toISOString()} was free`);
      }
    }),
    { numRuns: 300 },
  );
});

it('nothing is dropped: whatever is wanted, it goes out within two days and the quiet time, and never before', () => {
  fc.assert(
    fc.property(fc.array(timing, { maxLength: 3 }), severity, instant, (timings, level, at) => {
      const release = releaseAt(timings, level, at);
      expect(Number.isFinite(release)).toBe(true);
      expect(release).toBeGreaterThanOrEqual(at);
      expect(release).toBeLessThanOrEqual(at + 10 * dayMs);
      const flooded = releaseAt(timings, level, at, endOfFloodWindow(at));
      expect(flooded).toBeGreaterThanOrEqual(timings.length === 0 ? endOfFloodWindow(at) : Math.max(release, 0));
      expect(flooded).toBeGreaterThan(at);
    }),
    { numRuns: 1_000 },
  );
});

it('also where clocks change, nothing is sent in quiet hours that hold it', () => {
  fc.assert(
    fc.property(timing, severity, instant, (one, level, at) => {
      const release = releaseAt([one], level, at);
      expect(heldUntil([one], level, release)).toBe(release);
      if (goesAnyTime([one], level)) expect(heldUntil([one], level, at)).toBe(at);
    }),
    { numRuns: 1_000 },
  );
});

it('of several subscriptions of one address the one that wants it soonest decides', () => {
  fc.assert(
    fc.property(fc.array(timing, { minLength: 1, maxLength: 4 }), severity, instant, (timings, level, at) => {
      expect(releaseAt(timings, level, at)).toBe(Math.min(...timings.map((one) => releaseAt([one], level, at))));
    }),
  );
});

it.each([
  // The night in which the clocks go forward, and the one in which they go back.
  ['2026-03-29T00:30:00.000Z', '2026-03-29T05:00:00.000Z'],
  ['2026-10-25T00:30:00.000Z', '2026-10-25T06:00:00.000Z'],
  ['2026-07-01T20:00:00.000Z', '2026-07-02T05:00:00.000Z'],
  ['2026-07-01T19:59:59.999Z', '2026-07-01T19:59:59.999Z'],
])('22:00 to 07:00 in Berlin: %s goes out at %s', (at, expected) => {
  const quiet = { timezone: 'Europe/Berlin', from: '22:00', to: '07:00', days: [...weekdaysOfQuiet], except: [] };
  expect(new Date(heldUntil([{ quietHours: quiet }], 'critical', Date.parse(at))).toISOString()).toBe(expected);
});

it('whole days that follow one another end together', () => {
  const weekend: QuietHours = {
    timezone: 'Europe/Berlin',
    from: '00:00',
    to: '00:00',
    days: ['sat', 'sun'],
    except: [],
  };
  const saturday = Date.parse('2026-07-04T10:00:00Z');
  expect(new Date(heldUntil([{ quietHours: weekend }], 'low', saturday)).toISOString()).toBe(
    '2026-07-05T22:00:00.000Z',
  );
});
