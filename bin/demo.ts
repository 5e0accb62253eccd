#!/usr/bin/env node
/** `npm run demo`: one morning at the desk, told in a minute, on the same code that is deployed. */
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { startDesk } from '../local/desk.ts';
import { tellStory } from './demo/story.ts';

const usage = `usage: npm run demo -- [--url URL]

Imports a real company's log, opens live tickets, lets one of them breach its SLA, and shows the alert, the clocks and the KPIs.
Starts a desk of its own that keeps nothing; with --url it uses a running local desk, whose virtual time it moves.
`;

const { values } = parseArgs({ options: { url: { type: 'string' }, help: { type: 'boolean', default: false } } });

if (values.help) {
  console.log(usage);
} else if (values.url === undefined) {
  process.env['TZ'] = 'UTC';
  const projectDir = resolve(import.meta.dirname, '..');
  const options = {
    port: 0,
    dataDir: null,
    startAt: null,
    assemblyDir: null,
    projectDir,
    strict: null,
    verbose: false,
  };
  const desk = await startDesk(options);
  try {
    await tellStory(desk.url);
  } finally {
    await desk.stop();
  }
  process.exit(0);
} else {
  await tellStory(values.url.replace(/\/+$/, ''));
}
