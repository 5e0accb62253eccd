import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LeftOverTables } from './aws/left-over-tables.ts';
import { ScratchNames } from './aws/scratch-names.ts';
import { ScratchTable } from './aws/scratch-table.ts';
import { isOver } from './domain/drill.ts';
import type { DrillStore } from './store.ts';

/** Scratch tables as the watch sees them: all there are, whether their drill still wants them, and their removal. */
export const scratchTables = (options: {
  readonly dynamodb: DynamoDBClient;
  readonly prefix: string;
  /** Names that no scratch table has, whatever the prefix says. */
  readonly live: readonly string[];
  readonly drills: Pick<DrillStore, 'find'>;
}) => {
  const { dynamodb, prefix, live, drills } = options;
  const names = new ScratchNames(prefix, live);
  const found = new LeftOverTables(dynamodb, names);
  const table = new ScratchTable(dynamodb, names);
  /** By its name when it has no tag: the tag comes late in a drill. */
  const drillIdOf = ({ name, drillId }: { readonly name: string; readonly drillId: string | null }): string =>
    drillId ?? `drl_${name.slice(prefix.length + 'drl_'.length).toUpperCase()}`;
  return {
    list: () => found.list(),
    isWanted: async (one: { readonly name: string; readonly drillId: string | null }): Promise<boolean> => {
      const drill = (await drills.find(drillIdOf(one)))?.drill ?? null;
      return drill !== null && !isOver(drill);
    },
    remove: async (name: string): Promise<{ readonly removed: boolean; readonly message: string }> => {
      const observation = await table.remove(name);
      if ('trouble' in observation)
        return { removed: false, message: `It could not be removed: ${observation.message}` };
      const removed = observation.of === 'remove-table' && observation.removed;
      return { removed, message: 'It is being removed.' };
    },
  };
};
