import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Fault } from './faults.ts';
import type { Report } from './simulation.ts';

const root = resolve(import.meta.dirname, '../../..');
const domain = join(root, 'functions/drills/domain');

/** The simulation with the product in it as one file that node runs, `fault` planted: ten times as fast as in a test's sandbox. */
export const bundle = async (name: string, fault: Fault | null = null): Promise<string> => {
  const outfile = join(root, 'node_modules/.cache/drills', `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ['test/drills/step/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) =>
          onLoad({ filter: /functions\/drills\/domain\/.*\.ts$/ }, ({ path }) => {
            const contents = readFileSync(path, 'utf8');
            if (fault === null || path !== join(domain, fault.file)) return { contents, loader: 'ts' };
            if (contents.split(fault.from).length !== 2)
              throw new Error(`${fault.file} has not exactly once: ${fault.from}`);
            return { contents: contents.replace(fault.from, () => fault.to), loader: 'ts' };
          }),
      },
    ],
  });
  return outfile;
};

export const runSimulation = async (
  file: string,
  { seed, runs, most = 5 }: { readonly seed: number; readonly runs: number; readonly most?: number },
): Promise<Report & { readonly seconds: number }> => {
  const child = spawn(process.execPath, [file, String(seed), String(runs), String(most)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
  });
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(out) as Report & { seconds: number };
};
