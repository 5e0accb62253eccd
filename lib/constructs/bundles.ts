import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { BuildOptions } from 'esbuild';
import type { Order } from '../build-bundles.ts';
import { type FunctionName, functionNames } from '../../functions/entrypoints/environments.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Parts of the SDK that are behind a dynamic import which our functions never reach, a third of each bundle. Should one be
 * reached after all, the runtime's own copy answers. test/infra/bundle-budget.test.ts makes sure that nothing loads one at start.
 */
const neverReached = [
  // Sources of credentials: a Lambda's environment brings them, and the SDK asks these only without
  // (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** Event streams: for operations that answer with one. DynamoDB, SQS and SNS have none; the client of S3 loads them at start. */
const eventStreams = '@smithy/core/event-streams';
const usesEventStreams: readonly FunctionName[] = ['queue-drills', 'job-digests'];

/** What shows the description of the API: nothing else says its schemas in JSON Schema, which is 21 KB of zod. */
const describesSchemas: readonly FunctionName[] = ['http-docs'];

/**
 * What few invocations need and what is large lies beside index.js, in a file that a name like `#tracer` stands for, as
 * package.json says of the sources. The tracer, more than a quarter of a function's size, is loaded by invocations that X-Ray
 * samples (functions/platform/tracing.ts); the reader of holiday files when one is sent (functions/sla/holidays.ts); the client
 * of S3 when a report of a drill is read, and schedules when a plan is made or changed (functions/entrypoints/http-drills.ts).
 */
interface Beside {
  readonly name: `#${string}`;
  readonly file: string;
  readonly source: string;
  /** Left out: of every function. */
  readonly of?: readonly FunctionName[];
  /** Whether it loads event streams at start, as the client of S3 does. */
  readonly eventStreams?: true;
}
const beside: readonly Beside[] = [
  { name: '#tracer', file: 'tracer.js', source: 'functions/platform/tracer.ts' },
  { name: '#holidays-file', file: 'holidays-file.js', source: 'functions/sla/holidays-file.ts', of: ['http-sla'] },
  {
    name: '#evidence-file',
    file: 'evidence-file.js',
    source: 'functions/drills/evidence-file.ts',
    of: ['http-drills'],
    eventStreams: true,
  },
  {
    name: '#schedule-file',
    file: 'schedule-file.js',
    source: 'functions/drills/schedule-file.ts',
    of: ['http-drills'],
  },
];

/** The files that lie beside a function's bundle. */
export const besideOf = (name: FunctionName): readonly Beside[] =>
  beside.filter(({ of }) => of === undefined || of.includes(name));

/**
 * How every function is bundled. CommonJS built from the packages' ES modules is a third smaller and starts faster than the
 * defaults. The AWS SDK is bundled: the runtime's own copy changes without notice
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html). Names of functions and classes are not kept, which
 * saves 6 % and a call for each of them at start: every error class says its name itself, so logs tell them apart.
 */
export const bundleOptions = {
  bundle: true,
  external: [...neverReached, eventStreams, ...beside.map(({ name }) => name)],
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  treeShaking: true,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Code of each function, ready to deploy. */
export interface Bundles {
  codeOf(name: FunctionName): Code;
}

/**
 * Bundles every entry point, `<entrypoints>/<function name>.ts`, into one folder per function under
 * `folder`, with `metafile.json` beside them (what is inside each bundle, and its size).
 */
export const bundleFunctions = (folder: string, entrypoints = join(ROOT, 'functions/entrypoints')): Bundles => {
  mkdirSync(folder, { recursive: true });
  const entryPoint = (name: FunctionName) => ({ in: join(entrypoints, `${name}.ts`), out: `${name}/index` });
  const entryBeside = ({ source, file }: Beside) => ({ in: join(ROOT, source), out: parse(file).name });
  const build = (entryPoints: { in: string; out: string }[], how: { describing?: true; external?: string[] } = {}) => ({
    options: {
      absWorkingDir: ROOT,
      outdir: folder,
      ...bundleOptions,
      entryPoints,
      ...(how.external && { external: how.external }),
    },
    describing: how.describing === true,
  });
  const special = [...usesEventStreams, ...describesSchemas];
  const order: Order = {
    builds: [
      build([
        ...functionNames.filter((name) => !special.includes(name)).map(entryPoint),
        ...beside.filter((one) => one.eventStreams !== true).map(entryBeside),
      ]),
      build(describesSchemas.map(entryPoint), { describing: true }),
      build(
        [...usesEventStreams.map(entryPoint), ...beside.filter((one) => one.eventStreams === true).map(entryBeside)],
        { external: bundleOptions.external.filter((name) => name !== eventStreams) },
      ),
    ],
    metafile: join(folder, 'metafile.json'),
  };
  execFileSync(process.execPath, [join(ROOT, 'lib/build-bundles.ts')], {
    input: JSON.stringify(order),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // Says that index.js is CommonJS, whatever package.json stands in a folder above (as it does on a developer's machine).
  for (const name of functionNames) {
    const files = besideOf(name);
    const imports = Object.fromEntries(files.map((one) => [one.name, `./${one.file}`]));
    writeFileSync(join(folder, name, 'package.json'), `${JSON.stringify({ type: 'commonjs', imports })}\n`);
    for (const { file } of files) copyFileSync(join(folder, file), join(folder, name, file));
  }
  for (const { file } of beside) rmSync(join(folder, file));
  return { codeOf: (name) => Code.fromAsset(join(folder, name)) };
};

/** Placeholders instead of code, for looking at templates only (`-c bundle=off`): quick, and not to be deployed. */
export const withoutBundles: Bundles = {
  codeOf: (name) =>
    Code.fromInline(`exports.handler = async () => { throw new Error('${name} was synthesized with bundle=off'); };`),
};
