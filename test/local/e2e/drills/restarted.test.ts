import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectAssembly } from '../assembly-copy.ts';
import { DeskProcess } from '../kill/desk-process.ts';
import { type Json, send } from '../running-desk.ts';
import { isOver, objectives } from './drills.ts';
import { Writers } from './writers.ts';

/** A desk of a folder, which is killed in the middle of a drill and started again on the same folder. */
let desk: DeskProcess;
let dataDir: string;
let tokens: Readonly<Record<string, string>>;

const ask = async (person: string, path: string, body?: unknown, method?: string): Promise<Json> => {
  const options = { ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) };
  const answer = await send(desk.url, tokens[person] ?? null, path, options);
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const started = async (): Promise<void> => {
  desk = await DeskProcess.start(await projectAssembly(), dataDir);
  tokens = (await send(desk.url, null, '/_local/tokens')).body;
};
const advance = (duration: string): Promise<Json> => ask('admin', '/_local/clock', { advance: duration });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'desk-drill-'));
  await started();
  const customers = await ask('admin', '/v1/customers?limit=100');
  const { id: customerId } = customers.items.find(({ name }: Json) => name === 'acme');
  await new Writers(desk.url, tokens).story(customerId, 0);
  await advance('PT3M');
}, 240_000);
afterAll(async () => {
  await desk.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('a drill goes on where it stood, whether the desk dies in its backup or in its restore', async () => {
  await ask('admin', '/_local/backup', { backupSeconds: 60, restoreSeconds: 60 }, 'PATCH');
  const order = { table: 'operations', method: 'backup', recoveryPoint: 'fresh', objectives };
  const { id } = await ask('engineer', '/v1/drills', order);
  const reached = async (state: string): Promise<void> => {
    for (let turns = 0; turns < 30; turns += 1) {
      const drill = await ask('auditor', `/v1/drills/${id}`);
      if (drill.state === state && drill.legs.some(({ name }: Json) => name === 'backup')) return;
      await advance('PT10S');
    }
    throw new Error(`the drill is never ${state}`);
  };
  for (const state of ['preparing', 'restoring']) {
    await reached(state);
    await desk.kill('group');
    await started();
  }
  let drill = await ask('auditor', `/v1/drills/${id}`);
  for (let turns = 0; turns < 40 && !isOver(drill); turns += 1) {
    await advance('PT1M');
    drill = await ask('auditor', `/v1/drills/${id}`);
  }
  expect([drill.state, drill.verdict, drill.reasons]).toEqual(['done', 'passed', expect.anything()]);
  expect(drill.scratchTable.removedAt).not.toBeNull();
  expect((await ask('auditor', '/v1/drills')).items).toHaveLength(1);
}, 240_000);
