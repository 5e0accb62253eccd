import { ShardReader, type ShardReaderOptions } from './shard-reader.ts';

export type ShardSetOptions = Omit<ShardReaderOptions, 'streamArn' | 'shardId' | 'signal'>;

/**
 * The shards of one stream that one mapping reads: in parallel, a child only after its parent's end, so that order holds
 * per item. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export class ShardSet {
  readonly #options: ShardSetOptions;
  readonly #readers = new Map<string, ShardReader>();
  readonly #draining = new Set<ShardReader>();
  readonly #ended = new Set<string>();

  constructor(options: ShardSetOptions) {
    this.#options = options;
  }

  /** Whether all that is left waits for a later virtual instant. */
  get waiting(): boolean {
    return this.#draining.size > 0 && [...this.#draining].every((reader) => reader.waiting);
  }

  clear(): void {
    this.#readers.clear();
    this.#ended.clear();
  }

  /** Delivers what all shards have now, and what the children have of those that end. */
  async drain(streamArn: string, signal: AbortSignal): Promise<void> {
    if (this.#readers.size === 0) await this.#findShards(streamArn, signal);
    const going = await Promise.all(
      [...this.#readers].map(async ([shardId, reader]) => ({ shardId, goesOn: await this.#drainOne(reader) })),
    );
    if (signal.aborted) return;
    const ended = going.filter(({ goesOn }) => !goesOn);
    for (const { shardId } of ended) {
      this.#readers.delete(shardId);
      this.#ended.add(shardId);
    }
    if (ended.length === 0) return;
    await this.#findShards(streamArn, signal);
    if (this.#readers.size > 0) await this.drain(streamArn, signal);
  }

  async #drainOne(reader: ShardReader): Promise<boolean> {
    this.#draining.add(reader);
    try {
      return await reader.drain();
    } finally {
      this.#draining.delete(reader);
    }
  }

  /** Opens the shards that have not been read to their end and whose parent has, or is no longer there. */
  async #findShards(streamArn: string, signal: AbortSignal): Promise<void> {
    const shards = await this.#options.engine.shards(streamArn);
    for (const { id, parentId } of shards) {
      const parentOpen =
        parentId !== null && shards.some((shard) => shard.id === parentId) && !this.#ended.has(parentId);
      if (this.#ended.has(id) || this.#readers.has(id) || parentOpen) continue;
      this.#readers.set(id, new ShardReader({ ...this.#options, streamArn, shardId: id, signal }));
    }
  }
}
