import { milliseconds } from '../../platform/clock.ts';
import { tellEpisode } from './episodes.ts';
import type { WatchPorts } from './ports.ts';

/** A drill that was just concluded removes its own. */
const youngMs = 3_600_000;

/**
 * Removes scratch tables whose drill is over, or is not there, and says so: each costs money and holds everything that the desk
 * knows. Until a table is gone it is asked for again at each look; it is told once.
 */
export const clearScratchTables = async (
  ports: Pick<WatchPorts, 'backups' | 'scratch' | 'report' | 'clock'>,
): Promise<void> => {
  const { scratch, clock } = ports;
  for (const table of await scratch.list()) {
    const age = table.createdAt === null ? null : clock.now() - milliseconds(table.createdAt);
    if (age === null || age < youngMs || (await scratch.isWanted(table))) continue;
    const { removed, message } = await scratch.remove(table.name);
    await tellEpisode(ports, {
      watched: table.name,
      kind: 'drill.leftover',
      service: null,
      wrong: {
        since: table.createdAt ?? '',
        severity: 'high',
        subject: `The scratch table ${table.name} was left over`,
        happened: `The table ${table.name}${table.drillId === null ? '' : ` of the drill ${table.drillId}`} was there since ${table.createdAt ?? 'some time'} without a drill that needs it. ${removed ? 'It was removed.' : message}`,
      },
    });
  }
};
