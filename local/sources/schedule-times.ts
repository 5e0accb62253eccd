import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import type { ScheduleModel } from '../model.ts';

/** The expression of a schedule cannot be kept locally. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** When a schedule runs: the first instant (ms) behind another; null when it never runs again. */
export interface ScheduleTimes {
  next(after: number): number | null;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Interval of `rate(5 minutes)` in ms, null for other expressions.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const intervalOf = (expression: string): number | null => {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count !== undefined && (unit === 'minute' || unit === 'hour' || unit === 'day') && Number(count) > 0
    ? Number(count) * unitMs[unit]
    : null;
};

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const lastOf = { minute: 59, hour: 23, day: 31, month: 12, year: 2199 };

/** `5/10` begins at 5, which croner wants to see as a range. */
const steps = (field: string, last: number): string => field.replaceAll(/(?<![-\w])(\w+)\//g, `$1-${last}/`);

/** EventBridge counts the days of the week from 1 = Sunday, and `L` alone is Saturday: names mean the same to both. */
const dayNames = (field: string): string =>
  field
    .toUpperCase()
    .replace(/^L$/, 'SAT')
    .replaceAll(/(?<![#\d])[1-7]/g, (digit) => weekdays[Number(digit) - 1] ?? digit);

/**
 * The pattern as croner reads it, seconds first and the year last.
 * Fields: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 * @throws ScheduleError for what EventBridge would refuse too.
 */
const cronerPattern = (fields: readonly string[]): string => {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = '', ...more] = fields;
  if (year === '' || more.length > 0) throw new ScheduleError('six fields are wanted, the last of them the year');
  if ((day === '?') === (weekday === '?'))
    throw new ScheduleError('exactly one of day-of-month and day-of-week must be ?');
  if (/\/|(?<![#\d])0/.test(weekday)) throw new ScheduleError('day-of-week is 1-7 or SUN-SAT, without steps');
  if (weekday.includes('#') && weekday.includes(',')) throw new ScheduleError('# takes one day of the week only');
  const days = day === '?' ? '*' : steps(day.toUpperCase(), lastOf.day);
  const ofWeek = weekday === '?' ? '*' : dayNames(weekday);
  const [minutes, hours] = [steps(minute, lastOf.minute), steps(hour, lastOf.hour)];
  const [months, years] = [steps(month.toUpperCase(), lastOf.month), steps(year, lastOf.year)];
  return `0 ${minutes} ${hours} ${days} ${months} ${ofWeek} ${years}`;
};

/**
 * The instants of a cron pattern. The pattern is followed on the wall clock, and each of its times is looked up in the zone:
 * one that clocks skip does not run, one that they show twice runs once
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time).
 */
const cronTimes = (expression: string, timezone: string): ScheduleTimes => {
  const pattern = new Cron(cronerPattern(expression.trim().split(/\s+/)), { timezone: 'UTC' });
  const wallOf = (at: number): Date => {
    const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDateTime();
    return new Date(wall.toZonedDateTime('UTC').epochMilliseconds);
  };
  const instantOf = (wall: Date): number | null => {
    const shown = Temporal.Instant.fromEpochMilliseconds(wall.getTime()).toZonedDateTimeISO('UTC').toPlainDateTime();
    const zoned = shown.toZonedDateTime(timezone, { disambiguation: 'earlier' });
    return zoned.toPlainDateTime().equals(shown) ? zoned.epochMilliseconds : null;
  };
  wallOf(0);
  return {
    next: (after) => {
      for (let wall = pattern.nextRun(wallOf(after)); wall !== null; wall = pattern.nextRun(wall)) {
        const at = instantOf(wall);
        if (at !== null && at > after) return at;
      }
      return null;
    },
  };
};

/** @throws ScheduleError for expressions that are neither `rate(...)` nor `cron(...)`, or that nobody can keep. */
export const timesOf = (schedule: Pick<ScheduleModel, 'id' | 'expression' | 'timezone'>): ScheduleTimes => {
  const { id, expression, timezone } = schedule;
  const interval = intervalOf(expression);
  if (interval !== null) return { next: (after) => after + interval };
  const [, fields] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (fields === undefined) {
    throw new ScheduleError(
      `${id}: the local desk keeps rate(n minutes|hours|days) and cron(...) schedules, not ${expression}`,
    );
  }
  try {
    return cronTimes(fields, timezone);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ScheduleError(`${id}: ${expression} in ${timezone} cannot be kept: ${why}`);
  }
};
