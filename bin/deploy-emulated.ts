#!/usr/bin/env node
/** `npm run deploy:emulated`: deploys, tries, upgrades and destroys the whole service on an emulator of AWS, by the real CDK CLI. */
import { rmSync } from 'node:fs';
import { readArguments, runCommand, terminal } from './command/run.ts';
import { rehearse } from './deploy-emulated/rehearse.ts';

const usage = `usage: AWS_ENDPOINT_URL=http://127.0.0.1:4566 npm run deploy:emulated -- [--keep]

Bootstraps, deploys all stacks of the stage dev, uses the deployed API (sign-in, ticket, reply, breach, alert, KPI), deploys a
changed version over it, checks that no datum changed, and destroys it. Never talks to AWS itself: AWS_ENDPOINT_URL must name an emulator,
such as ministack (pip install ministack; LAMBDA_EXECUTOR=local ministack).

  --keep   leave the upgraded deployment where it is, and the working folder too
`;

const known = {
  options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
} as const;

const readOptions = (args: readonly string[]): { readonly keep: boolean } | null => {
  const { keep, help } = readArguments(args, known, 'See npm run deploy:emulated -- --help').values;
  return help ? null : { keep };
};

const deploy = async ({ keep }: { readonly keep: boolean }): Promise<number> => {
  let folder: string | null = null;
  try {
    await rehearse({ keep, onFolder: (path) => (folder = path) });
    return 0;
  } finally {
    if (folder !== null && !keep) rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = await runCommand({ usage, readOptions, run: deploy }, process.argv.slice(2), terminal);
