import fc from 'fast-check';
import { putBack } from '../../bin/redrive/main.ts';
import type { Cloud } from '../../bin/redrive/ports.ts';
import { Killed, type KeptObject, keptObject, MemoryCloud } from './memory-cloud.ts';

const quiet = { say: () => undefined, complain: () => undefined };
const stage = 'dev';

const run = async (cloud: Cloud, most = Infinity): Promise<boolean | 'killed'> => {
  try {
    return await putBack(cloud, { stage, most }, 'all', quiet);
  } catch (error) {
    if (error instanceof Killed) return 'killed';
    throw error;
  }
};

const kills = fc.array(
  fc.record({ call: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before' as const, 'after' as const) }),
  { maxLength: 5 },
);

it('hints: however often it is killed, each is in its queue in the end, and none is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(25), kills, fc.integer({ min: 1, max: 9 }), async (count, all, most) => {
      const wanted = Array.from({ length: count }, (_, index) => `hint ${index}`);
      const memory = new MemoryCloud({ letters: wanted });
      let ends = 0;
      for (const kill of all) {
        if ((await run(memory.run(kill), most)) === 'killed') ends += 1;
        // Between any two steps a hint is at least in one of the two.
        const somewhere = new Set([...memory.queue, ...memory.letters.map(({ body }) => body)]);
        expect([...somewhere].toSorted()).toEqual(wanted.toSorted());
      }
      expect(await run(memory.run())).toBe(true);
      expect(memory.letters).toEqual([]);
      expect(new Set(memory.queue)).toEqual(new Set(wanted));
      // One is sent twice at most for each time it was killed.
      expect(memory.queue.length).toBeLessThanOrEqual(count + ends);
      const sent = memory.queue.length;
      expect(await run(memory.run())).toBe(true);
      expect(memory.queue).toHaveLength(sent);
    }),
  );
});

interface Given {
  readonly partition: number;
  readonly version: number;
  readonly object: KeptObject;
}

/** Records given up by readers of two shards, in their order; several within a second, and a child that follows its parent. */
const given: fc.Arbitrary<readonly Given[]> = fc
  .array(
    fc.record({
      partition: fc.nat(3),
      wait: fc.constantFrom(0, 1, 1, 7, 300, 2000),
      rolls: fc.constantFrom(false, false, true),
      id: fc.uuid(),
    }),
    { maxLength: 12 },
  )
  .map((all) => {
    let at = Date.UTC(2026, 0, 5, 9, 59, 57);
    // Numbers of 21 digits and one of 22 within a shard: as text, or as doubles, they are in another order.
    const generation = [0, 0];
    const position = [0n, 0n];
    const versions = new Map<number, number>();
    return all.map(({ partition, wait, rolls, id }) => {
      const branch = partition % 2;
      if (rolls) {
        generation[branch] = (generation[branch] ?? 0) + 1;
        position[branch] = 0n;
      }
      // A child is read after its parent; two of one shard may be given up in one instant.
      at += rolls ? Math.max(1, wait) : wait;
      position[branch] = (position[branch] ?? 0n) + 1n;
      const version = (versions.get(partition) ?? 0) + 1;
      versions.set(partition, version);
      const object = keptObject({
        shard: `shard-${9 - (generation[branch] ?? 0)}-${branch}`,
        sequence: 10n ** 21n - 3n + (position[branch] ?? 0n),
        at,
        id,
        payload: JSON.stringify({ partition, version }),
      });
      return { partition, version, object };
    });
  });

const read = (payload: string): { partition: number; version: number } => JSON.parse(payload);

it('stream records: each is taken, those of a key in their order, however often it is killed', async () => {
  await fc.assert(
    fc.asyncProperty(given, kills, fc.integer({ min: 1, max: 9 }), async (all, killings, most) => {
      const memory = new MemoryCloud({ objects: all.map(({ object }) => object) });
      for (const kill of killings) await run(memory.run(kill), most);
      expect(await run(memory.run())).toBe(true);
      expect(memory.objects.size).toBe(0);
      const taken = memory.invoked.map(({ payload }) => read(payload));
      expect(new Set(memory.invoked.map(({ payload }) => payload))).toEqual(
        new Set(all.map(({ partition, version }) => JSON.stringify({ partition, version }))),
      );
      for (const [, ofKey] of Map.groupBy(taken, ({ partition }) => partition)) {
        const versions = ofKey.map(({ version }) => version);
        expect(versions).toEqual(versions.toSorted((one, other) => one - other));
      }
      const calls = memory.invoked.length;
      expect(await run(memory.run())).toBe(true);
      expect(memory.invoked).toHaveLength(calls);
    }),
    { numRuns: 300 },
  );
});

it('leaves what fails again and all that follows it, and says so by its answer', async () => {
  const failure = fc.constantFrom(
    () => ({ kind: 'failed', reason: 'Unhandled: TypeError' }) as const,
    () => ({ kind: 'answered', payload: '{"batchItemFailures":[{"itemIdentifier":"1"}]}' }) as const,
    () => ({ kind: 'answered', payload: '{"errorMessage":"2026-01-01 Task timed out"}' }) as const,
    () => ({ kind: 'answered', payload: '"text"' }) as const,
  );
  await fc.assert(
    fc.asyncProperty(given, fc.nat(12), failure, async (all, index, fails) => {
      const bad = all[index];
      const memory = new MemoryCloud({
        objects: all.map(({ object }) => object),
        answer: (payload) =>
          bad !== undefined && payload === JSON.stringify({ partition: bad.partition, version: bad.version })
            ? fails()
            : { kind: 'answered', payload: '{"batchItemFailures":[]}' },
      });
      expect(await run(memory.run())).toBe(bad === undefined);
      if (bad === undefined) return expect(memory.objects.size).toBe(0);
      expect(memory.objects.has(bad.object.key)).toBe(true);
      for (const { partition, version, object } of all)
        if (partition === bad.partition && version > bad.version) expect(memory.objects.has(object.key)).toBe(true);
      // What was given up before it went well.
      expect(memory.objects.size + memory.invoked.length - 1).toBe(all.length);
    }),
  );
});
