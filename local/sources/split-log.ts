import type { StreamEngine } from './stream-engine.ts';
import type { PlannedShard, ShardPlace, ShardPlan } from './shard-plan.ts';
import type { EngineRecord } from './stream-record.ts';

/** A record of the engine with its place in the engine's log. */
export interface LoggedRecord {
  readonly sequence: number;
  readonly record: EngineRecord;
  /** Virtual ms at which it was read, moments after its write. */
  readonly at: number;
}

export interface SplitLogOptions {
  readonly engine: Pick<StreamEngine, 'shards' | 'iterator' | 'records'>;
  readonly streamArn: string;
  readonly plan: ShardPlan;
  readonly partitionKeyOf: (record: EngineRecord) => string;
  /** Nothing up to here is needed any more. */
  readonly after: number;
  /** Virtual time in ms. */
  readonly now: () => number;
}

/** A stream keeps its records for so long: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const keptMs = 24 * 3_600_000;

const nameOf = ({ branch, generation }: ShardPlace): string => `${branch}.${generation}`;

/** The engine's one shard, read once from front to back and dealt out to the shards of a plan. */
export class SplitLog {
  readonly #options: SplitLogOptions;
  readonly #dealt = new Map<string, LoggedRecord[]>();
  #iterator: string | null = null;
  #highest: number;
  #reading: Promise<void> | null = null;

  constructor(options: SplitLogOptions) {
    this.#options = options;
    this.#highest = options.after;
  }

  /** Position of the last record that the engine was seen to have. */
  get highest(): number {
    return this.#highest;
  }

  /** Reads what the engine has by now. Who asks in the meantime shares the reading. */
  readOn(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** The records of a shard that were seen behind a position, those older than a day no longer. */
  behind(shard: PlannedShard, sequence: number): readonly LoggedRecord[] {
    const oldest = this.#options.now() - keptMs;
    return (this.#dealt.get(nameOf(shard)) ?? []).filter((one) => one.sequence > sequence && one.at >= oldest);
  }

  forget(shard: PlannedShard): void {
    this.#dealt.delete(nameOf(shard));
  }

  async #read(): Promise<void> {
    const { engine } = this.#options;
    for (;;) {
      this.#iterator ??= await this.#open();
      if (this.#iterator === null) return;
      const { records, next } = await engine.records(this.#iterator);
      for (const record of records) this.#deal(record);
      if (next !== null) this.#iterator = next;
      if (records.length === 0 || next === null) return;
    }
  }

  async #open(): Promise<string | null> {
    const { engine, streamArn, after } = this.#options;
    const [only] = await engine.shards(streamArn);
    if (only === undefined) return null;
    return engine.iterator(
      streamArn,
      only.id,
      after === 0 ? { type: 'TRIM_HORIZON' } : { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: String(after) },
    );
  }

  #deal(record: EngineRecord): void {
    const { plan, partitionKeyOf } = this.#options;
    const sequence = Number(record.dynamodb.SequenceNumber);
    if (sequence <= this.#highest) return;
    this.#highest = sequence;
    const name = nameOf(plan.placeOf(partitionKeyOf(record), sequence));
    const dealt = this.#dealt.get(name);
    const logged = { sequence, record, at: this.#options.now() };
    if (dealt === undefined) this.#dealt.set(name, [logged]);
    else dealt.push(logged);
  }
}
