/** `npm run budgets`: the bytes of each bundle beside its budget, and what grew. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from '../../lib/constructs/bundles.ts';
import { budgetsFile, keeping, overBudget, readBudgets } from './budgets.ts';
import { contentsOf } from './contents.ts';

const help = `The bytes of each function's bundle beside its budget (bench/bundles/budgets.json), and which parts grew.

  npm run budgets -- [options]

  --keep    notes what is in the bundles now, and gives functions without a budget one: 5 % more than they have
  --help    this text
`;

const main = (): void => {
  const { keep, help: wanted } = parseArgs({
    options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  }).values;
  if (wanted) return console.log(help);
  const folder = mkdtempSync(join(tmpdir(), 'csd-bundles-'));
  try {
    bundleFunctions(folder);
    const all = contentsOf(JSON.parse(readFileSync(join(folder, 'metafile.json'), 'utf8')));
    const budgets = keep ? keeping(readBudgets(), all) : readBudgets();
    if (keep) writeFileSync(budgetsFile, `${JSON.stringify(budgets, null, 2)}\n`);
    for (const [name, contents] of all) {
      const budget = budgets.bundles[name];
      console.log(`${name.padEnd(16)}${String(contents.bytes).padStart(8)} of ${budget?.bytes ?? 'none'}`);
      const wrong = overBudget(name, contents, budget);
      if (wrong === null) continue;
      console.error(wrong);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

main();
