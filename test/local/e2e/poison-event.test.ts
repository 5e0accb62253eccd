import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Desk, startDesk } from '../../../local/desk.ts';
import type { Strict } from '../../../local/strict.ts';
import { objectsOf } from '../bucket-reader.ts';
import { AssemblyCopy, projectAssembly, projectDir } from './assembly-copy.ts';
import { eventually, type Json, oldTicket, send } from './running-desk.ts';

/**
 * One event that cannot be read, in the middle of good ones of several tickets: it alone ends in the bucket of failed
 * records, everything else is projected, each ticket's events in their order.
 */
const poisonAt = '2026-01-05T09:07:07.000Z';

/** Spoils the one event, and prints what the function took, batch by batch. */
const wrapper = `const original = require('./original.js');
const isEvent = ({ dynamodb }) => dynamodb.Keys.SK.S.startsWith('EV#');
exports.handler = async (event, context) => {
  for (const record of event.Records)
    if (isEvent(record) && record.dynamodb.NewImage?.at?.S === '${poisonAt}') record.dynamodb.NewImage.version = { S: 'none' };
  const answer = await original.handler(event, context);
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const end = event.Records.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber));
  const at = process.hrtime.bigint();
  for (const record of end < 0 ? event.Records : event.Records.slice(0, end))
    if (isEvent(record)) console.log('took ' + at + ' ' + record.dynamodb.Keys.PK.S + ' ' + record.dynamodb.Keys.SK.S);
  return answer;
};
`;

const tickets = 6;
const changes = 15;

/** Ticket 3 has the poison in its middle. */
const history = (ticket: number): object =>
  oldTicket(
    `INC${ticket}`,
    Array.from({ length: changes }, (_, minute) => ({
      at: ticket === 3 && minute === 7 ? poisonAt : new Date(Date.UTC(2026, 0, 5, 9, minute, 1)).toISOString(),
      type: 'status',
      status: minute % 2 === 0 ? 'open' : 'waiting_vendor',
    })),
  );

let copy: AssemblyCopy;
let desk: Desk | null = null;
let dataDir: string;

beforeAll(async () => {
  copy = new AssemblyCopy(await projectAssembly());
  copy.wrap('stream-kpis', wrapper);
  copy.setRetries('stream-kpis', 3);
}, 480_000);
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'desk-e2e-'));
});
afterEach(async () => {
  await desk?.stop();
  desk = null;
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(() => copy.remove());

const failedRecords = async ({ url, model }: Desk): Promise<readonly Json[]> => {
  const bucket = model.buckets.find(({ name }) => name.includes('FailedRecords'));
  return [...(await objectsOf(url, bucket?.name ?? '')).values()].map((text) => JSON.parse(text));
};

/** Versions of each ticket's events in the order in which the function first took them. */
const taken = (): ReadonlyMap<string, readonly number[]> => {
  const logs = readdirSync(join(dataDir, 'logs')).filter((name) => name.includes('stream-kpis'));
  const lines = logs.map((name) => readFileSync(join(dataDir, 'logs', name), 'utf8')).join('');
  const order = new Map<string, Set<number>>();
  // The workers' lines come together in any order; the instants are of one clock.
  const took = [...lines.matchAll(/took (\d+) (TKT#\S+) EV#(\d+)/g)].toSorted(
    (one, other) => Number(one[1]) - Number(other[1]),
  );
  for (const [, , key = '', version] of took) order.set(key, (order.get(key) ?? new Set()).add(Number(version)));
  return new Map([...order].map(([key, versions]) => [key, [...versions]]));
};

it.each<[string, Strict | null]>([
  ['', null],
  [' under strict', { seed: 20_260_105 }],
])(
  'only the poison is given up, and the order of each ticket is kept%s',
  async (_name, strict) => {
    desk = await startDesk({
      port: 0,
      dataDir,
      startAt: Date.UTC(2026, 0, 6),
      assemblyDir: copy.directory,
      projectDir,
      strict,
      verbose: false,
    });
    const running = desk;
    const { url } = running;
    const tokens = await desk.tokens();
    const ask = (person: string, path: string, body?: unknown) =>
      send(url, tokens[person] ?? null, path, body === undefined ? {} : { body });
    const imported = Array.from({ length: tickets }, (_, index) => history(index + 1));
    expect((await ask('integration', '/v1/tickets/import', { tickets: imported })).status).toBeLessThan(300);
    await eventually('every event but the poison projected', 60, async () => {
      const all = [...taken().values()];
      return all.length === tickets && all.every((versions) => versions.includes(changes + 1)) ? all : null;
    });
    const kept = await eventually('the poison in the bucket', 30, async () => {
      const found = await failedRecords(running);
      return found.length > 0 ? found : null;
    });

    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      DDBStreamBatchInfo: { batchSize: 1 },
    });
    const { Records } = JSON.parse(kept[0].payload);
    expect(Records).toHaveLength(1);
    expect(Records[0].dynamodb.NewImage.at.S).toBe(poisonAt);

    const poisoned: string = Records[0].dynamodb.Keys.PK.S;
    const order = taken();
    expect(order.size).toBe(tickets);
    for (const [key, versions] of order) {
      // Breaches may have been added behind the imported history.
      const inOrder = Array.from({ length: versions.at(-1) ?? 0 }, (_, index) => index + 1);
      expect(inOrder.length).toBeGreaterThan(changes);
      expect([key, versions]).toEqual([key, key === poisoned ? inOrder.filter((one) => one !== 9) : inOrder]);
    }
    await ask('admin', '/_local/clock', { advance: 'PT2M' });
    const { body } = await ask('manager', '/v1/kpis/ticket-volume?from=2026-01-01&to=2026-02-01&granularity=month');
    expect(body.total.value).toBe(tickets);
  },
  480_000,
);
