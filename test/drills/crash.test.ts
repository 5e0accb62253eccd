import { type Engine, startTestEngine } from '../engine.ts';
import { drillDesk } from './drill-desk.ts';
import { killedEverywhere } from './killed.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 120_000);
afterAll(() => engine.stop());

test('an executor that is killed at every ninth of its calls leaves one result, one conclusion, one ticket and one alert', async () => {
  expect(await killedEverywhere(await drillDesk(engine), 9)).toBeGreaterThan(10);
}, 120000);
