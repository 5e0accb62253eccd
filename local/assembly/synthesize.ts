import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { AssemblyError } from './assembly-error.ts';

const run = promisify(execFile);
const cdkSchema = z.object({ context: z.record(z.string(), z.unknown()).default({}) });
const failureSchema = z.object({ stderr: z.string() });

export interface Synthesis {
  readonly projectDir: string;
  readonly outDir: string;
  readonly stage: string;
  /** Settings of the stage that are replaced, as `-c overrides=` does; left out, none. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** The context that the CDK CLI would pass: cdk.json's, the stage with what is replaced of it, and the paths and assets in the metadata. */
const contextOf = ({ projectDir, stage, overrides }: Omit<Synthesis, 'outDir'>): string => {
  const file = join(projectDir, 'cdk.json');
  const { context } = existsSync(file) ? cdkSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : { context: {} };
  return JSON.stringify({
    ...context,
    stage,
    ...(overrides !== undefined && { overrides }),
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:disable-version-reporting': true,
  });
};

/**
 * Runs the CDK app for a stage and leaves its cloud assembly in `outDir`, which is emptied first. Needs no CDK CLI and no account.
 * @throws AssemblyError with the app's own words when it fails.
 */
export const synthesize = async (options: Synthesis): Promise<void> => {
  rmSync(options.outDir, { recursive: true, force: true });
  mkdirSync(options.outDir, { recursive: true });
  try {
    await run(process.execPath, [join(options.projectDir, 'bin', 'app.ts')], {
      cwd: options.projectDir,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        CDK_OUTDIR: options.outDir,
        CDK_CONTEXT_JSON: contextOf(options),
        // Checking the templates takes longer than all the rest; tests and deployments do it.
        CDK_VALIDATION: 'false',
      },
    });
  } catch (error) {
    const failure = failureSchema.safeParse(error);
    throw new AssemblyError(`the CDK app failed:\n${failure.success ? failure.data.stderr.trim() : String(error)}`);
  }
};
