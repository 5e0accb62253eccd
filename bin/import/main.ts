import { runCommand } from '../command/run.ts';
import { importLog } from './import-log.ts';
import { type ImportEnvironment, readOptions, usage } from './options.ts';
import type { Output } from './progress.ts';

export interface Surroundings {
  readonly env: ImportEnvironment;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Runs the command and answers its exit code: 0 everything is in, 2 some rows were rejected, 1 it failed. */
export const main = (args: readonly string[], { env, stdout, stderr }: Surroundings): Promise<number> =>
  runCommand(
    {
      usage,
      readOptions: (words) => readOptions(words, env),
      run: async (options) => ((await importLog(options, stdout, stderr)) === 0 ? 0 : 2),
      whenItFails: 'What is in stays in; run it again to continue.',
    },
    args,
    {
      say: (line) => void stdout.write(`${line}\n`),
      complain: (line) => void stderr.write(`import: ${line}\n`),
    },
  );
