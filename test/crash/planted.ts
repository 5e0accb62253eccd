import { bundle } from './bundle.ts';
import { plantedFaults } from './faults.ts';
import { runHistories } from './histories.ts';
for (const [name, faults] of Object.entries(plantedFaults)) {
  const report = await runHistories(await bundle(name.replaceAll(' ', '-'), faults), { seed: 1, runs: 1500, most: 1 });
  console.log(
    name,
    '|',
    report.totals['runs'],
    report.seconds.toFixed(1),
    JSON.stringify(report.failures).slice(0, 250),
  );
}
