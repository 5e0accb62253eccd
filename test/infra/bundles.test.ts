import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../functions/entrypoints/environments.ts';
import { besideOf, bundleFunctions } from '../../lib/constructs/bundles.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
const entrypoints = join(folder, 'entrypoints');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bundling', () => {
  // GIVEN one entry point per function, in TypeScript and ES modules, in a project that is a module itself
  beforeAll(() => {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    mkdirSync(entrypoints);
    for (const name of functionNames) {
      const code = `import { join } from 'node:path';\nexport const handler = (part: string): string => join('${name}', part);\n`;
      writeFileSync(join(entrypoints, `${name}.ts`), code);
    }
    bundleFunctions(join(folder, 'out'), entrypoints);
  });

  it('makes one folder per function, with nothing in it but the bundle, what lies beside it and the module type', () => {
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([...functionNames, 'metafile.json'].sort());
    for (const name of functionNames)
      expect(readdirSync(join(folder, 'out', name)).sort()).toEqual(
        ['index.js', 'package.json', ...besideOf(name).map(({ file }) => file)].sort(),
      );
    expect(besideOf('http-docs').map(({ file }) => file)).toEqual(['tracer.js']);
    expect(besideOf('http-sla').map(({ file }) => file)).toEqual(['tracer.js', 'holidays-file.js']);
  });

  it.each(functionNames)('%s loads as CommonJS', (name) => {
    const code = `process.stdout.write(require(${JSON.stringify(join(folder, 'out', name, 'index'))}).handler('x'))`;
    expect(execFileSync(process.execPath, ['--input-type=commonjs', '-e', code], { encoding: 'utf8' })).toBe(
      `${name}/x`,
    );
  });

  it('tells what is in each bundle, for the size budget', () => {
    const { outputs } = JSON.parse(readFileSync(join(folder, 'out/metafile.json'), 'utf8'));
    expect(Object.keys(outputs)).toHaveLength(functionNames.length + 4);
  });

  it('names the entry point that is missing', () => {
    rmSync(join(entrypoints, 'job-sweep.ts'));
    expect(() => bundleFunctions(join(folder, 'again'), entrypoints)).toThrow(/job-sweep\.ts/);
  });
});
