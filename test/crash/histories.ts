import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Report {
  readonly seed: number;
  readonly totals: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly seed: number; readonly faults: readonly string[] }[];
  readonly seconds: number;
}

/** Runs histories of the seeds from `seed` on, in a process of their own; ends after `most` that failed. */
export const runHistories = async (
  file: string,
  { seed, runs, most = 5 }: { readonly seed: number; readonly runs: number; readonly most?: number },
): Promise<Report> => {
  const child = spawn(process.execPath, [file, String(seed), String(runs), String(most)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1', POWERTOOLS_LOG_LEVEL: 'SILENT' },
  });
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(out) as Report;
};
