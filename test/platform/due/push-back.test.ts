import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { attend, type DueHandler } from '../../../functions/platform/due/attend.ts';
import { dueAttributes } from '../../../functions/platform/due/due-index.ts';
import type { DueHints, DueItem } from '../../../functions/platform/due/hints.ts';
import { pushBack } from '../../../functions/platform/due/push-back.ts';
import { sweep } from '../../../functions/platform/due/sweep.ts';
import { readItem } from '../../../functions/platform/store/heads.ts';
import { TestClock } from '../../desk/desk-on-engine.ts';
import { type Engine, startTestEngine } from '../../engine.ts';
import '../../quiet.ts';

const opened = Date.parse('2026-03-02T09:00:00Z');
const minute = 60_000;
const iso = (at: number): string => new Date(at).toISOString();

let engine: Engine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 240_000);
afterAll(() => engine.stop());

let names = 0;

/** A queue of one kind of due item, swept each minute, whose handler does what the test says. */
const timers = () => {
  const clock = new TestClock(opened);
  const { client, tables } = engine;
  let meanwhile = async (): Promise<void> => {};
  /** Something may happen between the read and the write that follows it. */
  const interrupted = {
    send: async (command: unknown) => {
      if (command instanceof UpdateCommand) await meanwhile();
      return client.send(command as UpdateCommand);
    },
  } as DynamoDBDocumentClient;
  const ports = { client: interrupted, table: tables.operations, clock };
  const counted: number[] = [];
  const back = pushBack({ ...ports, metrics: { add: (_name, value) => void counted.push(value) } });
  const put = async (name: string, dueAt: number | null, version = 1): Promise<void> => {
    const key = `TKT#${name}`;
    const due = dueAttributes(key, dueAt === null ? null : iso(dueAt), 'rest');
    await client.send(new PutCommand({ TableName: tables.operations, Item: { PK: key, SK: 'T', version, ...due } }));
  };
  const read = async (name: string) => readItem(client, tables.operations, { PK: `TKT#${name}`, SK: 'T' });
  return {
    clock,
    counted,
    put,
    read,
    back,
    interruptBy: (work: () => Promise<void>) => void (meanwhile = work),
    /** A sweep, and every hint of what is due by now attended to. */
    tick: async (handler: DueHandler): Promise<void> => {
      const hinted: DueItem[] = [];
      const send = async (items: readonly DueItem[]): Promise<void> => void hinted.push(...items);
      await sweep({ ...ports, hints: { send } as unknown as DueHints });
      const due = hinted.filter(({ dueAt }) => Date.parse(dueAt) < clock.at);
      for (const { PK, SK, dueAt } of due) {
        await attend({ TKT: handler }, { pk: PK, sk: SK, dueAt }, back).catch(() => {});
      }
    },
  };
};

it('a poison item is tried ever more slowly and never given up, and others do not wait for it', async () => {
  const { clock, counted, put, read, tick } = timers();
  const [poison, good] = [`poison${(names += 1)}`, `good${names}`];
  await put(poison, opened);
  const tries: number[] = [];
  const goodAt: number[] = [];
  const handler: DueHandler = async ({ pk }) => {
    if (pk.endsWith(poison)) {
      tries.push((clock.at - opened) / minute);
      throw new Error('cannot be read');
    }
    goodAt.push((clock.at - opened) / minute);
    await put(good, null);
  };
  for (let passed = 1; passed <= 90; passed += 1) {
    clock.at = opened + passed * minute + 1;
    if (passed === 40) await put(good, clock.at - 1);
    await tick(handler);
  }
  expect(tries.map(Math.floor)).toEqual([1, 3, 6, 11, 20, 36, 52, 68, 84]);
  expect(goodAt.map(Math.floor)).toEqual([40]);
  // The first two may be passing trouble; from the third on each is counted.
  expect(counted).toEqual(tries.slice(2).map(() => 1));
  expect(await read(poison)).toMatchObject({ version: 1, dueAttempts: tries.length });
  await put(poison, null);
}, 120_000);

it('what was mended is attended to within 15 minutes, and forgets its attempts with its next change', async () => {
  const { clock, put, read, tick } = timers();
  const name = `mended${(names += 1)}`;
  await put(name, opened);
  const mended = opened + 50 * minute;
  let attended = 0;
  const handler: DueHandler = async () => {
    if (clock.at < mended) throw new Error('not yet');
    attended ||= clock.at;
    await put(name, null, 2);
  };
  for (; attended === 0 && clock.at < opened + 120 * minute; clock.at += minute) await tick(handler);
  expect(attended).toBeGreaterThanOrEqual(mended);
  expect(attended - mended).toBeLessThanOrEqual(16 * minute);
  expect(await read(name)).toEqual({ PK: `TKT#${name}`, SK: 'T', version: 2 });
}, 120_000);

it('a change meanwhile is never undone, and what is not due is left alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('before', 'while it is read', 'not at all'),
      fc.option(fc.integer({ min: -5, max: 120 }), { nil: null }),
      async (when, minutes) => {
        const { clock, put, read, back, interruptBy } = timers();
        const name = `raced${(names += 1)}`;
        await put(name, opened);
        clock.at = opened + minute;
        const hint = { pk: `TKT#${name}`, sk: 'T', dueAt: iso(opened) };
        const change = async () => put(name, minutes === null ? null : clock.at + minutes * minute, 2);
        if (when === 'before') await change();
        if (when === 'while it is read') interruptBy(change);
        await back(hint);
        const item = await read(name);
        if (when === 'not at all') {
          expect(item).toMatchObject({ version: 1, dueAttempts: 1, dueAt: iso(opened + 2 * minute) });
        } else {
          const due = minutes === null ? null : clock.at + minutes * minute;
          // What the change made due again at once has failed as well, if it was there to be read.
          const pushed = when === 'before' && due !== null && due <= clock.at;
          expect(item).toEqual({
            PK: `TKT#${name}`,
            SK: 'T',
            version: 2,
            ...dueAttributes(`TKT#${name}`, due === null ? null : iso(pushed ? clock.at + minute : due), 'rest'),
            ...(pushed ? { dueAttempts: 1 } : {}),
          });
        }
        await put(name, null, 3);
      },
    ),
    // Of a change that leaves the item due at the same instant.
    { numRuns: 60, examples: [['while it is read', -1]] },
  );
}, 240_000);

it('an item that is gone, or that lies in no index, makes no new item', async () => {
  const { back, read, put } = timers();
  const name = `gone${(names += 1)}`;
  await back({ pk: `TKT#${name}`, sk: 'T', dueAt: iso(opened) });
  expect(await read(name)).toBeUndefined();
  await put(name, null);
  await back({ pk: `TKT#${name}`, sk: 'T', dueAt: iso(opened) });
  expect(await read(name)).toEqual({ PK: `TKT#${name}`, SK: 'T', version: 1 });
});
