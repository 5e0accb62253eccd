#!/usr/bin/env node
/** `npm run deploy:emulated`: deploys, tries, upgrades and destroys the whole service on an emulator of AWS, by the real CDK CLI. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { rehearse } from './deploy-emulated/rehearse.ts';

const usage = `usage: AWS_ENDPOINT_URL=http://127.0.0.1:4566 npm run deploy:emulated -- [--keep]

Bootstraps, deploys all stacks of the stage dev, uses the deployed API (sign-in, ticket, reply, breach, alert, KPI), deploys a
changed version over it, checks that no datum changed, and destroys it. Never talks to AWS itself: AWS_ENDPOINT_URL must name an emulator,
such as ministack (pip install ministack; LAMBDA_EXECUTOR=local ministack).

  --keep   leave the upgraded deployment where it is, and the working folder too
`;

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help) {
  console.log(usage);
  process.exit(0);
}
let folder: string | null = null;
try {
  await rehearse({ keep: values.keep, onFolder: (path) => (folder = path) });
} catch (error) {
  console.error(`\nfailed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  if (folder !== null && !values.keep) rmSync(folder, { recursive: true, force: true });
}
