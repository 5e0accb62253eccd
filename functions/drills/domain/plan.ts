import * as z from 'zod';
import { methodSchema, objectivesSchema } from './drill.ts';
import { type Schedule, scheduleSchema } from './schedule.ts';

/** Drills that shall happen again and again. */
export const planSchema = z.object({
  id: z.string(),
  name: z.string(),
  table: z.string(),
  method: methodSchema,
  recoveryPoint: z.enum(['newest', 'fresh']),
  /** Null: started by hand only. */
  schedule: scheduleSchema.nullable(),
  /** Null: those of the service whose data it is. */
  objectives: objectivesSchema.nullable(),
  costCeiling: z.number().nullable(),
  enabled: z.boolean(),
  archivedAt: z.string().nullable(),
  /** From when on its schedule holds. */
  since: z.string(),
  nextRunAt: z.string().nullable(),
  lastRunAt: z.string().nullable(),
  lastDrillId: z.string().nullable(),
  /** When somebody looks whether its drill has ended; null when that is settled. */
  lookAt: z.string().nullable(),
  /** What is overdue and was told. */
  told: z.string().nullable(),
  version: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type DrillPlan = z.infer<typeof planSchema>;

export type NewPlan = Pick<
  DrillPlan,
  'name' | 'table' | 'method' | 'recoveryPoint' | 'schedule' | 'objectives' | 'costCeiling' | 'enabled'
>;

/** How often a plan looks at what it waits for: a free table, or the end of its drill. */
export const retryMs = 300_000;
export const lookMs = 900_000;

/** When a plan needs attention next, or null. */
export const planAttentionAt = ({ nextRunAt, lookAt }: Pick<DrillPlan, 'nextRunAt' | 'lookAt'>): string | null =>
  [nextRunAt, lookAt].flatMap((at) => (at === null ? [] : [at])).sort()[0] ?? null;

/** Whether its drills start by themselves. */
export const isScheduled = ({
  schedule,
  enabled,
  archivedAt,
}: Pick<DrillPlan, 'schedule' | 'enabled' | 'archivedAt'>): boolean =>
  schedule !== null && enabled && archivedAt === null;

/** The first instant of a schedule after another: `nextRun` of schedule.ts, handed over since what reads schedules is large. */
export type NextRun = (schedule: Schedule, after: number) => number | null;

/** The next instant at which it starts a drill, from `now` on; null when it starts none. */
export const nextRunOf = (
  plan: Pick<DrillPlan, 'schedule' | 'enabled' | 'archivedAt'>,
  now: number,
  nextRun: NextRun,
): string | null => {
  if (plan.schedule === null || !isScheduled(plan)) return null;
  const next = nextRun(plan.schedule, now);
  return next === null ? null : new Date(next).toISOString();
};
