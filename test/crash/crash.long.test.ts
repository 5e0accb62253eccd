import { availableParallelism } from 'node:os';
import { bundle } from './bundle.ts';
import { plantedFaults } from './faults.ts';
import { runHistories } from './histories.ts';

const seed = Number(process.env['CRASH_SEED'] ?? 1 + Math.floor(Math.random() * 1e9));
const runs = Number(process.env['CRASH_RUNS'] ?? 10_000);

it(`${runs} histories with kills at every step between a deadline and its message lose nothing and tell nothing twice`, async () => {
  const file = await bundle('as-it-is');
  const processes = Math.min(2, availableParallelism());
  const share = Math.ceil(runs / processes);
  const reports = await Promise.all(
    Array.from({ length: processes }, (_unused, index) =>
      runHistories(file, { seed: seed + index * share, runs: share }),
    ),
  );
  const totals: Record<string, number> = {};
  for (const report of reports) {
    for (const [name, value] of Object.entries(report.totals)) totals[name] = (totals[name] ?? 0) + value;
  }
  const seconds = Math.max(...reports.map((report) => report.seconds));
  console.info(
    `CRASH_SEED=${seed}\n${JSON.stringify(totals, null, 2)}\n${seconds.toFixed(0)} s in ${processes} processes`,
  );
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  expect(totals['runs']).toBe(share * processes);
}, 7_200_000);

it.each(Object.entries(plantedFaults))(
  'notices when %s',
  async (name, faults) => {
    const report = await runHistories(await bundle(name.replaceAll(' ', '-'), faults), {
      seed: 1,
      runs: 2_000,
      most: 1,
    });
    console.info(name, JSON.stringify(report.failures).slice(0, 300), `${report.totals['runs']} histories before`);
    expect(report.failures).toHaveLength(1);
  },
  900_000,
);
