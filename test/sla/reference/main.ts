import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Calendar } from '../../../functions/sla/domain/calendar.ts';
import { evaluate } from '../../../functions/sla/domain/evaluate.ts';
import { dueMilestones } from '../../../functions/sla/domain/milestones.ts';
import { compare, type Tally } from './compare.ts';

const help = `Runs the SLA engine against a model that counts seconds, on random calendars, policies and lives of tickets.

  npm run check:clocks -- [options]

  --worlds N   how many; 100000 unless said otherwise
  --seed N     to see the same ones again; by chance unless said otherwise
  --help       this text

Prints the seed, and how often each metric, state and telling was met. Where the two disagree it prints the world and ends with 1.
`;

const engine = { Calendar, evaluate, dueMilestones };

/** One of several processes: every n-th world. */
const part = (seed: number, worlds: number, first: number, step: number): void => {
  const { tally, difference } = compare(engine, { seed, worlds, first, step });
  process.send?.({ tally, difference });
};

const add = (total: Tally, one: Tally): Tally => {
  const keys = [...new Set([...Object.keys(total), ...Object.keys(one)])];
  return Object.fromEntries(keys.map((key) => [key, (total[key] ?? 0) + (one[key] ?? 0)]));
};

const all = async (seed: number, worlds: number): Promise<void> => {
  const processes = Math.min(8, availableParallelism());
  const began = performance.now();
  const parts = await Promise.all(
    Array.from({ length: processes }, async (_unused, index) => {
      const child = fork(import.meta.filename, [
        `--part=${index},${processes}`,
        `--seed=${seed}`,
        `--worlds=${worlds}`,
      ]);
      const [message] = await once(child, 'message');
      return message as ReturnType<typeof compare>;
    }),
  );
  const difference = parts.find((one) => one.difference !== null)?.difference ?? null;
  const tally = parts.map((one) => one.tally).reduce(add, {});
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`seed ${seed}: ${worlds} random lives in ${seconds} s, ${difference === null ? 'no' : 'a'} difference`);
  console.log(
    Object.entries(tally)
      .map(([what, count]) => `${what} ${count}`)
      .join(', '),
  );
  if (difference === null) return;
  console.log(JSON.stringify(difference, null, 1));
  process.exitCode = 1;
};

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
    part: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [first, step] = (values.part ?? '').split(',').map(Number);
if (values.help) console.log(help);
else if (values.part !== undefined) part(Number(values.seed), Number(values.worlds), first!, step!);
else await all(Number(values.seed), Number(values.worlds));
