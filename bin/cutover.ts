#!/usr/bin/env node
/** `npm run cutover`: makes a restored table the live operations table. */
import process from 'node:process';
import { terminal } from './command/run.ts';
import { main } from './cutover/main.ts';

process.exitCode = await main(process.argv.slice(2), { env: process.env, ...terminal });
