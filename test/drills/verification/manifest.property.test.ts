import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  manifestText,
  readManifest,
  shardCount,
  shardDifference,
  shardOf,
  ShardSum,
} from '../../../functions/drills/domain/manifest.ts';

const event = fc.record({
  PK: fc.string({ minLength: 1, maxLength: 8 }),
  version: fc.integer({ min: 1, max: 9 }),
  hash: fc.string({ maxLength: 8 }),
});
type Event = typeof event extends fc.Arbitrary<infer One> ? One : never;

const sumOf = (events: readonly Event[], into = new ShardSum()): ShardSum => {
  for (const { PK, version, hash } of events) into.add(PK, version, hash);
  return into;
};

/** The same with numbers of any size. */
const simpleSum = (events: readonly Event[]): string => {
  const parts = events.map(({ PK, version, hash }) =>
    BigInt(`0x${createHash('sha256').update(`${PK}\n${version}\n${hash}`).digest('hex').slice(0, 32)}`),
  );
  const total = parts.reduce((sum, part) => (sum + part) % (1n << 128n), 0n);
  return total.toString(16).padStart(32, '0');
};

it('sums events in any order, also over several slices, as numbers of any size do', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.nat(), (events, at) => {
      const cut = events.length === 0 ? 0 : at % events.length;
      const first = sumOf(events.slice(cut)).value();
      const resumed = sumOf(events.slice(0, cut), ShardSum.of(JSON.parse(JSON.stringify(first)))).value();
      expect(resumed).toEqual([events.length, events.filter(({ version }) => version === 1).length, simpleSum(events)]);
    }),
    { numRuns: 200, verbose: 0 },
  );
});

it('names the shards that differ, and by how much', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), fc.nat(), (events, at) => {
      const sums = (of: readonly Event[]) =>
        Array.from({ length: shardCount }, (_unused, shard) => sumOf(of.filter(({ PK }) => shardOf(PK) === shard)));
      const manifest = readManifest(manifestText('operations', '2026-03-02T09:00:00.000Z', sums(events)))!;
      const differences = (of: readonly Event[]) =>
        sums(of).flatMap((sum, shard) => shardDifference(manifest, shard, sum) ?? []);
      const which = at % events.length;
      const { PK, version } = events[which]!;
      expect(manifest.events).toBe(events.length);
      expect(differences(events)).toEqual([]);
      expect(differences(events.filter((_event, index) => index !== which))).toEqual([
        `shard ${shardOf(PK)}: -1 events, ${version === 1 ? '-1' : '0'} entities`,
      ]);
      const changed = events.map((one, index) => (index === which ? { ...one, hash: `${one.hash}x` } : one));
      expect(differences(changed)).toEqual([`shard ${shardOf(PK)}: other events than were counted`]);
    }),
    { numRuns: 50, verbose: 0 },
  );
});

it('reads nothing that is no manifest', () => {
  for (const text of ['', '{}', '[1]', manifestText('t', 'x', [new ShardSum()])]) expect(readManifest(text)).toBeNull();
});
