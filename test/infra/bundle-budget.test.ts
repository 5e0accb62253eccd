import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames, type FunctionName } from '../../functions/entrypoints/environments.ts';
import { bundleFunctions } from '../../lib/constructs/bundles.ts';

const kilobyte = 1024;

/**
 * A function's start waits for its bundle, so nobody waits longer than for 450 KB at the front door. The others hold what
 * they have, with about a tenth to grow.
 */
const budget: Record<FunctionName, number> = {
  'http-desk': 450,
  'http-alerts': 450,
  'http-kpis': 450,
  'http-docs': 450,
  'stream-kpis': 450,
  'stream-alerts': 450,
  'queue-due': 480,
  'job-sweep': 380,
  'job-rollup': 380,
  'job-recount': 480,
};

interface Output {
  readonly bytes: number;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bundles', () => {
  let outputs: Record<string, Output>;
  const of = (name: FunctionName): Output => {
    const found = Object.entries(outputs).find(([file]) => file.endsWith(`/${name}/index.js`));
    if (found === undefined) throw new Error(`no bundle of ${name}`);
    return found[1];
  };
  beforeAll(() => {
    bundleFunctions(folder);
    outputs = JSON.parse(readFileSync(join(folder, 'metafile.json'), 'utf8')).outputs;
  });

  it.each(functionNames)('%s keeps its budget', (name) => {
    expect(of(name).bytes).toBeLessThanOrEqual(budget[name] * kilobyte);
  });

  it('keep the tracer, which only sampled invocations load, in a file of its own', () => {
    const tracer = Object.entries(outputs).find(([file]) => file.endsWith('/tracer.js'))?.[1];
    expect(tracer?.bytes).toBeLessThanOrEqual(130 * kilobyte);
    const loaders = functionNames.filter((name) => of(name).imports.some(({ path }) => path === '#tracer'));
    expect(loaders).toEqual(functionNames.filter((name) => name !== 'http-docs'));
  });

  it.each(functionNames)('%s loads nothing at start but itself and Node', (name) => {
    const outside = of(name).imports.filter(({ path, kind }) => !isBuiltin(path) && kind !== 'dynamic-import');
    expect(outside).toEqual([]);
  });

  it('do not keep class names, so every error class says its own', () => {
    const root = join(import.meta.dirname, '../../functions');
    const unnamed = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(root, file), 'utf8').matchAll(/class (\w+) extends \w*Error \{\n(.*)\n/g),
      ])
      .filter(([, name, firstLine]) => firstLine?.trim() !== `override readonly name = '${name}';`);
    expect(unnamed.map(([, name]) => name)).toEqual([]);
  });
});
