import { bundle, runSimulation } from './run.ts';

const seed = Number(process.env['DRILL_SEED'] ?? 1 + Math.floor(Math.random() * 1e9));
const runs = Number(process.env['DRILL_RUNS'] ?? 100_000);

it('a hundred thousand drills: always an end, one restore at most, no table left, no false pass, figures within their bounds', async () => {
  const { totals, failures, seconds } = await runSimulation(await bundle('long'), { seed, runs });
  console.info(`DRILL_SEED=${seed} ${runs} drills in ${seconds.toFixed(0)} s`, JSON.stringify(totals));
  expect(failures).toEqual([]);
}, 3_600_000);
