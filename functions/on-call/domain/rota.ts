import * as z from 'zod';
import { isDate, isZone } from '../../sla/domain/zone.ts';

/** Bounds that keep a rota's head small; what is over leaves it and stays in the events. */
export const agentsAtMost = 50;
export const overridesAtMost = 100;
export const plannedAtMost = 20;
/** Longest schedule that is answered at once, and the one of those who do not say. */
export const scheduleDaysAtMost = 92;
export const scheduleDays = 28;

export const zone = z.string().refine(isZone, 'must be a time zone of the IANA database, like Europe/Berlin');
export const localDate = z
  .string()
  .refine(
    (text) => isDate(text) && text >= '2000-01-01' && text < '2100-01-01',
    'must be a date from 2000 to 2099, like 2026-03-02',
  );

/** When one turn ends and the next begins: at a local time, every so many days or every week. */
export const handoverSchema = z
  .strictObject({
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time from 00:00 to 23:59'),
    every: z.enum(['day', 'week']),
    days: z
      .number()
      .int()
      .min(1)
      .max(90)
      .default(1)
      .describe('Length of a turn in days; of weeks it is always 1, since a turn of two weeks is one of 14 days.'),
  })
  .refine(({ every, days }) => every === 'day' || days === 1, {
    path: ['days'],
    message: 'must be 1 or left out with "every": "week"; a turn of two weeks is {"every": "day", "days": 14}',
  });
export type Handover = z.infer<typeof handoverSchema>;

/** Who takes turns, in which order and when; the days and times are local ones of its zone. */
const pattern = {
  timezone: z.string(),
  agentIds: z.array(z.string()),
  startsOn: z.string().describe('The day on which the first of the list takes over; before it, that one has it too.'),
  handover: handoverSchema,
};
const patternSchema = z.object(pattern);
export type Pattern = z.infer<typeof patternSchema>;

/** A pattern holds from an instant on, until the next one does. */
export const periodSchema = z.object({ effectiveFrom: z.string(), ...pattern });
export type Period = z.infer<typeof periodSchema>;

/** Somebody stands in, whosever turn it is. One that was ended before it began is as if it had never been: `to` is `from`. */
export const overrideSchema = z
  .object({
    id: z.string(),
    agentId: z.string(),
    from: z.string(),
    to: z.string(),
    note: z.string(),
    createdAt: z.string(),
    createdBy: z.string(),
  })
  .meta({ id: 'OnCallOverride' });
export type Override = z.infer<typeof overrideSchema>;

/** The rota of a team. All instants are in the one stored form, so they compare as texts. */
export const rotaSchema = z.object({
  id: z.string(),
  teamId: z.string(),
  name: z.string(),
  /** By `effectiveFrom`. */
  periods: z.array(periodSchema),
  /** By age: the newest wins where they overlap. */
  overrides: z.array(overrideSchema),
  /** The two lists are whole from here on; null: from the beginning. Who was on call before is told by the events. */
  keptFrom: z.string().nullable(),
  archivedAt: z.string().nullable(),
  version: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Rota = z.infer<typeof rotaSchema>;
