#!/usr/bin/env node
/** `npm run demo`: one morning at the desk, told in two minutes, on the same code that is deployed. */
import { resolve } from 'node:path';
import { startDesk } from '../local/desk.ts';
import { readArguments, runCommand, terminal } from './command/run.ts';
import { tellStory } from './demo/story.ts';

const usage = `usage: npm run demo -- [--url URL]

Imports a real company's log, opens live tickets, lets one of them breach its SLA, and shows the alert, the clocks and the KPIs; then
restores the table of tickets from a backup in a drill, while somebody goes on writing.
Starts a desk of its own that keeps nothing; with --url it uses a running local desk, whose virtual time it moves.
`;

const known = { options: { url: { type: 'string' }, help: { type: 'boolean', default: false } } } as const;

/** The desk to tell the story at, null for one of its own; nothing at all when help is asked for. */
const readDesk = (args: readonly string[]): { readonly url: string | null } | null => {
  const { url, help } = readArguments(args, known, 'See npm run demo -- --help').values;
  return help ? null : { url: url?.replace(/\/+$/, '') ?? null };
};

const tellAtOwnDesk = async (): Promise<void> => {
  process.env['TZ'] = 'UTC';
  const desk = await startDesk({
    port: 0,
    dataDir: null,
    startAt: null,
    assemblyDir: null,
    projectDir: resolve(import.meta.dirname, '..'),
    strict: null,
    verbose: false,
  });
  try {
    await tellStory(desk.url);
  } finally {
    await desk.stop();
  }
};

const tell = async ({ url }: { readonly url: string | null }): Promise<number> => {
  await (url === null ? tellAtOwnDesk() : tellStory(url));
  return 0;
};

process.exit(await runCommand({ usage, readOptions: readDesk, run: tell }, process.argv.slice(2), terminal));
