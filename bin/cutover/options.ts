import * as z from 'zod';
import { CommandFailure, messageOf } from '../command/failure.ts';
import { readArguments } from '../command/run.ts';
import { readDesk } from '../operator/desk-option.ts';

export const usage = `usage: npm run cutover -- --table NAME --stage STAGE | --url URL [options]

After a disaster: makes a table that was restored from a backup the live operations table. Says how much is lost, arms the
table, forgets answers to what is lost, switches the stage's parameters, deploys, and has lists and figures put right.
May be stopped at any moment and run again: it goes on. Before it, see docs/runbook.md#a-real-disaster.

  --table NAME       the restored table; its name begins with cloud-service-desk-<stage>-operations-
  --stage STAGE      a deployed stage, with the credentials and the region of the AWS CLI, which must be able to deploy
  --url URL          a desk on this machine instead, such as http://127.0.0.1:3000
  --overrides JSON   the settings of the stage that are given on the command line when it is deployed
  --dry-run          show what is lost and what would be done, change nothing
  --yes              do it
  --help             this text

exit code: 0 done, 2 done but for what it names, 1 it could not go on
`;

export interface CutoverOptions {
  readonly table: string;
  readonly stage: string;
  /** A local desk; null = AWS. */
  readonly url: string | null;
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Whether anything is changed. */
  readonly really: boolean;
  /** Whether it was asked to change nothing; else it is told what to say. */
  readonly dryRun: boolean;
}

const see = 'See npm run cutover -- --help';

const known = {
  options: {
    table: { type: 'string' },
    stage: { type: 'string' },
    url: { type: 'string' },
    overrides: { type: 'string', default: '{}' },
    'dry-run': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
} as const;

const readOverrides = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (error) {
    throw new CommandFailure(`--overrides takes a JSON object of stage settings (${messageOf(error)})\n${see}`);
  }
};

/** Reads the command line; null when help is asked for. @throws CommandFailure saying what is allowed. */
export const readOptions = (args: readonly string[]): CutoverOptions | null => {
  const { table, stage, url, overrides, 'dry-run': dryRun, yes, help } = readArguments(args, known, see).values;
  if (help) return null;
  const desk = readDesk({ stage, url }, see);
  if (table === undefined || table === '') throw new CommandFailure(`Say which table was restored: --table\n${see}`);
  if (dryRun && yes) throw new CommandFailure(`Say one of --dry-run and --yes\n${see}`);
  return { ...desk, table, overrides: readOverrides(overrides), really: yes, dryRun };
};
