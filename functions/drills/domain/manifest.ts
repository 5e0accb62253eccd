import { createHash, hash } from 'node:crypto';
import * as z from 'zod';

/** So many parts a manifest has: by the first byte of the hash of an entity's key. */
export const shardCount = 256;

const shardSchema = z.tuple([z.number().int(), z.number().int(), z.string().regex(/^[0-9a-f]{32}$/)]);
export const manifestSchema = z.object({
  format: z.literal(1),
  table: z.string(),
  /** Every event recorded until then is counted. */
  asOf: z.string(),
  events: z.number().int(),
  entities: z.number().int(),
  /** Of each shard its events, its entities, and the sum of its events. */
  shards: z.array(shardSchema).length(shardCount),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The first byte of a key's hash. */
export const shardOf = (PK: string): number => hash('sha256', PK, 'buffer')[0] ?? 0;

/** Far below where doubles stop being whole numbers. */
const carryAbove = 2 ** 51;

/**
 * The events of one shard. Their sum (modulo 2^128, of the hash of key, version and chain hash) does not depend on the order
 * in which they are met, so any number of scans side by side come to the same.
 */
export class ShardSum {
  #events = 0;
  #entities = 0;
  /** Four numbers of 32 bits, the highest first, each with what is not yet carried over. */
  readonly #lanes: [number, number, number, number] = [0, 0, 0, 0];

  static of([events, entities, sum]: readonly [number, number, string]): ShardSum {
    const shard = new ShardSum();
    shard.#events = events;
    shard.#entities = entities;
    for (const lane of [0, 1, 2, 3] as const)
      shard.#lanes[lane] = Number.parseInt(sum.slice(lane * 8, lane * 8 + 8), 16);
    return shard;
  }

  add(PK: string, version: number, chainHash: string): void {
    const digest = createHash('sha256').update(`${PK}\n${version}\n${chainHash}`).digest();
    this.#events += 1;
    // Each history begins with version 1, and an entity without its first event is one that lost it.
    if (version === 1) this.#entities += 1;
    for (const lane of [0, 1, 2, 3] as const) this.#lanes[lane] += digest.readUInt32BE(lane * 4);
    if (this.#lanes[0] > carryAbove || this.#lanes[3] > carryAbove) this.#carry();
  }

  #carry(): void {
    let carried = 0;
    for (const lane of [3, 2, 1, 0] as const) {
      const value = this.#lanes[lane] + carried;
      carried = Math.floor(value / 2 ** 32);
      this.#lanes[lane] = value % 2 ** 32;
    }
  }

  value(): [number, number, string] {
    this.#carry();
    const sum = this.#lanes.map((lane) => lane.toString(16).padStart(8, '0')).join('');
    return [this.#events, this.#entities, sum];
  }
}

/** The text of a manifest, as it is kept. */
export const manifestText = (table: string, asOf: string, sums: readonly ShardSum[]): string => {
  const shards = sums.map((sum) => sum.value());
  const manifest: Manifest = {
    format: 1,
    table,
    asOf,
    events: shards.reduce((total, [events]) => total + events, 0),
    entities: shards.reduce((total, [, entities]) => total + entities, 0),
    shards,
  };
  return `${JSON.stringify(manifest)}\n`;
};

/** Null when the text is no manifest. */
export const readManifest = (text: string): Manifest | null => {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
};

/** How a shard differs from what a manifest counted, for people; null when it does not. */
export const shardDifference = (manifest: Manifest, shard: number, found: ShardSum): string | null => {
  const [events, entities, sum] = found.value();
  const counted = manifest.shards[shard];
  if (counted === undefined || (counted[0] === events && counted[1] === entities && counted[2] === sum)) return null;
  if (counted[0] === events && counted[1] === entities) return `shard ${shard}: other events than were counted`;
  const by = (difference: number): string => (difference > 0 ? `+${difference}` : String(difference));
  return `shard ${shard}: ${by(events - counted[0])} events, ${by(entities - counted[1])} entities`;
};
