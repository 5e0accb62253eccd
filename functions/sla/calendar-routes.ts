import * as z from 'zod';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, line, pageQuery, storedInstant, text } from '../platform/http/fields.ts';
import { operationResultSchema, operationsAtMost, periodsAtMost } from './domain/calendar-operations.ts';
import { calendarChangeSchema, calendarRulesSchema } from './domain/calendar-rules.ts';

export const staff = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'] as const;
export const keepers = ['manager', 'admin'] as const;

/** A page of a list that may have archived ones in it. */
export const listQuery = {
  ...pageQuery,
  archived: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether archived ones are listed too.')
    .transform((said) => said === 'true'),
};

const params = z.strictObject({ calendarId: id('cal') });

/** Of an entity's version, as a path has it. */
export const versionParam = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a version, like 1')
  .transform(Number);

const rules = calendarRulesSchema.shape;
export const calendarAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    ...rules,
    archivedAt: storedInstant.nullable(),
    version: z.number().int(),
    createdAt: storedInstant,
    updatedAt: storedInstant,
  })
  .meta({ id: 'Calendar' });
export const calendarVersionAnswer = z
  .object({ id: z.string(), version: z.number().int(), ...rules })
  .meta({ id: 'CalendarVersion' });

const holidaysIcs = text(65_536)
  .optional()
  .describe('The text of an iCalendar file (RFC 5545): its dates are added to the holidays.');

const fileRules =
  'A holiday file gives the dates of its all-day events, of events that last whole days, and of what repeats each year: with an end all, without one for ten years from the beginning of this one. At most 64 KB and 1,000 dates; a broken file is a 400 that says which line.';

const example = {
  name: 'Berlin',
  timezone: 'Europe/Berlin',
  hours: {
    mon: [['09:00', '17:00']],
    sat: [
      ['10:00', '12:00'],
      ['13:00', '15:00'],
    ],
  },
  holidays: ['2026-12-25'],
  overrides: { '2026-12-24': [['09:00', '12:00']] },
};

export const createCalendar = defineRoute({
  method: 'POST',
  path: '/v1/calendars',
  summary: 'Make a calendar: when clocks count',
  description: [
    'Windows of local times for each weekday; they include their start and not their end, and `24:00` is the end of a day. `overrides` are dates with windows of their own (none: closed), which win over holidays and weekdays. A local time that the clocks leave out moves forward with them, of one that they show twice it is the first; what is counted is real time.',
    fileRules,
  ].join('\n\n'),
  requirements: ['S-49'],
  roles: keepers,
  customerScope: 'none',
  get body() {
    return z.strictObject({ name: line(200), ...rules, holidaysIcs });
  },
  success: { status: 201, answer: calendarAnswer, etag: true },
  example,
});

export const listCalendars = defineRoute({
  method: 'GET',
  path: '/v1/calendars',
  summary: 'Calendars by name',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  get query() {
    return z.strictObject(listQuery);
  },
  success: aPageOf(calendarAnswer),
});

export const getCalendar = defineRoute({
  method: 'GET',
  path: '/v1/calendars/{calendarId}',
  summary: 'One calendar, also an archived one',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  params,
  success: { status: 200, answer: calendarAnswer, etag: true },
  problems: [404],
});

export const getCalendarVersion = defineRoute({
  method: 'GET',
  path: '/v1/calendars/{calendarId}/versions/{version}',
  summary: 'What a calendar was in one of its versions',
  description: 'Clocks are explained by the version that they count by, for ever.',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  get params() {
    return z.strictObject({ calendarId: id('cal'), version: versionParam });
  },
  success: { status: 200, answer: calendarVersionAnswer },
  problems: [404],
});

export const changeCalendar = defineRoute({
  method: 'PATCH',
  path: '/v1/calendars/{calendarId}',
  summary: 'Change a calendar: a new version of it, and of the policies that count by it',
  description: [
    'Each field that is given replaces the old one whole; `holidaysIcs` adds its dates. Every policy that counts by it gets, together with it, a version that counts by the new one: tickets that are opened have it at once, running ones when the policy is applied. At most 30 policies (409).',
    fileRules,
  ].join('\n\n'),
  requirements: ['S-49'],
  roles: keepers,
  customerScope: 'none',
  params,
  get body() {
    return z
      .strictObject({ name: line(200).optional(), ...calendarChangeSchema.shape, holidaysIcs })
      .refine((body) => Object.keys(body).length > 0, 'must change something');
  },
  success: { status: 200, answer: calendarAnswer, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { holidays: ['2026-12-25', '2027-01-01'] },
});

export const archiveCalendar = defineRoute({
  method: 'POST',
  path: '/v1/calendars/{calendarId}/archive',
  summary: 'Archive a calendar that no policy counts by',
  description: '409 names the policies that do. Clocks that count by it go on.',
  requirements: ['S-49'],
  roles: keepers,
  customerScope: 'none',
  params,
  success: { status: 200, answer: calendarAnswer, etag: true },
  problems: [404, 409, 412],
});

export const previewCalendar = defineRoute({
  method: 'POST',
  path: '/v1/calendars/preview',
  summary: 'Ask a calendar: due dates, open time, opening hours',
  description: [
    'Nothing is kept. The calendar is given, or a stored one named by `calendarId`. Operations: `{"op":"due","start","minutes","pauses"}`, `{"op":"dueBefore","end","minutes"}`, `{"op":"elapsed","start","end","pauses"}`, `{"op":"isOpen","at"}`, `{"op":"nextOpen","at"}`, `{"op":"previousOpen","at"}`, `{"op":"openPeriods","from","to"}`, `{"op":"toUtc","local"}`.',
    `Results come in the same order; an operation that cannot be answered is \`{"error"}\` and spoils no other. Minutes may be fractions and are rounded to whole seconds. A reversed range has nothing, and a reversed pause deducts nothing. Ranges are at most ten years, in the years 1970 to 2099; at most ${periodsAtMost} periods are told of a range. \`previousOpen\` is the last second in which it was open.`,
  ].join('\n\n'),
  requirements: ['S-49'],
  roles: ['requester', ...staff],
  customerScope: 'none',
  get body() {
    return z
      .strictObject({
        calendar: calendarRulesSchema.optional(),
        calendarId: id('cal').optional(),
        operations: z
          .array(z.unknown())
          .max(operationsAtMost, `must have at most ${operationsAtMost} operations`)
          .describe('Each is looked at by itself.'),
      })
      .refine(({ calendar, calendarId }) => (calendar === undefined) !== (calendarId === undefined), {
        path: ['calendar'],
        message: 'is required, or `calendarId` instead of it',
      });
  },
  success: {
    status: 200,
    get answer() {
      return z.object({ results: z.array(operationResultSchema) });
    },
  },
  problems: [404],
  example: {
    calendar: {
      timezone: example.timezone,
      hours: example.hours,
      holidays: example.holidays,
      overrides: example.overrides,
    },
    operations: [{ op: 'due', start: '2026-03-06T15:30:00Z', minutes: 60 }],
  },
});

export const calendarsContract: readonly RouteContract[] = [
  createCalendar,
  listCalendars,
  previewCalendar,
  getCalendar,
  getCalendarVersion,
  changeCalendar,
  archiveCalendar,
];
