import { eventVersions } from '../../functions/platform/store/event-versions.ts';
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import * as z from 'zod';
import { everyKind, type StoredKind } from '../../bin/upgrade-items/every-kind.ts';
import { walkTable } from '../../bin/upgrade-items/walk.ts';
import { chainHash, payloadDigest, sealEvent } from '../../functions/platform/store/event.ts';
import {
  type Item,
  itemKind,
  itemVersions,
  migration,
  NewerThanThisCode,
  NotASchemaVersion,
} from '../../functions/platform/store/item-kind.ts';
import { type Engine, startTestEngine } from '../engine.ts';

/** A kind with three versions: a name in two parts, then in one, then with its length beside it. */
const first = z.object({ given: z.string(), family: z.string() });
const second = z.object({ name: z.string() });
const third = z.object({ name: z.string(), letters: z.number() });
let madeOld = 0;
const migrations = [
  migration(
    () => ((madeOld += 1), first),
    ({ given, family, ...rest }) => ({ ...rest, name: `${given} ${family}` }),
  ),
  migration(
    () => second,
    (old) => ({ ...old, letters: old.name.length }),
  ),
];
const person = itemKind('person', third, migrations);
const keys = { PK: 'PSN#1', SK: 'P' };
const versions = (given: string, family: string): readonly Item[] => [
  { ...keys, given, family },
  { ...keys, schema: 2, name: `${given} ${family}` },
  { ...keys, schema: 3, name: `${given} ${family}`, letters: given.length + 1 + family.length },
];

test('an item of any version reads as one of today', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.constantFrom(0, 1, 2), (given, family, index) => {
      const name = `${given} ${family}`;
      expect(person.read(versions(given, family)[index] ?? {})).toEqual({ name, letters: name.length });
    }),
  );
});

test('brought into the shape of today it keeps its keys and what else its schema does not name, and says its version', () => {
  const [old = {}, , today = {}] = versions('Ada', 'L');
  expect(person.bringCurrent({ ...old, queue: 'Q' })).toEqual({ ...today, queue: 'Q' });
  expect(person.bringCurrent(today)).toBe(today);
});

test('an old item that is not what its version says is refused, and schemas of before are made only for old items', () => {
  const before = madeOld;
  person.read(versions('Ada', 'L')[2] ?? {});
  expect(madeOld).toBe(before);
  expect(() => person.read({ ...keys, given: 'Ada' })).toThrow(z.ZodError);
});

test('an item from later code is an error of its own, and so is a version that is none', () => {
  const later = itemKind('person', third);
  expect(() => later.read(versions('Ada', 'L')[1] ?? {})).toThrow(NewerThanThisCode);
  expect(() => later.read({ schema: 2 })).toThrow(
    'kind "person" has schema version 2; this code knows versions up to 1',
  );
  for (const schema of [0, 1.5, '2']) expect(() => person.read({ schema })).toThrow(NotASchemaVersion);
});

test('every kind refuses an item of a later version', () => {
  for (const { kind } of everyKind) expect(() => kind.read({ schema: kind.current + 1 })).toThrow(NewerThanThisCode);
});

test('version 1 writes no byte, later versions say themselves', () => {
  expect(itemVersions('one').stamp).toEqual({});
  expect(person.stamp).toEqual({ schema: 3 });
});

test('an event that is brought into another shape when it is read keeps its seal, which is made of what is stored', () => {
  const actor = { id: 'agt_1', role: 'agent' } as const;
  const draft = { type: 'ticket.replied', at: '2026-03-02T09:00:00.000Z', actor, data: { text: 'Hello' } };
  const stored = sealEvent({ key: 'TKT#1', kind: 'ticket', id: '1' }, 1, '', draft, 0);
  const later = itemVersions('event', [
    ...eventVersions.migrations,
    migration(
      () => z.object({ data: z.object({ text: z.string() }) }),
      ({ data, ...rest }) => ({ ...rest, data: { words: data.text.split(' ') } }),
    ),
  ]);
  const read = later.bringCurrent({ ...stored });
  expect(read['data']).toEqual({ words: ['Hello'] });
  expect(stored.data).toEqual({ text: 'Hello' });
  expect(chainHash('', 1, payloadDigest(stored.salt, stored))).toBe(stored.hash);
  expect(read['hash']).toBe(stored.hash);
});

describe('the walk', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startTestEngine();
  }, 240_000);
  afterAll(() => engine.stop());

  const kinds: readonly StoredKind[] = [
    { table: 'operations', PK: /^PSN#/, SK: /^P$/, kind: person },
    { table: 'operations', PK: /^PSN#/, SK: /^EV#/, kind: person, keptAsWritten: 'sealed' },
  ];
  const walk = (over: Partial<Parameters<typeof walkTable>[0]> = {}) =>
    walkTable({
      client: engine.client,
      table: 'operations',
      tableName: engine.tables.operations,
      kinds,
      segments: 2,
      dryRun: false,
      ...over,
    });
  const put = (Item: Item) =>
    engine.client.send(new PutCommand({ TableName: engine.tables.operations, Item: { ...Item } }));
  const stored = async () =>
    (await engine.client.send(new ScanCommand({ TableName: engine.tables.operations, ConsistentRead: true }))).Items ??
    [];

  test('rewrites what is old, once; keeps what is sealed; and goes on where it was stopped', async () => {
    for (let index = 0; index < 30; index += 1) {
      await put({ ...versions('Ada', String(index))[index % 3], PK: `PSN#${index}` });
    }
    await put({ PK: 'PSN#1', SK: 'EV#00000001', given: 'Ada', family: 'L' });
    // Stopped after the third page.
    const positions: Record<number, 'done' | Record<string, string>> = {};
    let pages = 0;
    const stopped = walk({
      segments: 1,
      pageSize: 4,
      onPage: (segment, position) => {
        positions[segment] = position;
        if ((pages += 1) === 3) throw new Error('killed');
      },
    });
    await expect(stopped).rejects.toThrow('killed');
    expect((await stored()).filter(({ SK, schema }) => SK === 'P' && schema !== 3).length).toBeGreaterThan(0);
    const rest = await walk({ segments: 1, pageSize: 4, resumeAt: positions });
    const seen = rest.get('person');
    expect((seen?.current ?? 0) + (seen?.upgraded ?? 0) + (seen?.kept ?? 0)).toBe(31 - 12);
    expect((await stored()).filter(({ SK, schema }) => SK === 'P' && schema !== 3)).toEqual([]);
    const before = await stored();
    expect((await walk()).get('person')).toEqual({ current: 30, upgraded: 0, overtaken: 0, kept: 1 });
    expect(await stored()).toEqual(before);
  });

  test('does not write over a change that came between', async () => {
    const Key = { PK: 'PSN#0', SK: 'P' };
    await put({ ...Key, given: 'Ada', family: 'Old', version: 1 });
    // Just before the walk writes, somebody else does.
    let raced: Promise<unknown> | null = null;
    const client = new Proxy(engine.client, {
      get: (target, property) =>
        property === 'send'
          ? async (command: unknown) => {
              if (command instanceof PutCommand && raced === null) {
                raced = put({ ...Key, given: 'Ada', family: 'New', version: 1 });
                await raced;
              }
              return target.send(command as never);
            }
          : Reflect.get(target, property),
    });
    const counts = await walk({ client });
    expect(counts.get('person')?.overtaken).toBe(1);
    const { Item } = await engine.client.send(
      new GetCommand({ TableName: engine.tables.operations, Key, ConsistentRead: true }),
    );
    expect(Item).toEqual({ ...Key, given: 'Ada', family: 'New', version: 1 });
  });
});
