import { createHash } from 'node:crypto';
import { wholeOf } from '../chance.ts';

export interface ShardPlace {
  readonly branch: string;
  /** How many shards of the branch came before. */
  readonly generation: number;
}

/** One shard of a split stream: the engine's records from `first` to `last` whose keys fall into its branch. */
export interface PlannedShard extends ShardPlace {
  readonly id: string;
  readonly parentId: string | null;
  readonly first: number;
  readonly last: number;
}

const roots = ['0', '1', '2', '3'];
/** A shard closes once its table has seen so many records more. */
const life = { least: 20, most: 80 };
/** A root is followed by single children so often before it splits in two for good. */
const generationsBeforeSplit = { least: 1, most: 4 };

/**
 * Which shards a stream has, by seed and position alone, so that a restart finds the same ones: four roots by hash of the
 * partition key, each rolling after a seeded number of records, and splitting in two (one parent, two children) at a seeded
 * generation. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.Processing
 */
export class ShardPlan {
  readonly #seed: number;
  readonly #table: string;
  readonly #lasts = new Map<string, number[]>();

  constructor(seed: number, table: string) {
    this.#seed = seed;
    this.#table = table;
  }

  /** Every branch, parents first. */
  branches(): readonly string[] {
    return [...roots, ...roots.flatMap((root) => [`${root}a`, `${root}b`])];
  }

  /** The shard of a branch, or null after the generation that has split. */
  shard(branch: string, generation: number): PlannedShard | null {
    const root = branch.slice(0, 1);
    if (branch === root && generation >= this.#generations(root)) return null;
    const parent =
      generation > 0
        ? { branch, generation: generation - 1 }
        : { branch: root, generation: this.#generations(root) - 1 };
    const isRoot = branch === root && generation === 0;
    return {
      id: this.#idOf(branch, generation),
      parentId: isRoot ? null : this.#idOf(parent.branch, parent.generation),
      branch,
      generation,
      first: isRoot ? 1 : this.#lastOf(parent.branch, parent.generation) + 1,
      last: this.#lastOf(branch, generation),
    };
  }

  /** Where a record goes, by its partition key and its position in the engine's log. */
  placeOf(key: string, sequence: number): ShardPlace {
    const hash = createHash('md5').update(key).digest();
    const root = roots[hash.readUInt32BE(0) % roots.length] ?? '0';
    const half = `${root}${hash.readUInt32BE(4) % 2 === 0 ? 'a' : 'b'}`;
    const branch = sequence <= this.#lastOf(root, this.#generations(root) - 1) ? root : half;
    return { branch, generation: this.#generationAt(branch, sequence) };
  }

  /** The first generation of a branch that reaches as far as the position. */
  #generationAt(branch: string, sequence: number): number {
    let high = 1;
    while (this.#lastOf(branch, high) < sequence) high *= 2;
    let low = 0;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#lastOf(branch, middle) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #generations(root: string): number {
    return wholeOf(generationsBeforeSplit, this.#seed, this.#table, 'split', root);
  }

  #lastOf(branch: string, generation: number): number {
    const lasts = this.#lasts.get(branch) ?? [];
    this.#lasts.set(branch, lasts);
    while (lasts.length <= generation) {
      const root = branch.slice(0, 1);
      const begun = branch === root ? 0 : this.#lastOf(root, this.#generations(root) - 1);
      lasts.push((lasts.at(-1) ?? begun) + wholeOf(life, this.#seed, this.#table, branch, lasts.length));
    }
    return lasts[generation] ?? 0;
  }

  #idOf(branch: string, generation: number): string {
    const hash = createHash('sha256').update(`${this.#seed} ${this.#table} ${branch} ${generation}`).digest();
    return `shardId-${hash.readBigUInt64BE(0).toString().padStart(20, '0')}-${hash.toString('hex', 8, 12)}`;
  }
}
