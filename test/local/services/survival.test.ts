import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { arns, smallCloud, startSmallCloud } from './small-cloud.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'desk-test-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs a desk until it has written some, kills it with -9, and returns how many writes it had acknowledged. */
async function killedDesk(group: boolean): Promise<number> {
  const script = new URL('./killed-desk.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: group,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let acknowledged = 0;
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(errors)));
    child.stdout.on('data', (chunk) => {
      acknowledged = Number(String(chunk).trim().split('\n').at(-1));
      if (acknowledged > 50) resolve();
    });
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error('no process');
  process.kill(group ? -pid : pid, 'SIGKILL');
  await exited;
  return acknowledged;
}

it.each([
  ['alone', false],
  ['with its process group', true],
])('finds everything that a desk acknowledged before it was killed with -9 (%s)', async (_name, group) => {
  const acknowledged = await killedDesk(group);
  const cloud = await startSmallCloud({ dataDir });
  try {
    const { Count } = await cloud.open.db.send(new ScanCommand({ TableName: 'operations', Select: 'COUNT' }));
    expect(Count).toBeGreaterThanOrEqual(acknowledged);
    expect(cloud.services.outbox.list(0)).toMatchObject([{ seq: 1, kind: 'sms', text: 'kept' }]);
    expect(cloud.services.state.get('checkpoint')).toBe('42');
    let announced = 0;
    cloud.services.queues.onVisible(arns.due, () => (announced += 1));
    await cloud.clock.advance(60);
    expect([announced, cloud.services.queues.receive(arns.due, 1)[0]?.body]).toEqual([1, 'kept']);
  } finally {
    await cloud.stop();
  }
});

it('leaves no engine behind when it is killed', async () => {
  await killedDesk(false);
  const pid = Number(readFileSync(join(dataDir, 'dynamodb.pid'), 'utf8'));
  for (let tries = 0; existsSync(`/proc/${pid}`) && tries < 100; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

it('refuses a folder that another desk has open', async () => {
  const cloud = await startSmallCloud({ dataDir });
  const second = await startSmallCloud({ dataDir }).catch((error: unknown) => String(error));
  await cloud.stop();
  expect(second).toMatch(/in use by another desk/);
});

it('brings the indexes of kept tables into line with a changed template', async () => {
  const first = await startSmallCloud({ dataDir });
  await first.open.db.send(
    new PutItemCommand({ TableName: 'operations', Item: { PK: { S: 'a' }, SK: { S: 'T' }, team: { S: 'net' } } }),
  );
  await first.stop();
  const tables = smallCloud.tables.map((table) =>
    table.name !== 'operations'
      ? table
      : {
          ...table,
          attributes: [...table.attributes.filter((one) => one.name !== 'queue'), { name: 'team', type: 'S' as const }],
          indexes: [
            { name: 'team', partitionKey: 'team', sortKey: null, projection: 'ALL' as const, nonKeyAttributes: [] },
          ],
        },
  );
  const second = await startSmallCloud({ dataDir, model: { ...smallCloud, tables } });
  try {
    const query = (IndexName: string) =>
      second.open.db.send(
        new QueryCommand({
          TableName: 'operations',
          IndexName,
          KeyConditionExpression: '#k = :v',
          ExpressionAttributeNames: { '#k': IndexName },
          ExpressionAttributeValues: { ':v': { S: 'net' } },
        }),
      );
    expect((await query('team')).Items).toHaveLength(1);
    await expect(query('queue')).rejects.toMatchObject({ name: 'ValidationException' });
  } finally {
    await second.stop();
  }
});
