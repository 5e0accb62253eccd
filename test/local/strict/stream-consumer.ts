import { FaultRegistry } from '../../../local/faults/fault-registry.ts';
import type { EventSourceModel } from '../../../local/model.ts';
import { quickRetries } from '../../../local/sources/back-off.ts';
import { repeatedDelivery } from '../../../local/sources/repeated-delivery.ts';
import { ShardSet, type ShardSetOptions } from '../../../local/sources/shard-set.ts';
import { SplitStream } from '../../../local/sources/split-stream.ts';
import type { StreamRecord } from '../../../local/sources/stream-record.ts';
import type { LocalState } from '../../../local/state/local-state.ts';
import type { Strict } from '../../../local/strict.ts';
import type { Outcome } from '../../../local/workers/outcome.ts';
import { ManualClock } from '../services/manual-clock.ts';
import { type MemoryStream, memoryState } from './memory-stream.ts';

export const mapping: EventSourceModel = {
  id: 'App/Mapping',
  functionId: 'App/Function',
  kind: 'stream',
  sourceArn: 'arn:stream',
  enabled: true,
  batchSize: 10,
  batchingWindowSeconds: 0,
  filters: [],
  startingPosition: 'TRIM_HORIZON',
  bisectOnError: true,
  maximumRetries: 3,
  maximumRecordAgeSeconds: -1,
  reportBatchItemFailures: true,
  onFailureArn: null,
  maximumConcurrency: null,
};

export interface ConsumerOptions {
  readonly stream: MemoryStream;
  readonly strict: Strict | null;
  readonly handler: (records: readonly StreamRecord[]) => unknown;
  readonly state?: LocalState;
  readonly mapping?: Partial<EventSourceModel>;
  readonly clock?: ManualClock;
  readonly failed?: ShardSetOptions['failed'];
  readonly quickPause?: ShardSetOptions['quickPause'];
  readonly heaviestBatch?: number;
  readonly comesAgain?: () => boolean;
}

const answeredBy = async (handler: () => unknown): Promise<Outcome> => {
  try {
    return { kind: 'answered', payload: JSON.stringify((await handler()) ?? null) };
  } catch (error) {
    return { kind: 'failed', failure: { errorType: 'Error', errorMessage: String(error), trace: [] } };
  }
};

/** Reads a stream as an event source mapping does, with a handler in place of workers, and without waiting. */
export const consume = async (options: ConsumerOptions): Promise<void> => {
  const { stream, strict, handler } = options;
  const state = options.state ?? memoryState();
  const own = { ...mapping, ...options.mapping };
  const engine =
    strict === null
      ? stream
      : new SplitStream({
          engine: stream,
          mapping: own,
          table: { name: 'items', partitionKey: 'PK' },
          state,
          strict,
          now: () => 0,
          pause: async () => null,
        });
  const shards = new ShardSet({
    mapping: own,
    region: 'eu-central-1',
    engine,
    state,
    failed: options.failed ?? { put: () => {} },
    faults: new FaultRegistry(),
    faultTarget: null,
    clock: options.clock ?? new ManualClock(),
    invoke: (event) => answeredBy(() => handler((event as { Records: StreamRecord[] }).Records)),
    comesAgain: options.comesAgain ?? repeatedDelivery(strict, own.id),
    heaviestBatch: options.heaviestBatch ?? Infinity,
    quickPause: options.quickPause ?? (async () => {}),
    quickRetries,
  });
  await shards.drain(await engine.streamOf('items'), new AbortController().signal);
};

export const keyOf = (record: StreamRecord): string => (record.dynamodb.Keys as { PK: { S: string } }).PK.S;
export const versionOf = (record: StreamRecord): number =>
  Number((record.dynamodb.NewImage as { version: { N: string } }).version.N);
