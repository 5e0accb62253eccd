import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import type { DeskOptions } from './desk.ts';
import { defaultSeed } from './strict.ts';

/** The command line is wrong; the message says how it would be right. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

export const help = `Runs the service desk on this machine: the same bundles, from the synthesized template.

  npm start -- [options]

  --port N         port on 127.0.0.1 (default 3000; 0 = any free one)
  --data DIR       folder that keeps everything (default .local)
  --memory         keep nothing
  --clock ISO      first instant of a fresh desk, such as 2026-01-31T12:00:00Z (default: now)
  --assembly DIR   run this synthesized assembly as it is, instead of synthesizing the app
  --strict         take the freedoms that AWS takes: shards that roll, records and messages again,
                   messages in any order, short-lived workers that are frozen after the answer, limits
                   of size and time, transactions that conflict, keys with a limit, indexes and expiry
                   that are late
  --seed N         seed of what --strict does by chance (default ${defaultSeed})
  --verbose        print what the functions print
  --help           this text
`;

const known = {
  port: { type: 'string', default: '3000' },
  data: { type: 'string' },
  memory: { type: 'boolean', default: false },
  clock: { type: 'string' },
  assembly: { type: 'string' },
  strict: { type: 'boolean', default: false },
  seed: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const instant = (text: string): number => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new OptionsError(`--clock takes an instant such as 2026-01-31T12:00:00Z, got ${JSON.stringify(text)}`);
  }
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: false }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
};

/** Reads the command line; null when help is asked for. @throws OptionsError. */
export const readOptions = (args: readonly string[], projectDir: string): DeskOptions | null => {
  const values = parse(args);
  if (values.help) return null;
  if (values.seed !== undefined && !values.strict) throw new OptionsError('--seed is of use with --strict only');
  const seed = Number(values.seed ?? defaultSeed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new OptionsError(`--seed takes a whole number from 0, got ${JSON.stringify(values.seed)}`);
  if (values.memory && values.data !== undefined)
    throw new OptionsError('--memory keeps nothing: it goes not together with --data');
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new OptionsError(`--port takes a number from 0 to 65535, got ${JSON.stringify(values.port)}`);
  return {
    port,
    dataDir: values.memory ? null : resolve(values.data ?? join(projectDir, '.local')),
    startAt: values.clock === undefined ? null : instant(values.clock),
    assemblyDir: values.assembly === undefined ? null : resolve(values.assembly),
    projectDir,
    verbose: values.verbose,
    strict: values.strict ? { seed } : null,
  };
};
