import { Cron } from 'croner';
import * as z from 'zod';
import { type Drill, isOver } from './drill.ts';
import { ms } from './instants.ts';

/** Five fields of cron (minute, hour, day, month, weekday), read in a time zone. */
export const scheduleSchema = z.object({ cron: z.string().max(100), timezone: z.string().max(64) });
export type Schedule = z.infer<typeof scheduleSchema>;

/** `paused`: nothing is ever called; the library is asked for instants and starts no timer. */
const cronOf = ({ cron, timezone }: Schedule): Cron =>
  new Cron(cron.trim(), { timezone, mode: '5-part', paused: true });

const zoneExists = (timezone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
};

/** Why a schedule cannot be kept, for the person who wrote it; null when it can. Asked before a schedule is stored. */
export const scheduleProblem = (schedule: Schedule, now: number): string | null => {
  if (!zoneExists(schedule.timezone)) return `${schedule.timezone} is no time zone; use a name such as Europe/Berlin.`;
  if (schedule.cron.trim().split(/\s+/).length !== 5)
    return `${schedule.cron} does not have five fields: minute, hour, day of month, month, weekday.`;
  try {
    if (cronOf(schedule).nextRun(new Date(now)) === null) return `${schedule.cron} never comes.`;
    return null;
  } catch (error) {
    return `${schedule.cron} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/**
 * The first instant after `after`, by the zone's own clock on that day; null when there is none. A time that the zone leaves out in
 * spring comes at the first instant after the gap, one that it shows twice in autumn comes once.
 */
export const nextRun = (schedule: Schedule, after: number): number | null =>
  cronOf(schedule).nextRun(new Date(after))?.getTime() ?? null;

/** What a plan is judged by. */
export interface PlanTimes {
  readonly schedule: Schedule;
  readonly enabled: boolean;
  /** From when on this schedule holds: when the plan was made, changed or switched on. */
  readonly since: string;
  /** The newest drill that the plan began, if it has begun any. */
  readonly lastDrill: Pick<Drill, 'requestedAt' | 'endedAt' | 'state' | 'objectives'> | null;
}

export type Overdue =
  | { readonly what: 'not-begun'; readonly dueAt: number }
  | { readonly what: 'not-ended'; readonly dueAt: number };

const minute = 60_000;
const beginGraceMs = 15 * minute;
const leastDurationMs = 6 * 60 * minute;

/** Twice what was promised, and not before six hours: by then it has missed its objective, and hangs. */
const mustHaveEndedAt = ({ requestedAt, objectives }: Pick<Drill, 'requestedAt' | 'objectives'>): number =>
  ms(requestedAt) + Math.max(leastDurationMs, 2 * objectives.rtoSeconds * 1000);

/** A planned drill that has not begun, or not ended, when it should have; null when all is well. A plan that is off owes no run. */
export const overdue = (plan: PlanTimes, now: number): Overdue | null => {
  const { lastDrill } = plan;
  if (lastDrill !== null && !isOver(lastDrill)) {
    const endAt = mustHaveEndedAt(lastDrill);
    // While it runs the plan begins no other, so a run that it delays is not missed.
    return now > endAt ? { what: 'not-ended', dueAt: endAt } : null;
  }
  if (!plan.enabled) return null;
  const after = Math.max(ms(plan.since), lastDrill === null ? 0 : ms(lastDrill.endedAt ?? lastDrill.requestedAt));
  const dueAt = nextRun(plan.schedule, after);
  return dueAt !== null && now > dueAt + beginGraceMs ? { what: 'not-begun', dueAt } : null;
};
