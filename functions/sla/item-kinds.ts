import * as z from 'zod';
import { itemKind, migration } from '../platform/store/item-kind.ts';
import { calendarRulesSchema, versionRefSchema } from './domain/calendar-rules.ts';
import { applicationSchema } from './domain/application.ts';
import { type Level, levelSchema, policySchema } from './domain/policy.ts';

/** A calendar as it is kept and answered. */
export const calendarSchema = z.object({
  id: z.string(),
  name: z.string(),
  rules: calendarRulesSchema,
  archivedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number().int(),
});
export type CalendarRecord = z.infer<typeof calendarSchema>;

/** What a calendar was in one of its versions; its name moves no clock. */
const calendarVersionSchema = z.object({ id: z.string(), version: z.number().int(), rules: calendarRulesSchema });
export type CalendarVersion = z.infer<typeof calendarVersionSchema>;

/** A policy's head: its newest version, and whether it is still in the book. */
export const policyRecordSchema = policySchema.extend({
  archivedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type PolicyRecord = z.infer<typeof policyRecordSchema>;

export const bookSchema = z.object({ policies: z.array(versionRefSchema), version: z.number().int() });
export type Book = z.infer<typeof bookSchema>;

/** What the SLA context keeps in the operations table; keys.ts says where. */
export const calendarKind = itemKind('calendar', calendarSchema.extend({ chain: z.string() }));
export const calendarVersionKind = itemKind('calendar version', calendarVersionSchema);

/** No level was told again then. */
const levelsOfVersion1 = () => z.array(levelSchema.omit({ repeat: true }));
const withRepeat = (levels: z.infer<ReturnType<typeof levelsOfVersion1>>): Level[] =>
  levels.map((level) => ({ ...level, repeat: null }));

const policyHeadSchema = policyRecordSchema.extend({ chain: z.string() });
export const policyKind = itemKind('SLA policy', policyHeadSchema, [
  migration(
    () => policyHeadSchema.extend({ levels: levelsOfVersion1() }),
    (old) => ({ ...old, levels: withRepeat(old.levels) }),
  ),
]);
export const policyVersionKind = itemKind('SLA policy version', policySchema, [
  migration(
    () => policySchema.extend({ levels: levelsOfVersion1() }),
    (old) => ({ ...old, levels: withRepeat(old.levels) }),
  ),
]);
export const bookKind = itemKind('SLA book', bookSchema);

/** An application as it is kept, with its attempts at the tickets before it. */
const keptApplicationSchema = applicationSchema.extend({ chain: z.string(), dueAttempts: z.number().int().optional() });
export type KeptApplication = z.infer<typeof keptApplicationSchema>;
export const applicationKind = itemKind('SLA application', keptApplicationSchema);
export const runningKind = itemKind(
  'SLA application of a policy',
  z.object({ applicationId: z.string(), live: z.boolean() }),
);
