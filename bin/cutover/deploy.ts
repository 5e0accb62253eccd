import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { CommandFailure } from '../command/failure.ts';
import type { LiveTable } from './desk.ts';
import type { CutoverOptions } from './options.ts';

/** Makes functions, sources and permissions of a stage read the parameters anew. @throws CommandFailure */
export type Deploy = (table: LiveTable) => Promise<void>;

type Target = Pick<CutoverOptions, 'stage' | 'url' | 'overrides'>;

/** The stacks that read the parameters. Data is left out: it holds the lost table, and may not find it any more. */
const readers = ['Automation', 'Api', 'Observability'];

/** What is said to the CDK. The setting makes every function be published anew, and is what later deployments need too. */
export const cdkArguments = (
  { stage, overrides }: Omit<Target, 'url'>,
  operationsTable: LiveTable,
): readonly string[] => [
  'cdk',
  'deploy',
  '--exclusively',
  ...readers.map((part) => `CloudServiceDesk-${stage}-${part}`),
  '-c',
  `stage=${stage}`,
  '-c',
  `overrides=${JSON.stringify({ ...overrides, operationsTable })}`,
  '--require-approval',
  'never',
];

const onAws = async (target: Target, table: LiveTable): Promise<void> => {
  const args = cdkArguments(target, table);
  const child = spawn('npx', args, { stdio: 'inherit', cwd: resolve(import.meta.dirname, '../..') });
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new CommandFailure(
      `The deployment failed (see above). The parameters are switched; mend it and run this again, or deploy by hand:\n  npx ${args.map((word) => (/[^\w/=:.-]/.test(word) ? `'${word}'` : word)).join(' ')}`,
    );
};

const onThisMachine = async (url: string): Promise<void> => {
  const answer = await fetch(`${url}/_local/deploy`, { method: 'POST' });
  if (!answer.ok) throw new CommandFailure(`${url}/_local/deploy answered ${answer.status}: ${await answer.text()}`);
};

export const deployOf =
  (target: Target): Deploy =>
  (table) =>
    target.url === null ? onAws(target, table) : onThisMachine(target.url);
