import * as z from 'zod';
import { type Calendar, NeverOpen } from './calendar.ts';
import type { Interval } from './pause.ts';
import { dayMs, instantOf, isDate } from './zone.ts';

/** What a call may ask for, so that a thousand of the largest questions are answered within seconds. */
export const operationsAtMost = 1_000;
export const periodsAtMost = 1_000;
/** Of all operations of a call: an answer of Lambda has at most 6 MB. */
export const periodsInAll = 20_000;
const yearsAtMost = 10;
const rangeAtMostMs = yearsAtMost * 366 * dayMs;
const minutesAtMost = yearsAtMost * 366 * 1_440;
const pausesAtMost = 1_000;

const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 instant with Z or an offset, like 2026-03-01T09:30:00Z' })
  .refine((text) => text >= '1970-01-02' && text < '2100', 'must lie in the years 1970 to 2099')
  .transform((text) => Date.parse(text));

/** A wall-clock time without an offset: which instant it is, the calendar's zone says. */
const local = z
  .string()
  .regex(
    /^(?:19[7-9]\d|20\d\d)-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/,
    'must be a local time from 1970 to 2099 without an offset, like 2026-03-29T02:30:00',
  )
  .refine((text) => isDate(text.slice(0, 10)), 'must be on a day that exists, like 2026-03-29T02:30:00')
  .transform((text) => ({ date: text.slice(0, 10), ms: Date.parse(`1970-01-01T${text.slice(11)}Z`) }));

const minutes = z
  .number('must be a number of minutes, like 90.5')
  .min(0, 'must not be negative')
  .max(minutesAtMost, `must be at most ${minutesAtMost}: ${yearsAtMost} years`);

/** A reversed one deducts nothing, as a reversed range has nothing. */
const pauses = z
  .array(z.strictObject({ from: instant, to: instant }))
  .max(pausesAtMost, `must be at most ${pausesAtMost} pauses`)
  .default([]);

const shortEnough = (range: Interval): boolean => range.to - range.from <= rangeAtMostMs;
const tooLong = `must be at most ${yearsAtMost} years after the beginning`;

const operations = {
  due: z.strictObject({ op: z.literal('due'), start: instant, minutes, pauses }),
  dueBefore: z.strictObject({ op: z.literal('dueBefore'), end: instant, minutes }),
  elapsed: z
    .strictObject({ op: z.literal('elapsed'), start: instant, end: instant, pauses })
    .refine(({ start, end }) => shortEnough({ from: start, to: end }), { path: ['end'], message: tooLong }),
  isOpen: z.strictObject({ op: z.literal('isOpen'), at: instant }),
  nextOpen: z.strictObject({ op: z.literal('nextOpen'), at: instant }),
  previousOpen: z.strictObject({ op: z.literal('previousOpen'), at: instant }),
  openPeriods: z
    .strictObject({ op: z.literal('openPeriods'), from: instant, to: instant })
    .refine(shortEnough, { path: ['to'], message: tooLong }),
  toUtc: z.strictObject({ op: z.literal('toUtc'), local }),
};
const names = z.keyof(z.object(operations)).options;

const operationSchema = z.discriminatedUnion(
  'op',
  [
    operations.due,
    operations.dueBefore,
    operations.elapsed,
    operations.isOpen,
    operations.nextOpen,
    operations.previousOpen,
    operations.openPeriods,
    operations.toUtc,
  ],
  `must be one of ${names.join(', ')}`,
);
type Operation = z.output<typeof operationSchema>;

export const operationResultSchema = z.union([
  z.object({ at: z.string() }),
  z.object({ minutes: z.number(), seconds: z.number() }),
  z.object({ open: z.boolean() }),
  z.object({ periods: z.array(z.object({ from: z.string(), to: z.string() })) }),
  z.object({ error: z.string() }),
]);
export type OperationResult = z.infer<typeof operationResultSchema>;

const iso = (at: number): string => new Date(at).toISOString();

/** Minutes may be fractions; the second is as exact as it gets. */
const wholeSeconds = (count: number): number => Math.round(count * 60) * 1_000;

const told = (error: z.ZodError): string =>
  error.issues
    .map((issue) => {
      const path = issue.path.map(String).join('.');
      if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not a field of this operation`;
      const missing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.startsWith('Invalid');
      return `${path === '' ? 'operation' : path}: ${missing ? 'is required' : issue.message}`;
    })
    .join('; ');

const periodsOf = (calendar: Calendar, { from, to }: Interval, left: number): OperationResult => {
  const periods = calendar.openPeriods(from, to, periodsAtMost);
  if (periods.length > periodsAtMost)
    return { error: `to: there are more than ${periodsAtMost} periods; ask for a shorter range` };
  if (periods.length > left)
    return {
      error: `all operations of a call are told ${periodsInAll} periods at most; ask for the rest in another call`,
    };
  return { periods: periods.map((period) => ({ from: iso(period.from), to: iso(period.to) })) };
};

const answer = (calendar: Calendar, operation: Operation, periodsLeft: number): OperationResult => {
  switch (operation.op) {
    case 'due':
      return { at: iso(calendar.due(operation.start, wholeSeconds(operation.minutes), operation.pauses)) };
    case 'dueBefore':
      return { at: iso(calendar.dueBefore(operation.end, wholeSeconds(operation.minutes))) };
    case 'elapsed': {
      const seconds = Math.round(calendar.elapsed(operation.start, operation.end, operation.pauses) / 1_000);
      return { minutes: seconds / 60, seconds };
    }
    case 'isOpen':
      return { open: calendar.isOpen(operation.at) };
    case 'nextOpen':
      return { at: iso(calendar.nextOpen(operation.at)) };
    case 'previousOpen':
      return { at: iso(calendar.previousOpen(operation.at)) };
    case 'openPeriods':
      return periodsOf(calendar, operation, periodsLeft);
    case 'toUtc':
      return { at: iso(instantOf(calendar.rules.timezone, operation.local)) };
  }
};

const answerOne = (calendar: Calendar, wanted: unknown, periodsLeft: number): OperationResult => {
  const parsed = operationSchema.safeParse(wanted, { reportInput: true });
  if (!parsed.success) return { error: told(parsed.error) };
  try {
    return answer(calendar, parsed.data, periodsLeft);
  } catch (error) {
    if (error instanceof NeverOpen) return { error: error.message };
    throw error;
  }
};

/**
 * What a calendar says to each question, in their order. One that cannot be answered says why and spoils no other. A calendar
 * of its own for each call: what it works out of days is forgotten with it.
 */
export const answerOperations = (calendar: Calendar, wanted: readonly unknown[]): readonly OperationResult[] => {
  let periodsLeft = periodsInAll;
  return wanted.map((one) => {
    const result = answerOne(calendar, one, periodsLeft);
    if ('periods' in result) periodsLeft -= result.periods.length;
    return result;
  });
};
