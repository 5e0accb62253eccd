#!/usr/bin/env node
/** `npm run upgrade-items`: brings every item of earlier schema versions into today's shape. */
import process from 'node:process';
import { terminal } from './command/run.ts';
import { main } from './upgrade-items/main.ts';

process.exitCode = await main(process.argv.slice(2), { env: process.env, ...terminal });
