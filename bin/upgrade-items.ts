#!/usr/bin/env node
/** `npm run upgrade-items`: brings every item of earlier schema versions into today's shape. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { readDesk } from './operator/desk-option.ts';
import { everyKind, tableNames } from './upgrade-items/every-kind.ts';
import { Journal } from './upgrade-items/journal.ts';
import { openTarget } from './upgrade-items/target.ts';
import { type Counts, walkTable } from './upgrade-items/walk.ts';

const usage = `usage: npm run upgrade-items -- (--stage NAME | --url URL) [--dry-run] [--segments N]

Walks the tables of a deployed stage (with the AWS credentials of the environment) or of a local desk, and rewrites what an
earlier version of this product wrote. Optional: old items are understood without it. Safe beside a working desk, safe to
stop and to run again; a stopped walk goes on where it was.

  --stage NAME    a deployed stage
  --url URL       a local desk, http://127.0.0.1:3000
  --dry-run       count, write nothing
  --segments N    how many parts of a table are walked at once (4)
`;

const { values } = parseArgs({
  options: {
    stage: { type: 'string' },
    url: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    segments: { type: 'string', default: '4' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const print = (table: string, counts: Counts): void => {
  for (const [kind, { current, upgraded, overtaken, kept }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const numbers = `${current} current, ${upgraded} ${values['dry-run'] ? 'to upgrade' : 'upgraded'}`;
    console.log(
      `${table.padEnd(12)} ${kind.padEnd(20)} ${numbers}, ${overtaken} overtaken, ${kept} old and kept as written`,
    );
  }
};

const segments = Number(values.segments);
const given = [values.stage, values.url].filter((one) => one !== undefined).length;
if (values.help) {
  console.log(usage);
} else if (given !== 1 || !Number.isInteger(segments) || segments < 1 || segments > 64) {
  console.error(`Name either --stage or --url, and 1 to 64 segments.\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    const target = await openTarget(readDesk(values, 'See npm run upgrade-items -- --help'));
    const journal = new Journal('.upgrade-items.json', target.name, segments);
    const dryRun = values['dry-run'];
    let overtaken = 0;
    for (const table of tableNames) {
      const counts = await walkTable({
        client: target.client,
        table,
        tableName: await target.tableOf(table),
        kinds: everyKind,
        segments,
        dryRun,
        ...(dryRun ? {} : { resumeAt: journal.positions(table) }),
        onPage: (segment, position) => {
          if (!dryRun) journal.note(table, segment, position);
          if (process.stderr.isTTY)
            process.stderr.write(`${table}: segment ${segment} ${position === 'done' ? 'done' : 'goes on'}\n`);
        },
      });
      print(table, counts);
      for (const count of counts.values()) overtaken += count.overtaken;
    }
    if (!dryRun) journal.finish();
    if (overtaken > 0) console.log(`${overtaken} items were changed by somebody else meanwhile; run it once more.`);
  } catch (error) {
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    process.exitCode = 1;
  }
}
