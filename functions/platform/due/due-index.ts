/**
 * The due index is the only timer (DESIGN section 4): an item that needs attention later carries these attributes, and the
 * sparse index `due` lists it until they are removed.
 */
export const dueIndexName = 'due';
export const dueShards = 8;

/** Which queue its hint takes: what is critical never waits behind the rest, and neither behind a drill, which works for minutes. */
export const dueLanes = ['critical', 'rest', 'drills'] as const;
export type DueLane = (typeof dueLanes)[number];

export interface DueAttributes {
  readonly dueShard: number;
  readonly dueAt: string;
  readonly dueLane: DueLane;
}

/** FNV-1a over the key: spreads due items evenly over the shards. */
export const dueShardOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % dueShards;
};

/** The attributes of an item due at `at`; none at all when `at` is null, which takes it out of the index. */
export const dueAttributes = (key: string, at: string | null, lane: DueLane): DueAttributes | Record<string, never> =>
  at === null ? {} : { dueShard: dueShardOf(key), dueAt: at, dueLane: lane };
