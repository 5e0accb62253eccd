import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readBudgets } from '../bundles/budgets.ts';
import type { Measurement } from '../row.ts';

/** Bytes of each function's bundle, as it would be deployed, beside the budget that test/infra/bundle-budget.test.ts holds. */
export const bundleBytes: Measurement = async ({ model }) => {
  const { bundles } = readBudgets();
  const files = [
    ...model.functions.map(({ name, codeDir }) => ({ name, file: join(codeDir, 'index.js') })),
    ...model.functions.slice(0, 1).map(({ codeDir }) => ({ name: 'tracer', file: join(codeDir, 'tracer.js') })),
  ];
  return files.map(({ name, file }) => {
    const { size } = statSync(file);
    const budget = bundles[name]?.bytes;
    return {
      what: name === 'tracer' ? 'tracer beside each, if sampled' : `bundle ${name}`,
      measured: `${size} bytes`,
      target: budget === undefined ? 'no budget' : `<= ${budget} bytes`,
      ok: budget !== undefined && size <= budget,
    };
  });
};
