import { CommandFailure } from '../command/failure.ts';
import { readArguments } from '../command/run.ts';
import { readDesk } from '../operator/desk-option.ts';

export const usage = `usage: npm run redrive -- --stage STAGE [--list | --all | --only SOURCE] [options]

Puts back what was given up: hints in dead-letter queues go to the queue that they came from, stream records in the
failed-records bucket to the function that did not take them, oldest first. Mend the cause first (docs/runbook.md).
Stop it at any moment, run it again: nothing is lost, and what comes twice does no harm.

  --stage STAGE   a deployed stage, with the credentials and the region of the AWS CLI
  --url URL       a desk on this machine instead, such as http://127.0.0.1:3000
  --list          show what lies where, how old it is and why (default; changes nothing)
  --all           put everything back
  --only SOURCE   put one source back: due-critical, due-rest, due-drills, rollups,
                  stream-kpis or stream-alerts
  --max N         put back at most N messages and objects
  --help          this text

exit code: 0 done, 2 something failed again and was left where it was, 1 it could not go on
`;

export interface RedriveOptions {
  readonly stage: string;
  /** A local desk; null = AWS. */
  readonly url: string | null;
  /** What to put back; null = only look. */
  readonly putBack: 'all' | { readonly only: string } | null;
  readonly most: number;
}

const see = 'See npm run redrive -- --help';

const known = {
  options: {
    stage: { type: 'string' },
    url: { type: 'string' },
    list: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    max: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
} as const;

/** Reads the command line; null when help is asked for. @throws CommandFailure saying what is allowed. */
export const readOptions = (args: readonly string[]): RedriveOptions | null => {
  const { stage, url, list, all, only, max, help } = readArguments(args, known, see).values;
  if (help) return null;
  const desk = readDesk({ stage, url }, see);
  if ([list, all, only !== undefined].filter(Boolean).length > 1)
    throw new CommandFailure(`Say one of --list, --all and --only\n${see}`);
  const most = max === undefined ? Infinity : Number(max);
  if (max !== undefined && !(Number.isSafeInteger(most) && most > 0))
    throw new CommandFailure(`--max takes a whole number from 1, got ${JSON.stringify(max)}\n${see}`);
  return {
    ...desk,
    putBack: only !== undefined ? { only } : all ? 'all' : null,
    most,
  };
};
