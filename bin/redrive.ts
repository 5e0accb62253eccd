#!/usr/bin/env node
/** `npm run redrive`: puts back what was given up, in dead-letter queues and in the failed-records bucket. Safe to stop and to run again. */
import process from 'node:process';
import { terminal } from './command/run.ts';
import { main } from './redrive/main.ts';

process.exitCode = await main(process.argv.slice(2), { env: process.env, ...terminal });
