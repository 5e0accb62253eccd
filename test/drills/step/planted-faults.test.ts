import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Engine } from './engine.ts';
import { type Fault, plantedFaults } from './faults.ts';
import { simulate } from './simulation.ts';

const domain = join(import.meta.dirname, '../../../functions/drills/domain');

const entry = ['answer', 'drill', 'step'].map((file) => `export * from './${file}.ts';`).join('\n');

/** The drill with a fault in it; its source must still have the place where the fault belongs. */
const engineWith = async ({ file, from, to }: Fault): Promise<Engine> => {
  const source = readFileSync(join(domain, file), 'utf8');
  expect(source.split(from)).toHaveLength(2);
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: domain, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) =>
          onLoad({ filter: new RegExp(`drills/domain/${file.replaceAll('.', '\\.')}$`) }, () => ({
            contents: source.replace(from, () => to),
            loader: 'ts',
          })),
      },
    ],
  });
  const made = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(
    made,
    made.exports,
    createRequire(import.meta.url),
  );
  return made.exports as Engine;
};

test.each(plantedFaults)(
  '$name: found',
  async (fault) => {
    const { failures } = simulate(await engineWith(fault), 1, 6_000, 1);
    expect(failures).toHaveLength(1);
    console.info(`${fault.name}: seed ${failures[0]?.seed}, ${failures[0]?.faults.join('; ').slice(0, 120)}`);
  },
  240_000,
);

test('without a fault nothing is found', async () => {
  const same = 'observation.of === drill.wants';
  const engine = await engineWith({ name: 'none', file: 'step.ts', from: same, to: same });
  expect(simulate(engine, 1, 500, 1).failures).toEqual([]);
});
