#!/usr/bin/env node
/** `npm run gameday`: breaks a local desk on purpose; shows the alarm, what people notice, the remedy, and that nothing is lost. */
import { resolve } from 'node:path';
import { startDesk } from '../local/desk.ts';
import { CommandFailure } from './command/failure.ts';
import { readArguments, runCommand, terminal, type Voice } from './command/run.ts';
import { isSceneName, playGameDay, type SceneName, scenes } from './gameday/play.ts';

const names = Object.keys(scenes).filter(isSceneName);
const usage = `usage: npm run gameday -- [--only NAME]

Starts a desk of its own that keeps nothing, breaks it, waits for the alarm of the template to ring, applies the remedy of
docs/runbook.md, and waits until the alarm is quiet and all counts are right. Exit code 1 when one did not ring or return.

${names.map((name) => `  ${name.padEnd(8)}${scenes[name].title}`).join('\n')}
`;

const see = 'See npm run gameday -- --help';
const known = { options: { only: { type: 'string' }, help: { type: 'boolean', default: false } } } as const;

/** The scenes to play; null when help is asked for. @throws CommandFailure when there is no such scene. */
const readScenes = (args: readonly string[]): readonly SceneName[] | null => {
  const { only, help } = readArguments(args, known, see).values;
  if (help) return null;
  if (only === undefined) return names;
  if (isSceneName(only)) return [only];
  throw new CommandFailure(`There is no scene ${JSON.stringify(only)}; there are ${names.join(', ')}.\n${see}`);
};

const play = async (chosen: readonly SceneName[], { say }: Voice): Promise<number> => {
  process.env['TZ'] = 'UTC';
  const desk = await startDesk({
    port: 0,
    dataDir: null,
    startAt: Date.UTC(2026, 2, 2, 9),
    assemblyDir: null,
    projectDir: resolve(import.meta.dirname, '..'),
    strict: null,
    // A reader that fails for a quarter of an hour is to be seen in seconds.
    quickRetries: 3,
    verbose: false,
    onProgress: say,
  });
  try {
    return (await playGameDay(desk.url, chosen)).length === 0 ? 0 : 1;
  } finally {
    await desk.stop();
  }
};

process.exit(await runCommand({ usage, readOptions: readScenes, run: play }, process.argv.slice(2), terminal));
