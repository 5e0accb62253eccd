#!/usr/bin/env node
/** `npm run import`: brings another desk's history in through the public API. Safe to stop at any moment and to run again. */
import process from 'node:process';
import { main } from './import/main.ts';

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
});
