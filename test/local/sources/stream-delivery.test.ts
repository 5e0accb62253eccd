import fc from 'fast-check';
import type { FailedRecords } from '../../../local/sources/failed-records.ts';
import type { StreamRecord } from '../../../local/sources/stream-record.ts';
import { ManualClock } from '../services/manual-clock.ts';
import { MemoryStream, memoryState } from '../strict/memory-stream.ts';
import { consume, keyOf, versionOf } from '../strict/stream-consumer.ts';

/**
 * Streams under everything that may befall them, against a model that knows only what was written: each record is either
 * processed or lies in the failed store with its payload, and no record of a key is processed before those written before it.
 */

interface Story {
  readonly seed: number;
  /** Keys in the order of their writes; the version of a record is the count of its key so far. */
  readonly writes: readonly number[];
  /** Positions of records that no attempt will ever process. */
  readonly poison: ReadonlySet<number>;
  /** Invocations, counted from 1, that fail whole although nothing is wrong with their records. */
  readonly shaky: ReadonlySet<number>;
  /** Invocations after which the process is killed before it hears of their end. */
  readonly kills: ReadonlySet<number>;
  readonly batchSize: number;
  readonly reports: boolean;
  /** Null = no limit. */
  readonly ageLimitSeconds: number | null;
  readonly retries: number;
}

const places = (most: number, count: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: most }), { maxLength: count, size: 'max' }).map((all) => new Set(all));

const stories: fc.Arbitrary<Story> = fc.record({
  seed: fc.nat(10_000),
  writes: fc.array(fc.nat(7), { minLength: 1, maxLength: 160, size: 'max' }),
  poison: places(160, 6),
  shaky: places(120, 12),
  kills: places(120, 5),
  batchSize: fc.integer({ min: 1, max: 25 }),
  reports: fc.boolean(),
  ageLimitSeconds: fc.constantFrom(null, null, 20),
  retries: fc.integer({ min: 2, max: 4 }),
});

class Killed extends Error {}

/** Plays a story to its end and tells what became of every record. */
const play = async (story: Story) => {
  const clock = new ManualClock();
  const state = memoryState();
  const stream = new MemoryStream();
  const versions = new Map<number, number>();
  for (const key of story.writes) {
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    stream.write(`key-${key}`, version, { position: { N: String(stream.length + 1) } });
  }
  const positionOf = ({ eventID }: StreamRecord): number => Number(eventID);
  const processed: StreamRecord[] = [];
  /** Every end of a record, good or bad, as it came. */
  const ended: StreamRecord[] = [];
  const failed: { position: number; record: StreamRecord; reason: string; alone: boolean }[] = [];
  const store: FailedRecords = {
    put: ({ records, reason }) => {
      ended.push(...records);
      failed.push(
        ...records.map((record) => ({
          position: positionOf(record),
          record: structuredClone(record),
          reason,
          alone: records.length === 1,
        })),
      );
    },
  };
  let invocations = 0;
  const handle = (records: readonly StreamRecord[], life: { dead: boolean }): unknown => {
    if (life.dead) throw new Killed();
    invocations += 1;
    if (story.shaky.has(invocations)) throw new Error('shaky');
    const bad = records.findIndex((record) => story.poison.has(positionOf(record)));
    if (bad >= 0 && !story.reports) throw new Error('poison');
    const good = bad < 0 ? records : records.slice(0, bad);
    processed.push(...good);
    ended.push(...good);
    life.dead = story.kills.has(invocations);
    return { batchItemFailures: bad < 0 ? [] : [{ itemIdentifier: records[bad]?.dynamodb.SequenceNumber }] };
  };
  // A killed process keeps nothing any more, whatever its shards still have in hand; a fresh one finds the state as it was.
  for (let over = false; !over; ) {
    const life = { dead: false };
    const keep = (write: () => void): void => {
      if (life.dead) throw new Killed();
      write();
    };
    try {
      await consume({
        stream,
        strict: { seed: story.seed },
        handler: (records) => handle(records, life),
        state: { get: state.get, set: (key, value) => keep(() => state.set(key, value)) },
        clock,
        failed: { put: (batch) => keep(() => store.put(batch)) },
        quickPause: () => clock.advance(10),
        mapping: {
          batchSize: story.batchSize,
          reportBatchItemFailures: story.reports,
          maximumRetries: story.retries,
          maximumRecordAgeSeconds: story.ageLimitSeconds ?? -1,
        },
      });
      over = true;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  return { stream, processed, failed, ended, positionOf };
};

/** The versions of one key in the order in which each came to its end first. */
const firstEnds = (ended: readonly StreamRecord[], key: string): readonly number[] => [
  ...new Set(ended.filter((record) => keyOf(record) === key).map(versionOf)),
];

describe('delivery of a stream under failure', () => {
  it('processes every record or keeps it with its payload, in the order of its key', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const { stream, processed, failed, ended, positionOf } = await play(story);
        const done = new Set(processed.map(positionOf));
        const kept = new Set(failed.map(({ position }) => position));
        for (let position = 1; position <= stream.length; position += 1)
          expect([position, done.has(position) || kept.has(position)]).toEqual([position, true]);
        for (const { record, position } of failed)
          expect(record.dynamodb.NewImage).toMatchObject({ position: { N: String(position) } });
        for (const position of story.poison)
          if (position <= stream.length) expect([position, done.has(position)]).toEqual([position, false]);
        for (const key of new Set(ended.map(keyOf))) {
          const order = firstEnds(ended, key);
          expect(order).toEqual(order.map((_, index) => index + 1));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives up nothing but poison when no invocation is shaky and nothing grows old', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const { stream, failed } = await play({ ...story, shaky: new Set(), ageLimitSeconds: null });
        const expected = [...story.poison].filter((position) => position <= stream.length);
        const kept = [...new Set(failed.map(({ position }) => position))];
        expect(kept.toSorted((one, other) => one - other)).toEqual(expected.toSorted((one, other) => one - other));
        expect(failed.every(({ alone, reason }) => alone && reason === 'RetryAttemptsExhausted')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('meets all of it in such stories', async () => {
    let [repeated, tooOld, givenUp] = [0, 0, 0];
    for (const story of fc.sample(stories, { numRuns: 100, seed: 1 })) {
      const { processed, failed, positionOf } = await play(story);
      repeated += processed.length - new Set(processed.map(positionOf)).size;
      tooOld += failed.filter(({ reason }) => reason === 'RecordAgeExceeded').length;
      givenUp += failed.filter(({ reason }) => reason === 'RetryAttemptsExhausted').length;
    }
    expect([repeated > 100, tooOld > 10, givenUp > 100]).toEqual([true, true, true]);
  });
});
