import { ImportFailure } from './failure.ts';
import { importLog } from './import-log.ts';
import { type ImportEnvironment, readOptions, USAGE } from './options.ts';
import type { Output } from './progress.ts';

export interface Surroundings {
  readonly env: ImportEnvironment;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Runs the command and answers its exit code: 0 everything is in, 2 some rows were rejected, 1 it failed. */
export const main = async (args: readonly string[], { env, stdout, stderr }: Surroundings): Promise<number> => {
  try {
    const options = readOptions(args, env);
    if (options === 'help') {
      stdout.write(USAGE);
      return 0;
    }
    return (await importLog(options, stdout, stderr)) === 0 ? 0 : 2;
  } catch (error) {
    if (!(error instanceof ImportFailure)) throw error;
    stderr.write(`import: ${error.message}\n`);
    return 1;
  }
};
