#!/usr/bin/env node
/** `npm run verify-history`: compares the history in the table with the digests that nobody can alter. Reads only. */
import process from 'node:process';
import { terminal } from './command/run.ts';
import { main } from './verify-history/main.ts';

process.exitCode = await main(process.argv.slice(2), { env: process.env, ...terminal });
