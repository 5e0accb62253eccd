import { isoInstant } from '../../platform/clock.ts';
import { derivedId } from '../../platform/ids.ts';
import { AlsoRefused, LostRace } from '../../platform/store/commit.ts';
import { type BackupRun, eventTypeOf, isFailure, isNews, type SeenJob } from '../domain/backup-run.ts';
import type { WatchedService, WatchPorts } from './ports.ts';

const runIdOf = (jobId: string): string => derivedId('bkr', jobId);

/** What is said of a run that is no backup. */
const troubleOf = (run: BackupRun, service: WatchedService | null) => ({
  kind: 'backup.failed' as const,
  about: `backup-job:${run.jobId}`,
  severity: 'high' as const,
  subject: `The backup of ${run.table} ${run.withIssues ? 'completed with issues' : run.state}`,
  happened: `The backup job ${run.jobId}, begun at ${run.createdAt}, ${run.withIssues ? 'completed with issues' : `is ${run.state}`}${run.message === null ? '' : `: ${run.message}`}.`,
  at: run.completedAt ?? run.createdAt,
  tag: 'backup' as const,
  serviceId: service?.id ?? null,
  teamId: service?.ownerTeamId ?? null,
});

/**
 * Writes down what is new of a table's backup jobs, each once for each state that is seen, and with a failure its ticket and alert.
 * The id follows from the job's, so it may be told by a look and by an event, late or twice. Answers all of them, the oldest first.
 */
export const recordRuns = async (
  { backups, report, clock }: Pick<WatchPorts, 'backups' | 'report' | 'clock'>,
  { table, service }: { readonly table: string; readonly service: WatchedService | null },
  jobs: readonly SeenJob[],
): Promise<readonly BackupRun[]> => {
  const known = await backups.runs(jobs.map(({ jobId }) => runIdOf(jobId)));
  const runs: BackupRun[] = [];
  for (const job of jobs) {
    const id = runIdOf(job.jobId);
    const before = known.get(id) ?? null;
    if (before !== null && !isNews(before.run, job)) {
      runs.push(before.run);
      continue;
    }
    const run: BackupRun = {
      id,
      table,
      jobId: job.jobId,
      state: job.state,
      planned: job.planned,
      createdAt: job.createdAt,
      completedAt: job.completedAt,
      sizeBytes: job.sizeBytes,
      recoveryPointArn: job.recoveryPointArn,
      message: job.message === null ? null : job.message.slice(0, 1_000),
      withIssues: job.withIssues,
      version: (before?.run.version ?? 0) + 1,
      updatedAt: isoInstant(clock.now()),
    };
    runs.push(run);
    try {
      const alert = isFailure(run) ? await report(troubleOf(run, service)) : null;
      const { id: _id, version: _version, ...data } = run;
      await backups.commitRun(before, run, { type: eventTypeOf(run.state), data }, alert);
    } catch (error) {
      // Another run of this job writes the same.
      if (!(error instanceof LostRace || error instanceof AlsoRefused)) throw error;
    }
  }
  return runs;
};
