import * as answer from '../../../functions/drills/domain/answer.ts';
import * as shapes from '../../../functions/drills/domain/drill.ts';
import * as steps from '../../../functions/drills/domain/step.ts';
import { simulate } from './simulation.ts';

const seed = Number(process.env['DRILL_SEED'] ?? 1 + Math.floor(Math.random() * 1e9));
const runs = Number(process.env['DRILL_RUNS'] ?? 100_000);

it('a hundred thousand drills: always an end, one restore at most, no table left, no false pass, figures within their bounds', () => {
  const began = performance.now();
  const { totals, failures } = simulate({ ...answer, ...shapes, ...steps }, seed, runs);
  console.info(
    `DRILL_SEED=${seed} ${runs} drills in ${((performance.now() - began) / 1000).toFixed(0)} s`,
    JSON.stringify(totals),
  );
  expect(failures).toEqual([]);
}, 3_600_000);
