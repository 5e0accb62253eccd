import { parseArgs } from 'node:util';
import { RedriveFailure, messageOf } from './failure.ts';

export const usage = `usage: npm run redrive -- --stage STAGE [--list | --all | --only SOURCE] [options]

Puts back what was given up: hints in dead-letter queues go to the queue that they came from, stream records in the
failed-records bucket to the function that did not take them, oldest first. Mend the cause first (docs/runbook.md).
Stop it at any moment, run it again: nothing is lost, and what comes twice does no harm.

  --stage STAGE   a deployed stage, with the credentials and the region of the AWS CLI
  --url URL       a desk on this machine instead, such as http://127.0.0.1:3000
  --list          show what lies where, how old it is and why (default; changes nothing)
  --all           put everything back
  --only SOURCE   put one source back: due-critical, due-rest, rollups, stream-kpis or stream-alerts
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

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string' },
        url: { type: 'string' },
        list: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        only: { type: 'string' },
        max: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new RedriveFailure(`${messageOf(error)}\n${see}`);
  }
};

const loopback = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\/?$/;

/** Reads the command line; null when help is asked for. @throws RedriveFailure saying what is allowed. */
export const readOptions = (args: readonly string[]): RedriveOptions | null => {
  const { stage, url, list, all, only, max, help } = parse(args);
  if (help) return null;
  if (url !== undefined && !loopback.test(url))
    throw new RedriveFailure(`--url is the address of a desk on this machine, not ${url}; for AWS use --stage\n${see}`);
  if (stage === undefined && url === undefined) throw new RedriveFailure(`Say which desk: --stage or --url\n${see}`);
  if ([list, all, only !== undefined].filter(Boolean).length > 1)
    throw new RedriveFailure(`Say one of --list, --all and --only\n${see}`);
  const most = max === undefined ? Infinity : Number(max);
  if (max !== undefined && !(Number.isSafeInteger(most) && most > 0))
    throw new RedriveFailure(`--max takes a whole number from 1, got ${JSON.stringify(max)}\n${see}`);
  return {
    stage: stage ?? 'local',
    url: url?.replace(/\/$/, '') ?? null,
    putBack: only !== undefined ? { only } : all ? 'all' : null,
    most,
  };
};
