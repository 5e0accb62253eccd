import * as answer from '../../../functions/drills/domain/answer.ts';
import * as shapes from '../../../functions/drills/domain/drill.ts';
import * as steps from '../../../functions/drills/domain/step.ts';
import { simulate } from './simulation.ts';

const engine = { ...answer, ...shapes, ...steps };
const seed = Number(process.env['DRILL_SEED'] ?? 1 + Math.floor(Math.random() * 1e9));

it('every drill ends, with one restore at most, no table left, no false pass, and figures within their bounds', () => {
  const { totals, failures } = simulate(engine, seed, 3000);
  console.info(`DRILL_SEED=${seed}`, JSON.stringify(totals));
  expect(failures).toEqual([]);
  // Otherwise these would be worlds in which nothing happens.
  for (const name of ['passed', 'failed', 'unknown', 'cancelled', 'crashes', 'conflicts', 'late', 'restores'])
    expect(totals[name]).toBeGreaterThan(50);
});
