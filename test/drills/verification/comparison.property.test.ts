import fc from 'fast-check';
import { comparePartition } from '../../../functions/drills/verification/compare-entity.ts';
import { type PartitionResult } from '../../../functions/drills/verification/compare-partition.ts';
import { recordOf, type ItemRecord } from '../../../functions/drills/verification/item-record.ts';
import { readRecord, writeRecord } from '../../../functions/drills/verification/record-line.ts';
import type { Value, WireItem } from '../../../functions/drills/verification/wire.ts';
import { sealEvent } from '../../../functions/platform/store/event.ts';
import { headSum } from '../../../functions/platform/store/head-sum.ts';

const certainAt = Date.parse('2026-03-02T12:00:00Z');
const declaredAt = Date.parse('2026-03-02T12:10:00Z');
const began = certainAt - 3_600_000;
const keys = ['PK', 'SK'];
const PK = 'TKT#tkt_01KJPW0000AAAAAAAAAAAAAAAA';
type Item = Record<string, unknown>;

const wire = (value: unknown): Value =>
  typeof value === 'string'
    ? { S: value }
    : typeof value === 'number'
      ? { N: String(value) }
      : typeof value === 'boolean'
        ? { BOOL: value }
        : value === null
          ? { NULL: true }
          : Array.isArray(value)
            ? { L: value.map(wire) }
            : { M: wireItem(value as Item) };
const wireItem = (item: Item): WireItem =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, wire(value)]),
  );

/** Through the file of a scan, as in a drill. */
const records = (items: readonly Item[]): readonly ItemRecord[] =>
  items.map((item) =>
    readRecord(writeRecord(recordOf(wireItem(item), { keys, indexes: [], now: began + 36_000_000 }))),
  );

/** The states of an entity after each of its events: a head, its events, and a plain item of each second one. */
const lifeOf = (steps: readonly { readonly text: string; readonly gapMs: number }[]): readonly (readonly Item[])[] => {
  const states: (readonly Item[])[] = [[]];
  let events: Item[] = [];
  let notes: Item[] = [];
  let now = began;
  let chain = '';
  for (const [index, { text, gapMs }] of steps.entries()) {
    now += gapMs;
    const version = index + 1;
    const draft = {
      type: 'said',
      at: new Date(now).toISOString(),
      actor: { id: 'a', role: 'agent' } as const,
      data: { text },
    };
    const event = sealEvent({ key: PK, kind: 'ticket', id: 'x' }, version, chain, draft, now);
    chain = event.hash;
    events = [...events, { ...event }];
    if (index % 2 === 1) notes = [...notes, { PK, SK: `N#${index}`, text, writtenAt: new Date(now).toISOString() }];
    const head = { PK, SK: 'T', text, version, chain, updatedAt: new Date(now).toISOString() };
    states.push([{ ...head, sum: headSum(head), dueAt: 'x' }, ...events, ...notes]);
  }
  return states;
};

const instantOf = (item: Item): number =>
  Date.parse(String(item['recordedAt'] ?? item['writtenAt'] ?? item['updatedAt']));
const isEvent = (item: Item): boolean => String(item['SK']).startsWith('EV#');

const steps = fc.array(fc.record({ text: fc.string({ maxLength: 12 }), gapMs: fc.integer({ min: 1, max: 900_000 }) }), {
  minLength: 1,
  maxLength: 12,
});

/** A copy from within the time in which it may have been made, of a source that went on. */
const drills = steps.chain((said) => {
  const states = lifeOf(said);
  const certain = states.findLastIndex((items) => items.filter(isEvent).every((item) => instantOf(item) <= certainAt));
  return fc
    .integer({ min: certain, max: states.length - 1 })
    .map((at) => ({ copy: states[at]!, source: states.at(-1)! }));
});

const compare = (copy: readonly Item[], source: readonly Item[]): PartitionResult =>
  comparePartition({ PK, copy: records(copy), source: records(source), rows: [] }, { certainAt, declaredAt });

/** What is lost, counted the simple way. */
const lostOf = (copy: readonly Item[], source: readonly Item[]) => {
  const had = new Set(copy.map(({ SK }) => SK));
  return source.filter((item) => isEvent(item) && !had.has(item['SK']) && instantOf(item) <= declaredAt).map(instantOf);
};

it('finds nothing in the state of any instant after the certain one, and counts what is lost', () => {
  fc.assert(
    fc.property(drills, ({ copy, source }) => {
      const found = compare(copy, source);
      const lost = lostOf(copy, source);
      expect(found.findings).toEqual([]);
      expect(found.lost).toBe(lost.length);
      expect(found.oldestLostAt).toBe(lost.length === 0 ? null : Math.min(...lost));
      expect(found.compared).toBe(copy.length);
    }),
    { numRuns: 300, verbose: 0 },
  );
});

/** One byte of one attribute, which is no key. */
const flip = (item: Item, pick: number): Item => {
  const names = Object.keys(item).filter((name) => !['PK', 'SK', 'dueAt'].includes(name));
  const name = names[pick % names.length]!;
  const value = item[name];
  const other = typeof value === 'string' ? `${value}x` : typeof value === 'number' ? value + 1 : { other: 1 };
  return { ...item, [name]: other };
};

const faults = fc.record({ kind: fc.constantFrom('drop', 'flip', 'add', 'swap'), which: fc.nat(), pick: fc.nat() });

it('finds every fault in what must be there, whatever the source has become', () => {
  fc.assert(
    fc.property(drills, faults, ({ copy, source }, { kind, which, pick }) => {
      fc.pre(copy.length > 1);
      const index = which % copy.length;
      const item = copy[index]!;
      const others = copy.filter((one) => one !== item);
      const faulty =
        kind === 'drop'
          ? others
          : kind === 'flip'
            ? [...others, flip(item, pick)]
            : kind === 'add'
              ? [...copy, { PK, SK: `N#foreign${pick}`, text: 'x' }]
              : [...others, { ...copy[pick % copy.length]!, SK: item['SK'] }];
      // An item that was swapped with itself, and what may not have been written when the copy was made.
      fc.pre(kind !== 'swap' || pick % copy.length !== index);
      fc.pre(kind === 'add' || isEvent(item) || item['SK'] === 'T' || instantOf(item) <= certainAt);
      expect(compare(faulty, source).findings.length).toBeGreaterThan(0);
    }),
    { numRuns: 600, verbose: 0 },
  );
});

it('takes no heed of when a head is due', () => {
  fc.assert(
    fc.property(drills, ({ copy, source }) => {
      const moved = copy.map((item) =>
        item['SK'] === 'T' ? { ...item, dueAt: 'y', dueAttempts: 3, dueShard: 1 } : item,
      );
      expect(compare(moved, source).findings).toEqual([]);
    }),
    { numRuns: 50, verbose: 0 },
  );
});

it('asks an item itself when the source has brought it into a later shape', () => {
  const head = { PK, SK: 'T', text: 'a', version: 1, chain: '' };
  const upgraded = { ...head, text: 'A', schema: 2 };
  const faultsOf = (copy: Item, source: Item) =>
    compare([copy], [source])
      .findings.map(({ fault }) => fault)
      .filter((fault) => fault !== 'broken');
  expect(faultsOf({ ...head, sum: headSum(head) }, upgraded)).toEqual([]);
  expect(faultsOf({ ...head, sum: 'another' }, upgraded)).toEqual(['altered']);
  expect(faultsOf(head, upgraded)).toEqual(['unchecked']);
  const plain = { PK, SK: 'N#1', text: 'a' };
  expect(faultsOf(plain, { ...plain, text: 'A', schema: 2 })).toEqual(['unchecked']);
  expect(faultsOf({ ...plain, schema: 2 }, plain)).toEqual(['altered']);
});

it('lets payloads be erased since, and no other change of an event', () => {
  const [, items = []] = lifeOf([{ text: 'secret', gapMs: 1 }]);
  const erase = ({ SK, ...item }: Item): Item =>
    SK === 'EV#00000001' ? { ...item, SK, data: {}, salt: '' } : { ...item, SK };
  expect(compare(items, items.map(erase)).findings).toEqual([]);
  expect(compare(items.map(erase), items).findings.map(({ fault }) => fault)).toEqual(['altered']);
  const damaged = items.map((item) => (isEvent(item) ? { ...item, data: { text: 'Secret' } } : item));
  expect(compare(damaged, items.map(erase)).findings.map(({ fault }) => fault)).toContain('altered');
});
