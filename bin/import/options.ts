import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CommandFailure } from '../command/failure.ts';
import { readArguments } from '../command/run.ts';

export const usage = `usage: npm run import -- --format servicenow-log FILE [options]

Brings the incidents of a ServiceNow event log (CSV) in as tickets with their history.
Stop it at any moment, run it again: it continues, and what is in already stays as it is.

  --format servicenow-log   the format of FILE (required)
  --url URL                 the desk (default http://127.0.0.1:3000)
  --token TOKEN             access token of role integration or admin; or the variable CSD_TOKEN;
                            a desk on this machine gives one by itself
  --concurrency N           requests under way at once, 1-16 (default 2)
  --batch N                 incidents in one request, 1-25 (default 25)
  --rejects FILE            where rejected rows go (default: FILE.rejects.csv beside the input)
  --journal FILE            what is done, for continuing (default: FILE.<desk>.import.jsonl beside the input)
  --quiet                   no progress, only problems and the summary
  --help                    this text

exit code: 0 everything is in, 2 some rows were rejected, 1 it failed (run it again to continue)
`;

export interface ImportEnvironment {
  readonly CSD_TOKEN?: string | undefined;
}

export interface ImportOptions {
  readonly file: string;
  /** Origin of the desk without a trailing slash; `/v1` is added. */
  readonly url: string;
  readonly token: string | null;
  readonly concurrency: number;
  readonly batch: number;
  readonly rejects: string;
  readonly journal: string;
  readonly quiet: boolean;
}

const wholeNumber = (name: string, min: number, max: number) =>
  z.coerce
    .number(`--${name} must be a number`)
    .int(`--${name} must be a whole number`)
    .min(min, `--${name} must be at least ${min}`)
    .max(max, `--${name} must be at most ${max}`);

const schema = z.object({
  format: z.literal('servicenow-log', '--format is required; the only format is servicenow-log'),
  url: z
    .url({ protocol: /^https?$/, error: '--url must be an http or https address' })
    .default('http://127.0.0.1:3000'),
  token: z.string().min(1, '--token is empty').optional(),
  concurrency: wholeNumber('concurrency', 1, 16).default(2),
  batch: wholeNumber('batch', 1, 25).default(25),
  rejects: z.string().min(1, '--rejects is empty').optional(),
  journal: z.string().min(1, '--journal is empty').optional(),
  quiet: z.boolean().default(false),
});

const see = 'See npm run import -- --help';

const known = {
  allowPositionals: true,
  options: {
    format: { type: 'string' },
    url: { type: 'string' },
    token: { type: 'string' },
    concurrency: { type: 'string' },
    batch: { type: 'string' },
    rejects: { type: 'string' },
    journal: { type: 'string' },
    quiet: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
} as const;

/** True for an address of this machine: 127.0.0.0/8, ::1 or localhost. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(new URL(url).hostname);

/**
 * Reads the command line; null when help is asked for.
 * @throws CommandFailure naming the argument, what was wrong and what is allowed
 */
export const readOptions = (args: readonly string[], env: ImportEnvironment): ImportOptions | null => {
  const { values, positionals } = readArguments(args, known, see);
  if (values.help) return null;
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    throw new CommandFailure(`${parsed.error.issues.map((issue) => issue.message).join('\n')}\n${see}`);
  }
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) {
    throw new CommandFailure(`name exactly one FILE, got ${positionals.length}\n${see}`);
  }
  const url = parsed.data.url.replace(/\/+$/, '');
  if (url.startsWith('http:') && !isLoopback(url)) {
    throw new CommandFailure(
      `--url ${url}: a token is only sent over https (plain http is for a desk on this machine)`,
    );
  }
  const desk = createHash('sha256').update(url).digest('hex').slice(0, 8);
  const rejects = parsed.data.rejects ?? `${file.replace(/\.csv$/i, '')}.rejects.csv`;
  if (rejects === file) throw new CommandFailure('--rejects names the input file itself');
  return {
    file,
    url,
    token: parsed.data.token ?? (env.CSD_TOKEN || null),
    concurrency: parsed.data.concurrency,
    batch: parsed.data.batch,
    rejects,
    journal: parsed.data.journal ?? `${file}.${desk}.import.jsonl`,
    quiet: parsed.data.quiet,
  };
};
