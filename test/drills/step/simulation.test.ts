import { bundle, runSimulation } from './run.ts';

const seed = Number(process.env['DRILL_SEED'] ?? 1 + Math.floor(Math.random() * 1e9));

it('every drill ends, with one restore at most, no table left, no false pass, and figures within their bounds', async () => {
  const { totals, failures, seconds } = await runSimulation(await bundle('as-it-is'), { seed, runs: 3000 });
  console.info(`DRILL_SEED=${seed}`, JSON.stringify(totals), `${seconds.toFixed(1)} s`);
  expect(failures).toEqual([]);
  // Otherwise these would be worlds in which nothing happens.
  for (const name of ['passed', 'failed', 'unknown', 'cancelled', 'crashes', 'conflicts', 'late', 'restores'])
    expect(totals[name]).toBeGreaterThan(50);
}, 300_000);
