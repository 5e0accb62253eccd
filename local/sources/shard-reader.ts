import { setTimeout as sleep } from 'node:timers/promises';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { waitUntil } from '../clock/wait-until.ts';
import type { Faults, FaultTarget } from '../faults/faults.ts';
import type { EventSourceModel } from '../model.ts';
import { matchesPattern } from '../pattern.ts';
import type { LocalState } from '../state/local-state.ts';
import type { CrashPoint } from '../workers/function-pool.ts';
import type { Outcome } from '../workers/outcome.ts';
import { virtualWaitMs } from './back-off.ts';
import { batchesOf } from './batch-payload.ts';
import type { FailedRecords } from './failed-records.ts';
import type { TableStream } from './split-stream.ts';
import { type BatchActions, deliverBatch } from './stream-batches.ts';
import type { Position } from './stream-engine.ts';
import { type StreamRecord, streamRecord } from './stream-record.ts';

export interface ShardReaderOptions {
  readonly mapping: EventSourceModel;
  readonly region: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly engine: TableStream;
  readonly state: LocalState;
  readonly failed: FailedRecords;
  readonly faults: Faults;
  /** Null when no fault target names this mapping. */
  readonly faultTarget: FaultTarget | null;
  readonly clock: VirtualClock;
  readonly signal: AbortSignal;
  readonly invoke: (event: unknown, crash: CrashPoint) => Promise<Outcome>;
  /** Whether the delivery that just went well comes once more. */
  readonly comesAgain: () => boolean;
  /** The most that the records of a batch weigh, in bytes. */
  readonly heaviestBatch: number;
  /** Retries by the wall clock, before a record that goes on failing waits in virtual time. */
  readonly quickRetries: number;
  /** Waits before a quick retry. */
  readonly quickPause: (attempts: number, signal: AbortSignal) => Promise<void>;
}

const faultDelayMs = 1000;

/** Reads one shard for one mapping, from its checkpoint on, one batch at a time. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  readonly #checkpointKey: string;
  #iterator: string | null = null;
  #waiting = false;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#checkpointKey = `checkpoint ${options.mapping.id} ${options.streamArn} ${options.shardId}`;
  }

  /** Waiting for a later virtual instant: not busy, although records are left. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Delivers what is there now. Answers whether the shard goes on: false at its end, or when the source stops. */
  async drain(): Promise<boolean> {
    const { engine, streamArn, shardId, signal } = this.#options;
    while (!signal.aborted) {
      this.#iterator ??= await engine.iterator(streamArn, shardId, this.#position());
      const { records, next } = await engine.records(this.#iterator);
      if (records.length > 0) {
        const delivered = await this.#deliver(records.map((record) => this.#shape(record)));
        if (!delivered) {
          this.#iterator = null;
          return false;
        }
      }
      this.#iterator = next;
      if (next === null) return false;
      if (records.length === 0) return true;
    }
    return false;
  }

  #position(): Position {
    const sequenceNumber = this.#options.state.get(this.#checkpointKey);
    if (sequenceNumber === null) return { type: this.#options.mapping.startingPosition ?? 'TRIM_HORIZON' };
    return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
  }

  #shape(record: Parameters<typeof streamRecord>[0]): StreamRecord {
    const { mapping, region, clock } = this.#options;
    return streamRecord(record, { arn: mapping.sourceArn, region, readAt: clock.now() });
  }

  /** Filtered records are passed by without an invocation. */
  async #deliver(records: readonly StreamRecord[]): Promise<boolean> {
    const { mapping } = this.#options;
    const wanted = records.filter(
      (record) => mapping.filters.length === 0 || mapping.filters.some((filter) => matchesPattern(filter, record)),
    );
    for (const batch of batchesOf(wanted, { count: mapping.batchSize, bytes: this.#options.heaviestBatch })) {
      if (!(await deliverBatch(batch, mapping, this.#actions()))) return false;
    }
    const last = records.at(-1);
    if (last !== undefined) this.#checkpoint(last);
    return true;
  }

  #checkpoint(record: StreamRecord): void {
    this.#options.state.set(this.#checkpointKey, record.dynamodb.SequenceNumber);
  }

  #actions(): BatchActions {
    const { failed, shardId, clock } = this.#options;
    return {
      invoke: (records) => this.#invoke(records),
      checkpoint: (record) => this.#checkpoint(record),
      giveUp: (records, reason, attempts) => failed.put({ records, shardId, reason, attempts, now: clock.now() }),
      backOff: (attempts) => this.#backOff(attempts),
      now: () => clock.now(),
    };
  }

  /** The faults of a stream strike around one delivery. */
  async #invoke(records: readonly StreamRecord[]): Promise<Outcome> {
    const { faults, faultTarget, invoke, comesAgain, signal } = this.#options;
    if (signal.aborted) return { kind: 'throttled' };
    const event = { Records: records };
    const fault =
      faultTarget === null
        ? null
        : faults.take(faultTarget, ['throttle', 'delay', 'duplicate', 'crash-before', 'crash-after']);
    if (fault === 'throttle') return { kind: 'throttled' };
    if (fault === 'delay') await sleep(faultDelayMs);
    if (fault === 'duplicate') await invoke(event, null);
    const outcome = await invoke(event, fault === 'crash-before' ? 'before' : fault === 'crash-after' ? 'after' : null);
    return outcome.kind === 'answered' && comesAgain() ? invoke(event, null) : outcome;
  }

  async #backOff(attempts: number): Promise<boolean> {
    const { signal, clock, quickPause, quickRetries } = this.#options;
    if (attempts <= quickRetries) await quickPause(attempts, signal);
    else {
      this.#waiting = true;
      await waitUntil(clock, clock.now() + virtualWaitMs, signal);
      this.#waiting = false;
    }
    return !signal.aborted;
  }
}
