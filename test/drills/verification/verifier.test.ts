import { type Engine, startTestEngine } from '../../engine.ts';
import { copyOf } from './copies.ts';
import { livedDesk, resultsOf, verify } from './drill-on-engine.ts';
import '../../quiet.ts';

let engine: Engine;
let lived: Awaited<ReturnType<typeof livedDesk>>;
beforeAll(async () => {
  engine = await startTestEngine();
  lived = await livedDesk(engine);
}, 240_000);
afterAll(() => engine.stop());

it('passes a clean copy', async () => {
  const scratchTable = await copyOf(engine, lived.table);
  const found = await verify(engine, { ...lived, source: lived.table, scratchTable });
  console.error(JSON.stringify(found, null, 1));
  expect(new Set(Object.values(resultsOf(found)))).toEqual(new Set(['passed']));
});
