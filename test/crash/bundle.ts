import { build, type Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Text of a product file, and what stands there instead. Must be found exactly once. */
export interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Small limits, so that a history of a dozen alerts has floods, portions and marking in several turns. */
const smallLimits: readonly Replacement[] = [
  { file: 'functions/alerts/domain/parcel.ts', from: 'floodLimit = 20;', to: 'floodLimit = 3;' },
  { file: 'functions/alerts/domain/parcel.ts', from: 'portionLimit = 10_000;', to: 'portionLimit = 5;' },
  { file: 'functions/alerts/use-cases/attend-parcel.ts', from: 'markedAtOnce = 20;', to: 'markedAtOnce = 2;' },
  { file: 'functions/alerts/use-cases/attend-parcel.ts', from: 'markingMs = 15_000;', to: 'markingMs = 40;' },
];

const replacing = (all: readonly Replacement[]): Plugin => ({
  name: 'replacing',
  setup: ({ onLoad }) => {
    onLoad({ filter: /functions\/.*\.ts$/ }, ({ path }) => {
      const file = relative(root, path);
      let contents = readFileSync(path, 'utf8');
      for (const { from, to } of all.filter((one) => one.file === file)) {
        if (contents.split(from).length !== 2) throw new Error(`${file} has not exactly once: ${from}`);
        contents = contents.replace(from, () => to);
      }
      return { contents, loader: 'ts' };
    });
  },
});

/**
 * The product with the world around it as one file that node runs, `faults` planted. A plain process is ten times as fast as
 * a test's; time that passes and ids that are drawn are those of a history.
 */
export const bundle = async (name: string, faults: readonly Replacement[] = []): Promise<string> => {
  const outfile = join(root, 'node_modules/.cache/crash', `${name}.mjs`);
  const wanted = [...smallLimits, ...faults];
  await build({
    absWorkingDir: root,
    entryPoints: ['test/crash/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    packages: 'external',
    alias: { ulid: './test/crash/seeded-ulid.ts', 'node:timers/promises': './test/crash/no-pause.ts' },
    plugins: [replacing(wanted)],
    logLevel: 'silent',
  });
  const text = readFileSync(outfile, 'utf8');
  if (text.includes('node:timers/promises')) throw new Error('a pause of the product would take time');
  return outfile;
};
