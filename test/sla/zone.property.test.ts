import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { addDays, instantOf, isDate, isZone, localTime, weekdayOf } from '../../functions/sla/domain/zone.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
  'America/Sao_Paulo',
];

const zone = fc.constantFrom(...zones);
const instant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2060, 0) });
/** Instants around changes of the clocks, which a uniform choice would seldom meet. */
const nearChange = fc
  .record({ zone, around: instant, delta: fc.integer({ min: -7_200_000, max: 7_200_000 }) })
  .map(({ zone: name, around, delta }) => {
    const next = Temporal.Instant.fromEpochMilliseconds(around).toZonedDateTimeISO(name).getTimeZoneTransition('next');
    return { zone: name, at: (next?.epochMilliseconds ?? around) + delta };
  });
const anywhere = fc.oneof(fc.record({ zone, at: instant }), nearChange);

test('local times are those of Temporal', () => {
  fc.assert(
    fc.property(anywhere, ({ zone: name, at }) => {
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).toPlainDateTime();
      const midnight = local.toPlainDate().toPlainDateTime();
      expect(localTime(name, at)).toEqual({
        date: local.toPlainDate().toString(),
        ms: midnight.until(local).total('milliseconds'),
      });
    }),
    { numRuns: 3_000 },
  );
});

test('instants of local times are those of Temporal: gaps move forward, of two the first', () => {
  fc.assert(
    fc.property(anywhere, fc.integer({ min: -10_800_000, max: 10_800_000 }), ({ zone: name, at }, shift) => {
      const plain = Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(name)
        .toPlainDateTime()
        .add({ milliseconds: shift });
      const ms = plain.toPlainDate().toPlainDateTime().until(plain).total('milliseconds');
      expect(instantOf(name, { date: plain.toPlainDate().toString(), ms })).toBe(
        plain.toZonedDateTime(name, { disambiguation: 'compatible' }).epochMilliseconds,
      );
    }),
    { numRuns: 3_000 },
  );
});

test('zones, dates and weekdays', () => {
  expect(zones.every(isZone)).toBe(true);
  expect(['', 'Nope/Nowhere', '+02:00', 'Europe/Berlin; DROP'].some(isZone)).toBe(false);
  expect(isDate('2028-02-29')).toBe(true);
  expect(['2026-02-29', '2026-13-01', '2026-1-01', 'today'].some(isDate)).toBe(false);
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(weekdayOf('2026-11-26')).toBe('thu');
});
