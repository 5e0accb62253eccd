import * as z from 'zod';
import { chanceOf, wholeOf } from '../chance.ts';
import type { EventSourceModel, TableModel } from '../model.ts';
import type { LocalState } from '../state/local-state.ts';
import type { Strict } from '../strict.ts';
import { LongSequence } from './long-sequence.ts';
import { type PlannedShard, ShardPlan } from './shard-plan.ts';
import { type LoggedRecord, SplitLog } from './split-log.ts';
import { type Position, type Shard, type StreamEngine, StreamEngineError } from './stream-engine.ts';
import type { EngineRecord } from './stream-record.ts';

/** What reads a table's stream: the engine itself, or a layer in front of it. */
export interface TableStream extends Pick<StreamEngine, 'close' | 'streamOf' | 'shards' | 'iterator' | 'records'> {
  /** Looks what is new, so that its age is known, although nobody reads it: what is kept for a day only is lost then. */
  readonly lookOn?: (tableName: string) => Promise<void>;
}

export interface SplitStreamOptions {
  readonly engine: TableStream;
  readonly mapping: Pick<EventSourceModel, 'id' | 'startingPosition'>;
  readonly table: Pick<TableModel, 'name' | 'partitionKey'>;
  readonly state: LocalState;
  readonly strict: Strict;
  /** Virtual time in ms. */
  readonly now: () => number;
  /** Waits for wall time. */
  readonly pause: (ms: number) => Promise<unknown>;
}

const pageSize = 100;
/** A shard lags behind the others for so long when it is read, so that none keeps in step with another. */
const lagMs = { least: 0, most: 15 };
/** Of the shards that have rolled, so many send their last records again before their children are read. */
const repeatedShare = 0.5;
const repeatedRecords = { least: 1, most: 10 };

const keysSchema = z.record(z.string(), z.unknown());

/** Where a reader of a shard stands: behind which position, and whether the last records have come again yet. */
interface Place {
  readonly shardId: string;
  readonly after: number;
  readonly repeated: boolean;
}

const iteratorOf = ({ shardId, after, repeated }: Place): string =>
  `${shardId} ${after} ${repeated ? 'again' : 'once'}`;
const placeOf = (iterator: string): Place => {
  const [shardId = '', after, repeated] = iterator.split(' ');
  return { shardId, after: Number(after), repeated: repeated === 'again' };
};

/**
 * The engine's stream of one shard as DynamoDB would keep it: several shards that roll and split, sequence numbers that are
 * no numbers, the last records of a rolled shard twice. Order holds within a partition key and nowhere else.
 * Which record goes where is decided by seed and position (`ShardPlan`); kept is only how many shards of each branch are read
 * to their end, and only once everything in them is checkpointed. Killed at any point, the next start reads what is left.
 */
export class SplitStream implements TableStream {
  readonly #options: SplitStreamOptions;
  readonly #open = new Map<string, PlannedShard>();
  #stream: { arn: string; plan: ShardPlan; log: SplitLog } | null = null;
  #listed = 0;

  constructor(options: SplitStreamOptions) {
    this.#options = options;
    if (options.mapping.startingPosition === 'LATEST')
      throw new StreamEngineError(`${options.mapping.id}: the strict profile reads streams from TRIM_HORIZON only`);
  }

  close(): void {
    this.#options.engine.close();
    this.#open.clear();
    this.#stream = null;
  }

  streamOf(tableName: string): Promise<string> {
    return this.#options.engine.streamOf(tableName);
  }

  async lookOn(tableName: string): Promise<void> {
    await this.#streamAt(await this.streamOf(tableName)).log.readOn();
  }

  /** What is not yet read to its end, in a seeded order: other each time, and no sign of age. */
  async shards(streamArn: string): Promise<readonly Shard[]> {
    const { plan, log } = this.#streamAt(streamArn);
    await log.readOn();
    for (const branch of plan.branches()) {
      for (let generation = this.#done(streamArn, branch); ; generation += 1) {
        const shard = plan.shard(branch, generation);
        if (shard === null || (shard.parentId !== null && log.highest < shard.first)) break;
        this.#open.set(shard.id, shard);
        if (log.highest <= shard.last) break;
      }
    }
    this.#listed += 1;
    const { seed } = this.#options.strict;
    const rank = ({ id }: PlannedShard): number => chanceOf(seed, 'order', this.#listed, id);
    return [...this.#open.values()].toSorted((one, other) => rank(one) - rank(other));
  }

  async iterator(_streamArn: string, shardId: string, position: Position): Promise<string> {
    const shard = this.#find(shardId);
    const after =
      position.type === 'AFTER_SEQUENCE_NUMBER'
        ? new LongSequence(this.#options.strict.seed, shard).sequenceOf(position.sequenceNumber)
        : shard.first - 1;
    return iteratorOf({ shardId, after, repeated: false });
  }

  async records(iterator: string): Promise<{ records: EngineRecord[]; next: string | null }> {
    const { seed } = this.#options.strict;
    const place = placeOf(iterator);
    const shard = this.#find(place.shardId);
    const { log } = this.#current();
    if (log.behind(shard, place.after).length === 0) await log.readOn();
    const page = log.behind(shard, place.after).slice(0, pageSize);
    const last = page.at(-1);
    if (last !== undefined) {
      await this.#options.pause(wholeOf(lagMs, seed, 'lag', iterator));
      return { records: this.#shown(shard, page), next: iteratorOf({ ...place, after: last.sequence }) };
    }
    if (log.highest <= shard.last) return { records: [], next: iterator };
    // Who asks behind the last record of a closed shard has checkpointed all of them.
    const again = place.repeated ? [] : this.#lastRecords(shard);
    if (again.length > 0) return { records: this.#shown(shard, again), next: iteratorOf({ ...place, repeated: true }) };
    this.#finish(shard);
    return { records: [], next: null };
  }

  #lastRecords(shard: PlannedShard): readonly LoggedRecord[] {
    const { seed } = this.#options.strict;
    if (chanceOf(seed, 'repeat', shard.id) >= repeatedShare) return [];
    return this.#current()
      .log.behind(shard, shard.first - 1)
      .slice(-wholeOf(repeatedRecords, seed, 'repeated', shard.id));
  }

  #shown(shard: PlannedShard, page: readonly LoggedRecord[]): EngineRecord[] {
    const numbers = new LongSequence(this.#options.strict.seed, shard);
    return page.map(({ sequence, record, at }) => ({
      ...record,
      writtenAt: at,
      dynamodb: { ...record.dynamodb, SequenceNumber: numbers.textOf(sequence) },
    }));
  }

  #finish(shard: PlannedShard): void {
    const { arn, log } = this.#current();
    this.#options.state.set(this.#doneKey(arn, shard.branch), String(shard.generation + 1));
    this.#open.delete(shard.id);
    log.forget(shard);
  }

  #streamAt(arn: string): { arn: string; plan: ShardPlan; log: SplitLog } {
    if (this.#stream?.arn === arn) return this.#stream;
    const { engine, strict, table, now } = this.#options;
    const plan = new ShardPlan(strict.seed, table.name);
    const firsts = plan.branches().flatMap((branch) => plan.shard(branch, this.#done(arn, branch))?.first ?? []);
    const partitionKeyOf = ({ dynamodb }: EngineRecord): string =>
      JSON.stringify(keysSchema.parse(dynamodb.Keys)[table.partitionKey]);
    const log = new SplitLog({ engine, streamArn: arn, plan, partitionKeyOf, after: Math.min(...firsts) - 1, now });
    this.#open.clear();
    this.#stream = { arn, plan, log };
    return this.#stream;
  }

  #current(): { arn: string; plan: ShardPlan; log: SplitLog } {
    if (this.#stream === null) throw new StreamEngineError('records are asked for before any shard was listed');
    return this.#stream;
  }

  #find(shardId: string): PlannedShard {
    const shard = this.#open.get(shardId);
    if (shard === undefined) throw new StreamEngineError(`no shard ${shardId} is left to read`);
    return shard;
  }

  #done(streamArn: string, branch: string): number {
    return Number(this.#options.state.get(this.#doneKey(streamArn, branch)) ?? 0);
  }

  #doneKey(streamArn: string, branch: string): string {
    const { mapping, strict } = this.#options;
    return `shards read ${mapping.id} ${streamArn} ${strict.seed} ${branch}`;
  }
}
