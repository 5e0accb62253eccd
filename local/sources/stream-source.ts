import { setTimeout as sleep } from 'node:timers/promises';
import type { TableModel } from '../model.ts';
import type { Services } from '../services/services.ts';
import type { ShardReaderOptions } from './shard-reader.ts';
import { ShardSet } from './shard-set.ts';
import type { Source } from './source.ts';

export interface StreamSourceOptions extends Omit<ShardReaderOptions, 'streamArn' | 'shardId' | 'signal'> {
  readonly name: string;
  readonly table: TableModel;
  readonly onTableWrite: Services['onTableWrite'];
}

/** Looks by itself so often, in case that a write was not heard of (as after a restart). */
const pollMs = 1000;
/** While writes keep coming, records gather for so long before the next read, so that batches are worth their invocation. */
const gatherMs = 40;

/**
 * One event source mapping on a table's stream: reads as soon as it hears of a write.
 */
export class StreamSource implements Source {
  readonly name: string;
  readonly #options: StreamSourceOptions;
  readonly #shards: ShardSet;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #heard = 1;
  #drained = 0;
  #wake: (() => void) | null = null;
  #unsubscribe: (() => void) | null = null;
  #looking = 0;

  constructor(options: StreamSourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#shards = new ShardSet(options);
  }

  start(): void {
    this.#stopping = new AbortController();
    // What was written while it stood still was not heard.
    this.#heard += 1;
    this.#unsubscribe?.();
    this.#unsubscribe = this.#options.onTableWrite((tableName) => {
      if (tableName !== this.#options.table.name) return;
      this.#heard += 1;
      this.#wake?.();
    });
    this.#running = this.#run(this.#stopping.signal);
  }

  /** While nobody reads: sees when records are written, so that they grow old. */
  standBy(): void {
    const { engine, table, onTableWrite } = this.#options;
    this.#unsubscribe = onTableWrite((tableName) => {
      if (tableName !== table.name || engine.lookOn === undefined) return;
      this.#looking += 1;
      void engine
        .lookOn(table.name)
        .catch((error: unknown) => console.error(`${this.name}: ${String(error)}`))
        .finally(() => {
          this.#looking -= 1;
        });
    });
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#stopping.abort();
    this.#wake?.();
    await this.#running;
    this.#options.engine.close();
    this.#shards.clear();
  }

  busy(): boolean {
    if (this.#looking > 0) return true;
    return !this.#stopping.signal.aborted && this.#drained < this.#heard && !this.#shards.waiting;
  }

  describe(): string {
    const left = this.#heard - this.#drained;
    return left === 0 ? 'drained' : `${left} writes behind`;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let streamArn: string | null = null;
    while (!signal.aborted) {
      const heard = this.#heard;
      try {
        streamArn ??= await this.#options.engine.streamOf(this.#options.table.name);
        await this.#shards.drain(streamArn, signal);
        this.#drained = heard;
      } catch (error) {
        if (!signal.aborted) console.error(`${this.name}: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pollMs, null, { signal }).catch(() => null);
      }
      if (signal.aborted) return;
      if (this.#heard === heard) await this.#nextWrite();
      else await sleep(gatherMs, null, { signal }).catch(() => null);
    }
  }

  #nextWrite(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}
