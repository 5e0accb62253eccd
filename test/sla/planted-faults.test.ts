import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { compare } from './reference/compare.ts';
import type { Engine } from './reference/engine.ts';

/**
 * A suite that cannot fail proves nothing: each fault is planted into the engine's source, and the comparison with the model
 * that counts seconds must find it.
 */
const domain = join(import.meta.dirname, '../../functions/sla/domain');

interface Fault {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const faults: readonly Fault[] = [
  {
    name: 'windows that overlap are not one',
    file: 'calendar.ts',
    from: 'return merged(windows.map(',
    to: 'return ((all) => all)(windows.map(',
  },
  {
    name: 'due at closing waits for the next opening',
    file: 'calendar.ts',
    from: 'if (to - from >= left) return from + left;',
    to: 'if (to - from > left) return from + left;',
  },
  {
    name: 'the last pause is lost',
    file: 'evaluate.ts',
    from: 'const deducted = stretches(pauses, end);',
    to: 'const deducted = stretches(pauses.slice(0, -1), end);',
  },
  {
    name: 'the time before a hold is deducted too',
    file: 'pause.ts',
    from: 'if (pause.from > from) left.push({ from, to: pause.from });',
    to: '',
  },
  {
    name: 'an hour that clocks show twice: its second time is taken',
    file: 'zone.ts',
    from: 'Math.min(...candidates)',
    to: 'Math.max(...candidates)',
  },
  {
    name: 'an hour that clocks leave out moves back',
    file: 'zone.ts',
    from: 'candidates.length === 0 ? local - before',
    to: 'candidates.length === 0 ? local - after',
  },
  { name: 'holidays are worked', file: 'calendar.ts', from: 'this.#special.get(day) ??', to: '' },
  {
    name: 'what is kept in the very last second is missed',
    file: 'evaluate.ts',
    from: 'end > dueAt',
    to: 'end >= dueAt',
  },
  {
    name: 'time spent solved counts after a reopen',
    file: 'cycles.ts',
    from: "cycle.stop.how === 'solved' ? 'solved' : null",
    to: "cycle.stop.how === 'solved' ? null : null",
  },
  {
    name: 'a new priority starts the clock anew',
    file: 'cycles.ts',
    from: 'return { ...cycle, measure: { terms, target, priority }, releasedAt: null };',
    to: 'return { ...cycle, startedAt: at, measure: { terms, target, priority }, releasedAt: null };',
  },
  {
    name: 'a changed policy reaches finished clocks',
    file: 'cycles.ts',
    from: 'last.stop === null ? measured(last, situation, at) : last',
    to: 'measured(last, situation, at)',
  },
  {
    name: 'a bot’s resolve restarts what was answered long ago',
    file: 'cycles.ts',
    from: 'before.solvedByBot && !before.firstSettled',
    to: 'before.solvedByBot',
  },
  {
    name: 'a merged ticket goes on',
    file: 'cycles.ts',
    from: "entry.kind === 'merged' ? [{ stop: 'merged' }] :",
    to: '',
  },
  {
    name: 'what was told is told again',
    file: 'milestones.ts',
    from: 'if (milestone.told) return false;',
    to: '',
  },
  {
    name: 'of what is due at once only the first is told',
    file: 'milestones.ts',
    from: 'untold(clock).filter(({ at }) => at < now)',
    to: 'untold(clock).filter(({ at }) => at < now).slice(0, 1)',
  },
  {
    name: 'a warning comes when nobody works',
    file: 'milestones.ts',
    from: 'firstCounted(clock, calendar.due(startedAt, seconds * 1000, pauses), pauses)',
    to: 'calendar.due(startedAt, seconds * 1000, pauses)',
  },
  {
    name: 'a level is told again after it was acknowledged',
    file: 'milestones.ts',
    from: "milestone.kind === 'level' && clock.claims.has('acknowledged')",
    to: "milestone.kind === 'level' && milestone.repetition === 0 && clock.claims.has('acknowledged')",
  },
  {
    name: 'the last repetition of a level is swallowed',
    file: 'policy.ts',
    from: '{ length: 1 + (repeat?.times ?? 0) }',
    to: '{ length: Math.max(1, repeat?.times ?? 0) }',
  },
  {
    name: 'a repetition counts as told with its level',
    file: 'milestones.ts',
    from: 'const told = claims.has(claim);',
    to: 'const told = claims.has(`level ${level.offsetSeconds}`);',
  },
  {
    name: 'repetitions that were overtaken are all told at once',
    file: 'milestones.ts',
    from: '.filter((milestone) => !isOvertaken(milestone, past))',
    to: '',
  },
  {
    name: 'a repetition that was overtaken is told after all',
    file: 'milestones.ts',
    from: 'if (isOvertaken(milestone, told)) return false;',
    to: '',
  },
  {
    name: 'a breach of before is forgotten when the target grows',
    file: 'evaluate.ts',
    from: 'end > dueAt || cycle.breached',
    to: 'end > dueAt',
  },
];

const entry = `
export { Calendar } from './calendar.ts';
export { evaluate } from './evaluate.ts';
export { dueMilestones } from './milestones.ts';
`;

/** The engine with a fault in it; its source must still have the place where the fault belongs. */
const engineWith = async ({ file, from, to }: Fault): Promise<Engine> => {
  const source = readFileSync(join(domain, file), 'utf8');
  expect(source.split(from)).toHaveLength(2);
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: domain, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) =>
          onLoad({ filter: new RegExp(`sla/domain/${file.replace('.', '\\.')}$`) }, () => ({
            contents: source.replace(from, to),
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

test.each(faults)(
  '$name: found',
  async (fault) => {
    const engine = await engineWith(fault);
    expect(compare(engine, { seed: 7, worlds: 20_000 }).difference).not.toBeNull();
  },
  240_000,
);

test('without a fault nothing is found', async () => {
  const engine = await engineWith({ name: 'none', file: 'evaluate.ts', from: 'end > dueAt', to: 'end > dueAt' });
  expect(compare(engine, { seed: 7, worlds: 1_000 }).difference).toBeNull();
}, 240_000);
