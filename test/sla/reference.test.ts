import { Calendar } from '../../functions/sla/domain/calendar.ts';
import { evaluate } from '../../functions/sla/domain/evaluate.ts';
import { dueMilestones } from '../../functions/sla/domain/milestones.ts';
import { Chance } from './reference/chance.ts';
import { agrees, inOrder, readings } from './reference/engine.ts';
import { reference } from './reference/reference.ts';
import { world } from './reference/world.ts';

const seed = Number(process.env['SLA_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const count = Number(process.env['SLA_WORLDS'] ?? 2_000);
const engine = { Calendar, evaluate, dueMilestones };

test(`the engine and a model that counts seconds agree on ${count} random lives of tickets`, () => {
  const seen = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const made = world(new Chance(seed + index));
    const theirs = reference(made);
    const mine = readings(engine, made);
    if (!agrees(mine, theirs)) {
      process.stderr.write(`seed ${seed + index}\n${JSON.stringify(made, null, 1)}\n`);
      expect(inOrder(mine)).toEqual(inOrder(theirs));
    }
    for (const { metric, state, told } of theirs) {
      for (const what of [metric, state, ...told.map((name) => name.split(' ')[0]!)])
        seen.set(what, (seen.get(what) ?? 0) + 1);
    }
  }
  process.stdout.write(`seed ${seed}, ${count} worlds: ${JSON.stringify(Object.fromEntries(seen))}\n`);
});
