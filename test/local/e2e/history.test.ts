import { GetCommand, PutCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../bin/verify-history/main.ts';
import { type Desk, startDesk } from '../../../local/desk.ts';
import { databaseClient } from '../../../local/services/dynamodb/database-client.ts';
import { startDatabase } from '../../../local/services/dynamodb/start-database.ts';
import { listen } from '../../command/listen.ts';
import { projectAssembly, projectDir } from './assembly-copy.ts';
import { oldTicket, send } from './running-desk.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'desk-history-'));
let desk: Desk | null = null;
let assemblyDir: string;

beforeAll(async () => {
  assemblyDir = await projectAssembly();
}, 480_000);
afterAll(async () => {
  await desk?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (startAt: number | null): Promise<Desk> => {
  desk = await startDesk({ port: 0, dataDir, startAt, assemblyDir, projectDir, strict: null, verbose: false });
  return desk;
};

const verify = async (url: string): Promise<{ code: number; said: string }> => {
  const { code, said, complained } = await listen(main, '--url', url);
  return { code, said: [complained, said].join('\n') };
};

it('proves the history of a desk by its digests, and names what was altered behind its back', async () => {
  const running = await start(Date.UTC(2026, 0, 6, 22, 30));
  const { url, model } = running;
  const tokens = await running.tokens();
  const ask = async (person: string, path: string, body?: unknown) =>
    (await send(url, tokens[person] ?? null, path, body === undefined ? {} : { body })).body;
  expect(await verify(url)).toMatchObject({ code: 2, said: expect.stringContaining('nothing is proved') });

  const history = [1, 2, 3].map((minute) => ({
    at: `2026-01-05T09:0${minute}:00Z`,
    type: 'status',
    status: minute % 2 === 0 ? 'open' : 'waiting_vendor',
  }));
  const { results } = await ask('integration', '/v1/tickets/import', {
    tickets: [oldTicket('INC1', history), oldTicket('INC2', [])],
  });
  const { idle } = await ask('admin', '/_local/clock', { advance: 'PT3H' });
  expect(idle).toBe(true);
  const proved = await verify(url);
  expect(proved).toMatchObject({
    code: 0,
    said: expect.stringMatching(/as it was written down: \d pages up to 2026-01-0[67]/),
  });

  // WHEN somebody with all rights on the table changes what one event says
  await running.stop();
  const table = model.tables.find(({ streamArn }) => streamArn !== null)?.name ?? '';
  const database = await startDatabase({ dataDir });
  const engine = databaseClient(database.endpoint);
  const client = DynamoDBDocumentClient.from(engine);
  const PK = `TKT#${results[0].ticketId}`;
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { PK, SK: 'EV#00000002' } }));
  await client.send(new PutCommand({ TableName: table, Item: { ...Item, data: { from: 'new', to: 'open' } } }));
  engine.destroy();
  await database.stop();

  // THEN it is that ticket which is named
  const altered = await verify((await start(null)).url);
  expect(altered.code).toBe(2);
  expect(altered.said).toMatch(new RegExp(`^${PK}: event 2 is not what was recorded$`, 'm'));
  expect(altered.said).toContain('1 things are not as they were written down');
}, 480_000);
