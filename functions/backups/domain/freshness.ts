import * as z from 'zod';
import { runStateSchema } from './backup-run.ts';

/** What could be restored of a table when it was looked at last. */
export const tableFreshnessSchema = z.object({
  /** As drills call it. */
  table: z.string(),
  /** Whether the stage's plan backs it up. */
  planned: z.boolean(),
  /** The first look at it: nothing is missed that should have been before. */
  watchedSince: z.string(),
  newestRecoveryPointAt: z.string().nullable(),
  /** The newest instant that point-in-time recovery can restore; null where it is off. */
  latestRestorableAt: z.string().nullable(),
  lastRun: z
    .object({ id: z.string(), state: runStateSchema, createdAt: z.string(), completedAt: z.string().nullable() })
    .nullable(),
});
export type TableFreshness = z.infer<typeof tableFreshnessSchema>;

/** What the watch knows of all tables: one item, rewritten by each look. */
export const freshnessSchema = z.object({
  lookedAt: z.string(),
  settingsLookedAt: z.string().nullable(),
  tables: z.array(tableFreshnessSchema),
});
export type FreshnessOfAll = z.infer<typeof freshnessSchema>;

/** The newest instant that could be restored now, and how. */
export const newestOf = ({
  newestRecoveryPointAt: backup,
  latestRestorableAt: pitr,
}: Pick<TableFreshness, 'newestRecoveryPointAt' | 'latestRestorableAt'>): {
  readonly at: string;
  readonly method: 'backup' | 'pitr';
} | null => {
  if (pitr !== null && (backup === null || pitr >= backup)) return { at: pitr, method: 'pitr' };
  return backup === null ? null : { at: backup, method: 'backup' };
};

export const ageSecondsOf = (freshness: TableFreshness, now: number): number | null => {
  const newest = newestOf(freshness);
  return newest === null ? null : Math.max(0, Math.floor((now - Date.parse(newest.at)) / 1000));
};

/** A copy each night, an hour in which it may begin and eight in which it ends: older than that, one is missing. */
const usualLimitSeconds = 33 * 3600;

/** How old the newest recovery point may be: as was promised of the service, else as the plan makes it. */
export const limitSecondsOf = (objectives: { readonly rpoSeconds: number } | null): number =>
  objectives?.rpoSeconds ?? usualLimitSeconds;

/** Since when the newest recovery point is too old, or null. A table that has none is counted from the first look at it. */
export const staleSince = (freshness: TableFreshness, limitSeconds: number, now: number): string | null => {
  const from = newestOf(freshness)?.at ?? freshness.watchedSince;
  const until = Date.parse(from) + limitSeconds * 1000;
  return now > until ? new Date(until).toISOString() : null;
};
