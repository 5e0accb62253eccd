import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RehearsalError } from './emulator.ts';

const lastLines = 40;

/** The project's own CDK CLI. What it prints is kept, and shown when it fails. */
export class CdkCli {
  readonly #cwd: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #cli = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin/cdk');

  constructor(cwd: string, environment: NodeJS.ProcessEnv) {
    this.#cwd = cwd;
    this.#environment = environment;
  }

  /** @throws RehearsalError with the end of what it printed. */
  run(...args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [this.#cli, ...args], {
        cwd: this.#cwd,
        env: { ...this.#environment, CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
      });
      let printed = '';
      const keep = (chunk: Buffer): void => void (printed += chunk.toString());
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) return resolve(printed);
        const end = printed.trimEnd().split('\n').slice(-lastLines).join('\n');
        reject(new RehearsalError(`cdk ${args[0]} ended with ${code}:\n${end}`));
      });
    });
  }
}
