#!/usr/bin/env node
/** `npm run gameday`: breaks a local desk on purpose; shows the alarm, what people notice, the remedy, and that nothing is lost. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDesk } from '../local/desk.ts';
import { isSceneName, playGameDay, type SceneName, scenes } from './gameday/play.ts';

const names = Object.keys(scenes).filter(isSceneName);
const usage = `usage: npm run gameday -- [--only NAME]

Starts a desk of its own that keeps nothing, breaks it, waits for the alarm of the template to ring, applies the remedy of
docs/runbook.md, and waits until the alarm is quiet and all counts are right. Exit code 1 when one did not ring or return.

${names.map((name) => `  ${name.padEnd(8)}${scenes[name].title}`).join('\n')}
`;

const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', default: false } } });

const chosen = (only: string | undefined): readonly SceneName[] => {
  if (only === undefined) return names;
  return isSceneName(only) ? [only] : [];
};

if (values.help) {
  console.log(usage);
} else if (chosen(values.only).length === 0) {
  console.error(`There is no scene ${JSON.stringify(values.only)}.\n\n${usage}`);
  process.exitCode = 2;
} else {
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
    onProgress: (line) => console.log(line),
  });
  let problems: readonly string[] = ['the game day broke off'];
  try {
    problems = await playGameDay(desk.url, chosen(values.only));
  } finally {
    await desk.stop();
  }
  process.exit(problems.length === 0 ? 0 : 1);
}
