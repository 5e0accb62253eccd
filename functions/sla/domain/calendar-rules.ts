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

const overrides = z
  .record(date, windows)
  .refine((days) => Object.keys(days).length <= 1_000, 'must have at most 1,000 dates');

/**
 * When work is done: several windows a weekday in a time zone of the IANA database, whole holidays, and dates that have
 * windows of their own (none: closed), which win over holidays and weekdays.
 */
export const calendarRulesSchema = z
  .strictObject({
    timezone: z.string().max(64).refine(isZone, 'must be a time zone of the IANA database, like Europe/Berlin'),
    hours: z.partialRecord(z.enum(weekdays, `must be one of ${weekdays.join(', ')}`), windows),
    holidays: z.array(date).max(1_000, 'must have at most 1,000 holidays').default([]),
    overrides: overrides.default({}),
  })
  .refine(({ hours }) => Object.values(hours).some((day) => day !== undefined && day.length > 0), {
    path: ['hours'],
    message: 'must have at least one window in the week: with a calendar that never opens, nothing is ever due',
  });
export type CalendarRules = z.output<typeof calendarRulesSchema>;

/** Which version of a calendar or policy. */
export const versionRefSchema = z.object({ id: z.string(), version: z.number().int() });
export type VersionRef = z.infer<typeof versionRefSchema>;
