import { TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import { Rearming } from '../../functions/drills/aws/rearming.ts';
import { ScratchNames } from '../../functions/drills/aws/scratch-names.ts';
import { CommandFailure } from '../command/failure.ts';
import type { Desk } from './desk.ts';
import { liveSinceTag, type RestoredTable } from './restored-table.ts';

const lookEveryMs = 1000;
/** Streams and point-in-time recovery are on within a minute or two. */
const patienceMs = 900_000;

/** What the stage wants of its operations table. */
export const wantedOf = ({ settings: { tags, pointInTimeRecovery, deletionProtection } }: Desk) =>
  ({ tags, ttl: null, pointInTimeRecovery, stream: 'NEW_AND_OLD_IMAGES', deletionProtection }) as const;

/** What is still to be done to a table, in words. */
export const unarmed = (desk: Desk, { shape }: RestoredTable): readonly string[] => {
  const wanted = wantedOf(desk);
  return [
    ...(Object.entries(wanted.tags).every(([key, value]) => shape.tags[key] === value)
      ? []
      : ['tag of the backup plan']),
    ...(wanted.pointInTimeRecovery && !shape.pointInTimeRecovery ? ['point-in-time recovery'] : []),
    ...(shape.stream === wanted.stream ? [] : ['stream']),
    ...(wanted.deletionProtection && !shape.deletionProtection ? ['deletion protection'] : []),
  ];
};

/** Gives the table what a restore leaves out, one thing after the other; what is there already is left as it is. */
export const arm = async (desk: Desk, table: string): Promise<void> => {
  const rearming = new Rearming(desk.tables, new ScratchNames(desk.settings.prefix, []));
  for (const until = performance.now() + patienceMs; ; await pause(lookEveryMs)) {
    const seen = await rearming.rearm({ scratchTable: table, source: wantedOf(desk), drillId: null });
    if ('trouble' in seen) throw new CommandFailure(`${table} cannot be armed: ${seen.message}`);
    if ('done' in seen && seen.done) return;
    if (performance.now() > until)
      throw new CommandFailure(
        `${table} is not ready: ${'waitingFor' in seen ? seen.waitingFor : 'unknown'}. Run this again.`,
      );
  }
};

export const markLive = async ({ tables }: Desk, { arn }: RestoredTable, since: string): Promise<void> => {
  await tables.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: liveSinceTag, Value: since }] }));
};
