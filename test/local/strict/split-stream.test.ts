import { LongSequence } from '../../../local/sources/long-sequence.ts';
import { ShardPlan } from '../../../local/sources/shard-plan.ts';
import { SplitStream } from '../../../local/sources/split-stream.ts';
import type { StreamRecord } from '../../../local/sources/stream-record.ts';
import { MemoryStream, memoryState } from './memory-stream.ts';
import { consume, keyOf, mapping, versionOf } from './stream-consumer.ts';

const strict = { seed: 7 };
const never = () => false;

/** Writes of `keys` items in turn, `versions` times each. */
const written = (keys: number, versions: number): MemoryStream => {
  const stream = new MemoryStream();
  for (let version = 1; version <= versions; version += 1)
    for (let key = 0; key < keys; key += 1) stream.write(`item-${key}`, version);
  return stream;
};

/** The shards of a stream as they are read, oldest first. */
const readShards = async (stream: MemoryStream) => {
  const split = new SplitStream({
    engine: stream,
    mapping,
    table: { name: 'items', partitionKey: 'PK' },
    state: memoryState(),
    strict,
    now: () => 0,
    pause: async () => null,
  });
  const all = new Map<string, { parentId: string | null; numbers: string[]; keys: Set<string>; closed: boolean }>();
  for (const { id, parentId } of await split.shards('arn:stream')) {
    const shard = { parentId, numbers: [] as string[], keys: new Set<string>(), closed: false };
    all.set(id, shard);
    let next: string | null = await split.iterator('arn:stream', id, { type: 'TRIM_HORIZON' });
    for (let empty = 0; next !== null && empty < 2; ) {
      const page: Awaited<ReturnType<SplitStream['records']>> = await split.records(next);
      empty = page.records.length === 0 ? empty + 1 : 0;
      for (const record of page.records) {
        shard.numbers.push(record.dynamodb.SequenceNumber);
        shard.keys.add(keyOf(record as StreamRecord));
      }
      next = page.next;
    }
    shard.closed = next === null;
  }
  return all;
};

describe('a split stream', () => {
  it('has several shards that roll, and parents with two children', async () => {
    const shards = [...(await readShards(written(20, 40))).values()];
    const parents = shards.flatMap(({ parentId }) => parentId ?? []);
    expect(shards.filter(({ parentId }) => parentId === null)).toHaveLength(4);
    expect(shards.filter(({ closed }) => closed).length).toBeGreaterThan(20);
    expect(new Set(parents).size).toBe(parents.length - 4);
  });

  it('keeps each item in one line of shards', async () => {
    const shards = await readShards(written(20, 40));
    const rootOf = (id: string): string => {
      const parent = shards.get(id)?.parentId ?? null;
      return parent === null ? id : rootOf(parent);
    };
    const rootsOf = new Map<string, Set<string>>();
    for (const [id, { keys }] of shards)
      for (const key of keys) rootsOf.set(key, (rootsOf.get(key) ?? new Set()).add(rootOf(id)));
    expect([...rootsOf.values()].map(({ size }) => size)).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('is the same for the same seed, and another for another', () => {
    const ids = (seed: number) => {
      const plan = new ShardPlan(seed, 'arn');
      return plan.branches().map((branch) => plan.shard(branch, 0)?.id);
    };
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });

  it('keeps a record for a day from when it was seen, read or not', async () => {
    let now = 0;
    const stream = written(3, 2);
    const split = new SplitStream({
      engine: stream,
      mapping,
      table: { name: 'items', partitionKey: 'PK' },
      state: memoryState(),
      strict,
      now: () => now,
      pause: async () => null,
    });
    await split.lookOn('items');
    now = 10 * 3_600_000;
    for (let key = 0; key < 3; key += 1) stream.write(`item-${key}`, 3);
    await split.lookOn('items');
    now = 25 * 3_600_000;
    const left: (readonly [number, number | undefined])[] = [];
    for (const { id } of await split.shards('arn:stream')) {
      const { records } = await split.records(await split.iterator('arn:stream', id, { type: 'TRIM_HORIZON' }));
      left.push(...records.map((record) => [versionOf(record as StreamRecord), record.writtenAt] as const));
    }
    expect(left).toEqual(Array.from({ length: 3 }, () => [3, 10 * 3_600_000]));
  });

  it('lists its shards in another order each time', async () => {
    const split = new SplitStream({
      engine: written(20, 40),
      mapping,
      table: { name: 'items', partitionKey: 'PK' },
      state: memoryState(),
      strict,
      now: () => 0,
      pause: async () => null,
    });
    const list = async () => (await split.shards('arn:stream')).map(({ id }) => id);
    const [first, second] = [await list(), await list()];
    expect(first).not.toEqual(second);
    expect(first.toSorted()).toEqual(second.toSorted());
  });

  it('refuses to start at the latest record', () => {
    const options = {
      engine: new MemoryStream(),
      table: { name: 'items', partitionKey: 'PK' },
      state: memoryState(),
      strict,
    };
    expect(
      () =>
        new SplitStream({
          ...options,
          mapping: { id: 'a', startingPosition: 'LATEST' },
          now: () => 0,
          pause: async () => null,
        }),
    ).toThrow('TRIM_HORIZON');
  });
});

describe('long sequence numbers', () => {
  it('have 21 to 40 digits, rise within a shard, and lead back to the engine', async () => {
    const plan = new ShardPlan(3, 'arn');
    for (const branch of plan.branches()) {
      const shard = plan.shard(branch, 0)!;
      const numbers = new LongSequence(3, shard);
      const sequences = Array.from({ length: shard.last - shard.first + 1 }, (_, index) => shard.first + index);
      const texts = sequences.map((sequence) => numbers.textOf(sequence));
      for (const text of texts) expect(text).toMatch(/^\d{21,40}$/);
      expect(texts).toEqual(texts.toSorted((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1)));
      expect(texts.map((text) => numbers.sequenceOf(text))).toEqual(sequences);
    }
  });

  /** Keeps the newest version of each item by a comparison of sequence numbers. */
  const newest = async (isNewer: (one: string, other: string) => boolean, seed: typeof strict | null) => {
    const kept = new Map<string, { version: number; sequence: string }>();
    await consume({
      stream: written(8, 60),
      strict: seed,
      comesAgain: never,
      handler: (records) => {
        for (const record of records) {
          const sequence = record.dynamodb.SequenceNumber;
          const before = kept.get(keyOf(record));
          if (before === undefined || isNewer(sequence, before.sequence))
            kept.set(keyOf(record), { version: versionOf(record), sequence });
        }
      },
    });
    return [...kept.values()].map(({ version }) => version);
  };
  const latest = Array.from({ length: 8 }, () => 60);

  it('hurt who compares them as numbers, and only here', async () => {
    const asNumbers = (one: string, other: string) => Number(one) > Number(other);
    expect(await newest(asNumbers, null)).toEqual(latest);
    expect(await newest(asNumbers, strict)).not.toEqual(latest);
  });

  it('hurt who sorts them as text', async () => {
    const asText = (one: string, other: string) => one.padStart(6, '0') > other.padStart(6, '0');
    expect(await newest(asText, null)).toEqual(latest);
    expect(await newest(asText, strict)).not.toEqual(latest);
  });

  it('do not matter to who takes the order of an item from its own version', async () => {
    const kept = new Map<string, number>();
    await consume({
      stream: written(8, 60),
      strict,
      handler: (records) => {
        for (const record of records)
          kept.set(keyOf(record), Math.max(kept.get(keyOf(record)) ?? 0, versionOf(record)));
      },
    });
    expect([...kept.values()]).toEqual(latest);
  });
});

describe('order across items', () => {
  /** Each ticket refers to a customer that was written before it; answers the tickets whose customer was not there. */
  const orphans = async (seed: typeof strict | null, waits: boolean) => {
    const stream = new MemoryStream();
    for (let index = 0; index < 60; index += 1) {
      stream.write(`customer-${index}`, 1);
      stream.write(`ticket-${index}`, 1);
    }
    const customers = new Set<string>();
    const lost: string[] = [];
    const tickets = new Set<string>();
    await consume({
      stream,
      strict: seed,
      handler: (records) => {
        for (const key of records.map(keyOf)) {
          const [kind, index] = key.split('-');
          if (kind === 'customer') customers.add(index!);
          else if (waits || customers.has(index!)) tickets.add(index!);
          else lost.push(index!);
        }
      },
    });
    return [lost.length > 0, [...tickets].filter((index) => customers.has(index)).length];
  };

  it('is nothing to rely on under strict', async () => {
    expect(await orphans(null, false)).toEqual([false, 60]);
    expect(await orphans(strict, false)).toEqual([true, expect.any(Number)]);
  });

  it('does not matter to who joins both sides whichever comes first', async () => {
    expect(await orphans(strict, true)).toEqual([false, 60]);
  });
});

describe('delivery again', () => {
  const counts = async (options: { seed: typeof strict | null; comesAgain?: () => boolean; idempotent: boolean }) => {
    const seen = new Set<string>();
    let count = 0;
    await consume({
      stream: written(10, 30),
      strict: options.seed,
      ...(options.comesAgain === undefined ? {} : { comesAgain: options.comesAgain }),
      handler: (records) => {
        for (const { eventID } of records) {
          if (options.idempotent && seen.has(eventID)) continue;
          seen.add(eventID);
          count += 1;
        }
      },
    });
    return count;
  };

  it('hurts who counts what arrives, and not who counts each record once', async () => {
    expect(await counts({ seed: null, idempotent: false })).toBe(300);
    expect(await counts({ seed: strict, idempotent: false })).toBeGreaterThan(300);
    expect(await counts({ seed: strict, idempotent: true })).toBe(300);
  });

  it('comes after a rolled shard', async () => {
    const count = await counts({ seed: strict, comesAgain: never, idempotent: false });
    expect(count).toBeGreaterThan(300);
  });

  it('comes after a batch that was answered well', async () => {
    const batches: string[] = [];
    await consume({
      stream: written(10, 30),
      strict: { seed: 11 },
      handler: (records) => void batches.push(records.map(({ eventID }) => eventID).join(' ')),
    });
    const twice = batches.filter((batch, index) => batch === batches[index + 1]);
    expect(twice.length).toBeGreaterThan(0);
  });
});
