import { Calendar } from '../../functions/sla/domain/calendar.ts';
import { evaluate } from '../../functions/sla/domain/evaluate.ts';
import { dueMilestones } from '../../functions/sla/domain/milestones.ts';
import { compare } from './reference/compare.ts';

const seed = Math.floor(Math.random() * 1_000_000_000);
const worlds = 3_000;

test('the engine and a model that counts seconds agree on random calendars, policies and lives', () => {
  const { tally, difference } = compare({ Calendar, evaluate, dueMilestones }, { seed, worlds });
  process.stdout.write(`seed ${seed}, ${worlds} worlds: ${JSON.stringify(tally)}\n`);
  expect(difference).toBeNull();
  // Each metric, state and telling was met often enough to mean something.
  for (const what of ['firstResponse', 'nextResponse', 'resolution', 'ola', 'provider'])
    expect(tally[what]).toBeGreaterThan(100);
  for (const what of ['running', 'paused', 'met', 'breached', 'cancelled', 'breach', 'warning', 'level'])
    expect(tally[what]).toBeGreaterThan(100);
}, 240_000);
