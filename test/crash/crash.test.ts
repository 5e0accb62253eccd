import { bundle } from './bundle.ts';
import { plantedFaults } from './faults.ts';
import { runHistories } from './histories.ts';

const seed = Number(process.env['CRASH_SEED'] ?? 1 + Math.floor(Math.random() * 1e9));

it('whatever dies, fails, comes twice, late or never: every milestone is told once, and every alert reaches everybody', async () => {
  const report = await runHistories(await bundle('as-it-is'), { seed, runs: 300 });
  console.info(`CRASH_SEED=${seed}`, JSON.stringify(report.totals), `${report.seconds.toFixed(1)} s`);
  expect(report.failures).toEqual([]);
  expect(report.totals['runs']).toBe(300);
}, 300_000);

// All of them in crash.long.test.ts; these two are found by the first seeds.
it.each(['a delivery is marked before it is published', 'a ticket is due no more after its first breach'])(
  'notices when %s',
  async (name) => {
    const file = await bundle(name.replaceAll(' ', '-'), plantedFaults[name]);
    const report = await runHistories(file, { seed: 1, runs: 50, most: 1 });
    expect(report.failures).toHaveLength(1);
  },
  120_000,
);
