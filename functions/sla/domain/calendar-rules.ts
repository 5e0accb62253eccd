import * as z from 'zod';
import { isDate, isZone, weekdays } from './zone.ts';

/** Windows of one day and dates of a calendar, as people write them down. */
const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day like 09:00; 24:00 is the end of the day');

/** `17:30` -> minutes since midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

const window = z
  .tuple([clockTime, clockTime], 'must be a pair of times like ["09:00","17:00"]')
  .refine(([from, to]) => minutesOf(from) < minutesOf(to), 'must end after it begins; give a night as two windows');

const windows = z.array(window).max(24, 'must have at most 24 windows a day');

const date = z.string().refine(isDate, 'must be a date like 2026-12-25');

/** Holidays and overrides of a calendar, each. */
export const datesAtMost = 1_000;

const overrides = z
  .record(date, windows)
  .refine((days) => Object.keys(days).length <= datesAtMost, `must have at most ${datesAtMost} dates`);

/**
 * When work is done: several windows a weekday in a time zone of the IANA database, whole holidays, and dates that have
 * windows of their own (none: closed), which win over holidays and weekdays.
 */
const fields = {
  timezone: z.string().max(64).refine(isZone, 'must be a time zone of the IANA database, like Europe/Berlin'),
  hours: z
    .partialRecord(z.enum(weekdays, `must be one of ${weekdays.join(', ')}`), windows)
    .refine(
      (hours) => Object.values(hours).some((day) => day !== undefined && day.length > 0),
      'must have at least one window in the week: with a calendar that never opens, nothing is ever due',
    ),
  holidays: z.array(date).max(datesAtMost, `must have at most ${datesAtMost} holidays`),
  overrides,
};

export const calendarRulesSchema = z.strictObject({
  ...fields,
  holidays: fields.holidays.default([]),
  overrides: overrides.default({}),
});
export type CalendarRules = z.output<typeof calendarRulesSchema>;

/** Of these, what a change asks for. */
export const calendarChangeSchema = z.strictObject(fields).partial();

/** Which version of a calendar or policy. */
export const versionRefSchema = z.object({ id: z.string(), version: z.number().int() });
export type VersionRef = z.infer<typeof versionRefSchema>;
