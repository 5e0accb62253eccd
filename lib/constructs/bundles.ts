import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { type FunctionName, functionNames } from '../../functions/entrypoints/environments.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Sources of credentials that a Lambda never asks: its environment brings credentials, and the SDK loads these only without
 * them, by dynamic import. A quarter of each bundle, and part of the runtime anyway, should one be asked after all.
 */
const unusedCredentialSources = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** Code of each function, ready to deploy. */
export interface Bundles {
  codeOf(name: FunctionName): Code;
}

/**
 * Bundles every entry point, `<entrypoints>/<function name>.ts`, by one esbuild call, into one folder per function under `folder`, with `metafile.json`
 * beside them (what is inside each bundle, and its size).
 *
 * CommonJS built from the packages' ES modules is a third smaller and starts faster than the defaults. The AWS SDK is bundled: the
 * runtime's own copy changes without notice (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html).
 * Class names are kept, since errors are told apart by name in the logs.
 */
export const bundleFunctions = (folder: string, entrypoints = join(ROOT, 'functions/entrypoints')): Bundles => {
  const result = buildSync({
    absWorkingDir: ROOT,
    entryPoints: functionNames.map((name) => ({ in: join(entrypoints, `${name}.ts`), out: `${name}/index` })),
    outdir: folder,
    bundle: true,
    external: unusedCredentialSources,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    treeShaking: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'metafile.json'), JSON.stringify(result.metafile));
  // Says that index.js is CommonJS, whatever package.json stands in a folder above (as it does on a developer's machine).
  for (const name of functionNames) writeFileSync(join(folder, name, 'package.json'), '{"type":"commonjs"}\n');
  return { codeOf: (name) => Code.fromAsset(join(folder, name)) };
};

/** Placeholders instead of code, for looking at templates only (`-c bundle=off`): quick, and not to be deployed. */
export const withoutBundles: Bundles = {
  codeOf: (name) =>
    Code.fromInline(`exports.handler = async () => { throw new Error('${name} was synthesized with bundle=off'); };`),
};
