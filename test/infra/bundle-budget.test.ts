import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overBudget, readBudgets } from '../../bench/bundles/budgets.ts';
import { type Contents, contentsOf } from '../../bench/bundles/contents.ts';
import { functionNames } from '../../functions/entrypoints/environments.ts';
import { bundleFunctions } from '../../lib/constructs/bundles.ts';

const kilobyte = 1024;
const files = [...functionNames, 'tracer', 'holidays-file', 'evidence-file', 'schedule-file'] as const;
const { bundles: budgets } = readBudgets();

const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bundles', () => {
  let all: ReadonlyMap<string, Contents>;
  const of = (name: string): Contents => {
    const found = all.get(name);
    if (found === undefined) throw new Error(`no bundle of ${name}`);
    return found;
  };
  beforeAll(() => {
    bundleFunctions(folder);
    all = contentsOf(JSON.parse(readFileSync(join(folder, 'metafile.json'), 'utf8')));
  });

  it.each(files)('%s keeps its budget', (name) => {
    expect(overBudget(name, of(name), budgets[name])).toBeNull();
  });

  it('nobody waits at the front door for more than 450 KB, and no budget has more than a tenth to grow', () => {
    const http = functionNames.filter((name) => name.startsWith('http-'));
    expect(http.filter((name) => (budgets[name]?.bytes ?? 0) > 450 * kilobyte)).toEqual([]);
    expect(files.filter((name) => (budgets[name]?.bytes ?? 0) > of(name).bytes * 1.1)).toEqual([]);
    expect(Object.keys(budgets).sort()).toEqual([...files].sort());
  });

  it('the parts of a bundle are all of it but for the glue', () => {
    for (const name of files) {
      const sum = Object.values(of(name).parts).reduce((total, bytes) => total + bytes, 0);
      expect(sum).toBeLessThanOrEqual(of(name).bytes);
      expect(sum).toBeGreaterThan(of(name).bytes * 0.9);
    }
  });

  it('load the tracer, which only sampled invocations need, from a file of its own', () => {
    const loaders = functionNames.filter((name) => of(name).imports.some(({ path }) => path === '#tracer'));
    expect(loaders).toEqual(functionNames.filter((name) => name !== 'http-docs'));
  });

  it('load the reader of holiday files, which only a change of a calendar may need, from a file of its own', () => {
    const loaders = functionNames.filter((name) => of(name).imports.some(({ path }) => path === '#holidays-file'));
    expect(loaders).toEqual(['http-sla']);
    expect(Object.keys(of('http-sla').parts)).not.toContain('ical.js');
  });

  it('load the client of S3 and what reads schedules, which few requests about drills need, from files of their own', () => {
    for (const [file, part] of [
      ['#evidence-file', '@aws-sdk/client-s3'],
      ['#schedule-file', 'croner'],
    ] as const) {
      const loaders = functionNames.filter((name) => of(name).imports.some(({ path }) => path === file));
      expect([file, loaders]).toEqual([file, ['http-drills']]);
      expect(of('http-drills').parts[part] ?? 0).toBeLessThan(kilobyte);
    }
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

describe('the message of a bundle that is too large', () => {
  const contents = { bytes: 1_000, imports: [], parts: { zod: 500, '@aws-sdk/client-s3': 300, 'functions/desk': 90 } };

  it('names what grew, the most first, and what is new', () => {
    const parts = { zod: 480, 'functions/desk': 100 };
    expect(overBudget('job-sweep', contents, { bytes: 900, parts })).toBe(
      'job-sweep has 1000 bytes, 100 more than its budget of 900; grown since: @aws-sdk/client-s3 +300 (new), zod +20',
    );
    expect(overBudget('job-sweep', contents, { bytes: 1_000, parts })).toBeNull();
  });

  it('says how a function that is not in the table gets a budget', () => {
    expect(overBudget('job-new', contents, undefined)).toMatch(/^job-new has no budget: it has 1000 bytes; .*--keep/);
  });
});
