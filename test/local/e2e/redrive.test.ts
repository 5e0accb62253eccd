import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../bin/redrive/main.ts';
import { listen } from '../../command/listen.ts';
import { objectsOf } from '../bucket-reader.ts';
import { AssemblyCopy, projectAssembly, projectDir } from './assembly-copy.ts';
import { eventually, oldTicket, RunningDesk, stopDesks } from './running-desk.ts';

/**
 * A reader that cannot take some events gives them up, and a consumer its hints; then they are mended, and `npm run redrive`
 * puts everything right, killed or not, once or twice.
 */
const folder = mkdtempSync(join(tmpdir(), 'redrive-'));
const broken = join(folder, 'broken');
const poisonAt = '2026-01-05T09:07:07.000Z';

/** Fails on one event as long as the file is there. */
const reader = `const original = require('./original.js');
exports.handler = async (event, context) => {
  if (require('node:fs').existsSync('${broken}'))
    for (const { dynamodb } of event.Records)
      if (dynamodb.NewImage?.at?.S === '${poisonAt}') dynamodb.NewImage.version = { S: 'none' };
  return original.handler(event, context);
};
`;
/** Fails on every hint as long as the file is there. */
const consumer = `const original = require('./original.js');
exports.handler = async (event, context) => {
  if (!require('node:fs').existsSync('${broken}')) return original.handler(event, context);
  return { batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;

const tickets = 4;
const history = (ticket: number): object =>
  oldTicket(
    `INC${ticket}`,
    Array.from({ length: 8 }, (_, minute) => ({
      at: minute === 6 && ticket < 3 ? poisonAt : new Date(Date.UTC(2026, 0, 5, 9, minute + 1, 1)).toISOString(),
      type: 'status',
      status: minute === 7 ? 'resolved' : minute % 2 === 0 ? 'open' : 'waiting_vendor',
    })),
  );

let copy: AssemblyCopy;
let desk: RunningDesk;

beforeAll(async () => {
  copy = new AssemblyCopy(await projectAssembly());
  copy.wrap('stream-kpis', reader);
  copy.setRetries('stream-kpis', 2);
  copy.wrap('queue-due', consumer);
}, 480_000);
beforeEach(async () => {
  writeFileSync(broken, '');
  desk = await RunningDesk.start(copy.directory, Date.UTC(2026, 0, 6));
});
afterEach(stopDesks);
afterAll(() => {
  copy.remove();
  rmSync(folder, { recursive: true, force: true });
});

const mend = (): void => rmSync(broken, { force: true });

const redrive = async (...args: string[]): Promise<{ code: number; said: string }> => {
  const { code, said, complained } = await listen(main, '--url', desk.desk.url, ...args);
  return { code, said: [said, complained].filter(Boolean).join('\n') };
};

const bucket = (): string => desk.desk.model.buckets.find(({ name }) => name.includes('FailedRecords'))?.name ?? '';
const givenUp = async (): Promise<readonly string[]> => [...(await objectsOf(desk.desk.url, bucket())).keys()];

const importAll = async (): Promise<void> => {
  const histories = Array.from({ length: tickets }, (_, index) => history(index + 1));
  await desk.ask('/v1/tickets/import', { tickets: histories }, 'integration');
};

/** The facts of the poisoned events, as explained by the figure that they are counted in. */
const figures = async (): Promise<readonly unknown[]> => {
  await desk.ask('/_local/clock', { advance: 'PT3M' });
  const ask = (id: string) =>
    desk.ask(`/v1/kpis/${id}?from=2026-01-01&to=2026-02-01&granularity=month`, undefined, 'manager');
  return (await Promise.all(['ticket-volume', 'resolution-time'].map(ask))).map(({ total }) => [total.n, total.value]);
};

it('puts stream records back when the function is mended, refuses while it is not, and finds nothing then', async () => {
  expect(await redrive('--all')).toEqual({ code: 0, said: 'nothing to put back' });
  await importAll();
  // Two; a strict desk may send one of them again when its shard rolls, at any minute, and then it is given up once more.
  const kept = await eventually('two records given up', 60, async () => {
    const keys = await givenUp();
    return keys.length >= 2 ? keys : null;
  });
  const stillKept = async () => expect(await givenUp()).toEqual(expect.arrayContaining([...kept]));
  const listed = await redrive();
  expect(listed.code).toBe(0);
  expect(listed.said).toMatch(/stream-kpis: \d objects of records given up/);
  expect(listed.said).toMatch(/\d RetryAttemptsExhausted after 3 tries/);
  await stillKept();

  const refused = await redrive('--only', 'stream-kpis');
  expect(refused.code).toBe(2);
  expect(refused.said).toMatch(/stream-kpis fails again, .*it reported the record \d+ as failed/);
  await stillKept();

  mend();
  expect(await redrive('--all', '--max', '1')).toEqual({
    code: 0,
    said: 'stream-kpis: 1 put back\nstopped after 1, as --max says; run it again for the rest',
  });
  expect(await redrive('--all')).toEqual({ code: 0, said: expect.stringMatching(/^stream-kpis: \d put back$/) });
  expect(await givenUp()).toEqual([]);
  expect(await redrive('--all')).toEqual({ code: 0, said: 'nothing to put back' });
  const after = await figures();

  // The same history at a desk where nothing was ever given up.
  await desk.ask('/_local/reset', {});
  await importAll();
  expect(after).toEqual(await figures());
  expect(after[0]).toEqual([tickets, tickets]);
}, 720_000);

it('killed before it removed what the function took, it does no harm the next time', async () => {
  await importAll();
  await eventually('two records given up', 60, async () => ((await givenUp()).length === 2 ? true : null));
  mend();
  // The answer to the second deletion never comes: by then the first object is gone, and the second too, or not.
  await desk.fault('s3', 'delay', 1000);
  const child = spawn(process.execPath, [join(projectDir, 'bin/redrive.ts'), '--url', desk.desk.url, '--all'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const before = desk.log('stream-kpis').length;
  await eventually('an invocation of its own', 60, async () => (desk.log('stream-kpis').length > before ? true : null));
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await desk.as('admin', '/_local/faults', { method: 'DELETE' });
  const left = await givenUp();
  expect(left.length).toBeGreaterThan(0);
  expect((await redrive('--all')).code).toBe(0);
  expect(await givenUp()).toEqual([]);
  const after = await figures();
  await desk.ask('/_local/reset', {});
  await importAll();
  expect(after).toEqual(await figures());
}, 720_000);

it('puts hints back to the queue that they came from, and what was left undone is done', async () => {
  const ticket = await desk.ticket({ priority: 'critical' });
  const dead = () => desk.desk.model.queues.filter(({ name }) => name.includes('DeadLetters'));
  expect(dead()).toHaveLength(4);
  // A breach that nobody attends to: each of its hints fails five times, and the sweep sends new ones.
  await desk.ask('/_local/clock', { advance: 'PT1H5M' });
  const listed = await eventually('a hint among the dead letters', 60, async () => {
    await desk.ask('/_local/clock', { advance: 'PT5M' });
    const { said: lines } = await redrive('--list');
    return lines.includes('due-critical: ') ? lines : null;
  });
  expect(listed).toContain(`"pk":"TKT#${ticket.id}"`);
  const breaches = async (): Promise<number> =>
    (await desk.ask(`/v1/tickets/${ticket.id}/timeline?limit=100`)).items.filter(
      ({ type }: { type: string }) => type === 'sla.breached',
    ).length;
  expect(await breaches()).toBe(0);
  // Without the sweep: what is done is done by what was put back.
  await desk.ask('/_local/sources', { name: 'schedule -> job-sweep', running: false });
  mend();
  const { code, said: lines } = await redrive('--only', 'due-critical');
  expect([code, lines]).toEqual([0, expect.stringMatching(/^due-critical: \d+ put back$/m)]);
  await eventually('the breach', 30, async () => ((await breaches()) === 1 ? true : null));
  expect(await redrive('--only', 'due-critical')).toEqual({ code: 0, said: 'nothing to put back' });
}, 720_000);
