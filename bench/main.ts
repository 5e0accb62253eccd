/** `npm run bench`: what DESIGN promises, beside what this machine measures. Never fails because something was slow. */
import './quiet.ts';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { currentAssembly } from '../local/assembly/current-assembly.ts';
import { readAssembly } from '../local/assembly/read-assembly.ts';
import { kpiCapacity } from './capacity/kpis.ts';
import { readCapacity } from './capacity/reads.ts';
import { writeCapacity } from './capacity/writes.ts';
import { costOfALife } from './cost/rows.ts';
import { noticing } from './drills/noticing.ts';
import { verification } from './drills/verification.ts';
import { asTable } from './print.ts';
import type { Measurement, Row } from './row.ts';
import { burstOfDeadlines } from './scale/burst.ts';
import { alertLatency } from './time/alerts.ts';
import { bundleBytes } from './time/bundles.ts';
import { ticketCreates } from './time/creates.ts';
import { initTime } from './time/init.ts';
import { deskReady } from './time/ready.ts';

const help = `Measures what the design promises.

  npm run bench -- [options]

  --quick        smaller seeds and fewer repetitions
  --only NAME    one of capacity, kpis, cost, bundles, init, alerts, burst, desk, drills; may be given several times
  --scale N      measures alerts and sweeps with N open tickets too; a million take minutes and 3 GB in the temporary folder;
                 verifies a restored copy of N items too
  --json FILE    also writes the rows to a file
  --help         this text
`;

const measurements: Readonly<Record<string, readonly Measurement[]>> = {
  capacity: [writeCapacity, readCapacity],
  kpis: [kpiCapacity],
  cost: [costOfALife],
  bundles: [bundleBytes],
  init: [initTime],
  alerts: [alertLatency],
  burst: [burstOfDeadlines],
  desk: [deskReady, ticketCreates],
  drills: [verification, noticing],
};

const readOptions = () =>
  parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      scale: { type: 'string', default: '0' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;

const main = async (): Promise<void> => {
  const options = readOptions();
  if (options.help) return console.log(help);
  const names = options.only ?? Object.keys(measurements);
  const unknown = names.filter((name) => !(name in measurements));
  if (unknown.length > 0)
    throw new Error(`--only takes ${Object.keys(measurements).join(', ')}; got ${unknown.join(', ')}`);
  const progress = (line: string): void => console.error(`... ${line}`);
  const projectDir = resolve(import.meta.dirname, '..');
  progress('synthesizing the app');
  const model = readAssembly(await currentAssembly({ projectDir, stage: 'local' }));
  const rows: Row[] = [];
  for (const measure of names.flatMap((name) => measurements[name] ?? [])) {
    try {
      rows.push(
        ...(await measure({ projectDir, model, quick: options.quick, scale: Number(options.scale), progress })),
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      rows.push({
        what: measure.name,
        measured: `could not be measured: ${message.split('\n')[0]}`,
        target: '-',
        ok: false,
      });
    }
  }
  console.log(
    `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}${options.quick ? ', --quick' : ''}\n`,
  );
  console.log(asTable(rows));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
