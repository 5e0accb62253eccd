import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import type { DueHandler } from '../../platform/due/attend.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { nextManifestAt } from '../domain/plan-window.ts';
import type { BackupStore, ManifestJob } from '../store.ts';

/** An invocation begins no further part after so long. */
const budgetMs = 80_000;

type Progress = NonNullable<ManifestJob['progress']>;

export interface ManifestPorts {
  readonly backups: Pick<BackupStore, 'manifestJob' | 'keepManifestJob'>;
  /** Works for a while on the manifest of the desk's table, from where it stood; the name once it is kept. */
  readonly slice: (
    progress: Progress | null,
    until: number,
  ) => Promise<{
    readonly progress: Progress;
    readonly manifest: { readonly name: string; readonly asOf: string } | null;
  }>;
  readonly zone: string;
  readonly clock: Clock;
}

/**
 * The due handler of the nightly manifest: counts the events of the desk's table before the copy of the night is taken, a part an
 * invocation, and is due again the next night. Killed anywhere it goes on from the part before; of two at once one stops.
 */
export const manifestDueHandler =
  ({ backups, slice, zone, clock }: ManifestPorts): DueHandler =>
  async () => {
    const job = await backups.manifestJob();
    const begun = clock.now();
    if (job === null || milliseconds(job.dueAt) > begun) return;
    const { progress, manifest } = await slice(job.progress, begun + budgetMs);
    const now = clock.now();
    const { lastName, lastAsOf } = job;
    const next =
      manifest === null
        ? { progress, lastName, lastAsOf, dueAt: isoInstant(now) }
        : { progress: null, lastName: manifest.name, lastAsOf: manifest.asOf, dueAt: nextManifestAt(zone, now) };
    try {
      await backups.keepManifestJob(job, next);
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
    }
  };
