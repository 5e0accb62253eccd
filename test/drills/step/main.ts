/** Simulates drills and prints what became of them as one line of JSON; bundled by `run.ts`. */
import * as answer from '../../../functions/drills/domain/answer.ts';
import * as shapes from '../../../functions/drills/domain/drill.ts';
import * as steps from '../../../functions/drills/domain/step.ts';
import { simulate } from './simulation.ts';

const [seed = 1, runs = 1, most = 5] = process.argv.slice(2).map(Number);
const began = performance.now();
const report = simulate({ ...answer, ...shapes, ...steps }, seed, runs, most);
console.log(JSON.stringify({ ...report, seconds: (performance.now() - began) / 1000 }));
