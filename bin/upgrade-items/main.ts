import { runCommand, type Voice } from '../command/run.ts';
import { awsAccess, localAccess, type Surroundings } from '../operator/access.ts';
import { everyKind, type TableName, tableNames } from './every-kind.ts';
import { Journal } from './journal.ts';
import { readOptions, type UpgradeOptions, usage } from './options.ts';
import { openTables } from './tables.ts';
import { type Counts, walkTable } from './walk.ts';

/** Beside the caller: how far a walk has come that writes. */
const journalFile = '.upgrade-items.json';
/** Pages of a table, 1 MB each, between two lines of progress. */
const progressEvery = 100;

const linesOf = (table: TableName, counts: Counts, dryRun: boolean): readonly string[] =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, { current, upgraded, overtaken, kept }]) => {
      const numbers = `${current} current, ${upgraded} ${dryRun ? 'to upgrade' : 'upgraded'}`;
      return `${table.padEnd(12)} ${kind.padEnd(20)} ${numbers}, ${overtaken} overtaken, ${kept} old and kept as written`;
    });

/** Walks all tables, one after the other, and answers how many items were changed by others meanwhile. */
const upgrade = async (
  { stage, url, dryRun, segments }: UpgradeOptions,
  env: Surroundings['env'],
  { say, complain }: Voice,
): Promise<number> => {
  const tables = await openTables(stage, url === null ? awsAccess(env) : await localAccess(url));
  const journal = dryRun ? null : new Journal(journalFile, url ?? `stage ${stage}`, segments);
  try {
    let overtaken = 0;
    for (const table of tableNames) {
      let pages = 0;
      const counts = await walkTable({
        client: tables.client,
        table,
        tableName: tables.names[table],
        kinds: everyKind,
        segments,
        dryRun,
        resumeAt: journal?.positions(table) ?? {},
        onPage: (segment, position) => {
          journal?.note(table, segment, position);
          pages += 1;
          if (pages % progressEvery === 0) complain(`... ${table}: ${pages} pages`);
        },
      });
      for (const line of linesOf(table, counts, dryRun)) say(line);
      for (const count of counts.values()) overtaken += count.overtaken;
    }
    journal?.finish();
    return overtaken;
  } finally {
    tables.close();
  }
};

/** Brings every item of earlier schema versions into today's shape, or counts what there is to bring. */
export const main = (args: readonly string[], { env, ...voice }: Surroundings): Promise<number> =>
  runCommand(
    {
      usage,
      readOptions,
      run: async (options) => {
        const overtaken = await upgrade(options, env, voice);
        if (overtaken === 0) return 0;
        voice.say(`${overtaken} items were changed by somebody else meanwhile; run it once more.`);
        return 2;
      },
      whenItFails:
        'What was rewritten is right and stays so; run it again when this is mended, and it goes on. The policy cloud-service-desk-<stage>-upgrade has the permissions that it needs.',
    },
    args,
    voice,
  );
