/** Runs histories and prints what became of them as one line of JSON; bundled by `bundle.ts`, see `crash.test.ts`. */
import '../quiet.ts';
import { History, type Outcome } from './history.ts';
import { faultsOf } from './verdict.ts';

const [seed = 1, runs = 1, most = Number.POSITIVE_INFINITY] = process.argv.slice(2).map(Number);

const totals: Record<string, number> = { runs: 0, tickets: 0, told: 0, publications: 0, repeated: 0, summaries: 0 };
const failures: { seed: number; faults: readonly string[] }[] = [];

const add = (counts: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + value;
};

const shapeOf = ({ table, publications, counts }: Outcome) => {
  const all = table.all();
  const names = publications.map(({ route, alertId, summaryId }) => `${route} ${alertId ?? summaryId}`);
  const states = Map.groupBy(
    all.filter(({ SK }) => String(SK).startsWith('DLV#')),
    ({ state }) => String(state),
  );
  return {
    runs: 1,
    tickets: all.filter(({ SK }) => SK === 'T').length,
    told: all.filter(({ SK, alertId }) => String(SK).startsWith('EV#') && alertId !== undefined).length,
    publications: publications.length,
    repeated: names.length - new Set(names).size,
    summaries: publications.filter(({ summaryId }) => summaryId !== null).length,
    published: states.get('published')?.length ?? 0,
    summarised: states.get('summarised')?.length ?? 0,
    failedDeliveries: states.get('failed')?.length ?? 0,
    ...counts,
  };
};

/** With CRASH_TELLS set: what happened to the tickets, for whoever looks into one seed. */
const tell = ({ table, calmFrom, plan }: Outcome): void => {
  console.error(JSON.stringify(plan.policy), new Date(calmFrom).toISOString());
  for (const item of table.all().filter(({ SK, entity }) => String(SK).startsWith('EV#') && entity === 'ticket'))
    console.error(
      item['PK'],
      item['version'],
      item['type'],
      item['at'],
      item['recordedAt'],
      JSON.stringify(item['data']),
    );
};

const began = performance.now();
for (let run = 0; run < runs && failures.length < most; run += 1) {
  try {
    const outcome = await new History(seed + run).run();
    add(shapeOf(outcome));
    const faults = faultsOf(outcome);
    if (process.env['CRASH_TELLS'] !== undefined) tell(outcome);
    if (faults.length > 0) failures.push({ seed: seed + run, faults: faults.slice(0, 5) });
  } catch (error) {
    failures.push({
      seed: seed + run,
      faults: [error instanceof Error ? `${error.name}: ${error.message} ${error.stack}` : String(error)],
    });
  }
}
console.log(JSON.stringify({ seed, totals, failures, seconds: (performance.now() - began) / 1000 }));
