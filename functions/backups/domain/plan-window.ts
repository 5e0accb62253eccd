import { nextRun, type Schedule } from '../../drills/domain/schedule.ts';

/** When the stage's plan takes its copy of the night, in the reporting zone. lib/constructs/backup-plan.ts says it to AWS; test/infra/backups.test.ts holds the two together. */
export const nightly = '0 5 * * *';
/** The manifest of the night is written before it, so that the copy can be checked by it. */
const beforeNightly = '0 4 * * *';

const day = 86_400_000;
/** A job may begin so late, and is seen some minutes later. */
const beginsWithinMs = 3_600_000 + 1_800_000;

const schedule = (cron: string, timezone: string): Schedule => ({ cron, timezone });

/** The next instant at which the manifest of the night is written. */
export const nextManifestAt = (timezone: string, now: number): string =>
  new Date(nextRun(schedule(beforeNightly, timezone), now) ?? now + day).toISOString();

/**
 * The window of the last night, if a job should have been seen in it by now and none was; null when all is well. `runsSince`: when
 * jobs of the plan were created. What should have been before the first look at the table was not seen, and is not missed.
 */
export const missedWindow = (
  timezone: string,
  { runs, watchedSince }: { readonly runs: readonly string[]; readonly watchedSince: string },
  now: number,
): { readonly from: string; readonly to: string } | null => {
  const begun = nextRun(schedule(nightly, timezone), now - day - beginsWithinMs);
  if (begun === null || now < begun + beginsWithinMs || begun < Date.parse(watchedSince)) return null;
  const from = new Date(begun).toISOString();
  return runs.some((createdAt) => createdAt >= from) ? null : { from, to: new Date(begun + 3_600_000).toISOString() };
};
