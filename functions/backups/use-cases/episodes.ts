import { isoInstant } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { AlsoRefused, LostRace } from '../../platform/store/commit.ts';
import { type EpisodeKind, withEpisode } from '../domain/watch.ts';
import type { WatchedService, WatchPorts } from './ports.ts';

/** What is found of one thing that is watched: since when it is wrong and what is to be said, or null when it is right. */
export interface Found {
  readonly watched: string;
  readonly kind: EpisodeKind;
  readonly wrong: {
    readonly since: string;
    readonly dueAt?: string | undefined;
    readonly severity: 'critical' | 'high';
    readonly subject: string;
    readonly happened: string;
  } | null;
  readonly service: WatchedService | null;
}

const tags = { backup: 'backup', drill: 'restore-drill' } as const;

/**
 * Writes down what begins to be wrong, with its ticket and alert, and what is right again. While it lasts nothing more is said. A
 * crash between ticket and event leaves the ticket, which the next look finds: it is of the same thing since the same instant.
 */
export const tellEpisode = async (
  { backups, report, clock }: Pick<WatchPorts, 'backups' | 'report' | 'clock'>,
  { watched, kind, wrong, service }: Found,
): Promise<void> => {
  const read = await backups.watch(watched);
  const since = read.watch.episodes[kind];
  if ((since === undefined) === (wrong === null)) return;
  const at = isoInstant(clock.now());
  try {
    if (wrong === null) {
      const data = { kind, since };
      await backups.commitWatch(
        read,
        withEpisode(read.watch, kind, null, at),
        { type: 'backupWatch.ended', data },
        null,
      );
      return;
    }
    const { since: from, happened, ...said } = wrong;
    const alert = await report({
      ...said,
      kind,
      about: `${kind}:${watched}:${from}`,
      happened,
      at: from,
      tag: kind.startsWith('drill.') ? tags.drill : tags.backup,
      serviceId: service?.id ?? null,
      teamId: service?.ownerTeamId ?? null,
    });
    const data = { kind, since: from, happened };
    await backups.commitWatch(
      read,
      withEpisode(read.watch, kind, from, at),
      { type: 'backupWatch.began', data },
      alert,
    );
  } catch (error) {
    // Another run of this job says the same.
    if (!(error instanceof LostRace || error instanceof AlsoRefused)) throw error;
    logger.info('said by another run', { error });
  }
};
