import { readArguments } from '../command/run.ts';
import { readDesk } from '../operator/desk-option.ts';

export const usage = `usage: npm run verify-history -- --stage STAGE | --url URL

Compares the history in the operations table with the digests in the evidence bucket, which nobody can alter: every page
follows the one before, every event is what was recorded, none is missing, and each history is still the one that was
written down. Changes nothing, may be stopped and run again at any time. A whole desk is read once, so it may take long.

  --stage STAGE   a deployed stage, with the credentials and the region of the AWS CLI
  --url URL       a desk on this machine instead, such as http://127.0.0.1:3000
  --help          this text

exit code: 0 the history is as it was, 2 it is not, or nothing proves it, 1 it could not be checked
`;

export interface VerifyOptions {
  readonly stage: string;
  /** A local desk; null = AWS. */
  readonly url: string | null;
}

const see = 'See npm run verify-history -- --help';

const known = {
  options: {
    stage: { type: 'string' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
} as const;

/** Reads the command line; null when help is asked for. @throws CommandFailure saying what is allowed. */
export const readOptions = (args: readonly string[]): VerifyOptions | null => {
  const { values } = readArguments(args, known, see);
  return values.help ? null : readDesk(values, see);
};
