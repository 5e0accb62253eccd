import { CommandFailure } from '../command/failure.ts';
import { readArguments } from '../command/run.ts';
import { readDesk } from '../operator/desk-option.ts';

export const usage = `usage: npm run upgrade-items -- --stage STAGE | --url URL [options]

Walks the tables of a desk and rewrites what an earlier version of this product wrote. Optional: old items are understood
without it. Safe beside a working desk, safe to stop and to run again; a stopped walk goes on where it was.

  --stage STAGE   a deployed stage, with the credentials and the region of the AWS CLI
  --url URL       a desk on this machine instead, such as http://127.0.0.1:3000
  --dry-run       count, write nothing
  --segments N    how many parts of a table are walked at once, 1-64 (default 4)
  --help          this text

exit code: 0 all is current, 2 somebody else changed items meanwhile (run it once more), 1 it could not go on
`;

export interface UpgradeOptions {
  readonly stage: string;
  /** A local desk; null = AWS. */
  readonly url: string | null;
  readonly dryRun: boolean;
  readonly segments: number;
}

const see = 'See npm run upgrade-items -- --help';

const known = {
  options: {
    stage: { type: 'string' },
    url: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    segments: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
} as const;

/** Reads the command line; null when help is asked for. @throws CommandFailure saying what is allowed. */
export const readOptions = (args: readonly string[]): UpgradeOptions | null => {
  const { stage, url, segments: given, 'dry-run': dryRun, help } = readArguments(args, known, see).values;
  if (help) return null;
  const segments = Number(given);
  if (!Number.isInteger(segments) || segments < 1 || segments > 64)
    throw new CommandFailure(`--segments takes a whole number from 1 to 64, got ${JSON.stringify(given)}\n${see}`);
  return { ...readDesk({ stage, url }, see), dryRun, segments };
};
