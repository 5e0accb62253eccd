import type { TableStream } from '../../../local/sources/split-stream.ts';
import type { EngineRecord } from '../../../local/sources/stream-record.ts';
import type { LocalState } from '../../../local/state/local-state.ts';

/** What a restart finds again. */
export const memoryState = (): LocalState => {
  const kept = new Map<string, string>();
  return { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value) };
};

/** The engine's stream as it is: one shard, records numbered from 1. */
export class MemoryStream implements TableStream {
  readonly #records: EngineRecord[] = [];
  readonly #pageSize: number;

  constructor(pageSize = 500) {
    this.#pageSize = pageSize;
  }

  get length(): number {
    return this.#records.length;
  }

  /** One write of an item: its version is in the new image. */
  write(key: string, version: number, more: object = {}): void {
    const SequenceNumber = String(this.#records.length + 1);
    this.#records.push({
      eventID: SequenceNumber,
      eventName: version === 1 ? 'INSERT' : 'MODIFY',
      dynamodb: {
        Keys: { PK: { S: key } },
        NewImage: { PK: { S: key }, version: { N: String(version) }, ...more },
        SequenceNumber,
        SizeBytes: 1,
      },
    });
  }

  close(): void {}

  async streamOf(): Promise<string> {
    return 'arn:stream';
  }

  async shards(): Promise<readonly { id: string; parentId: null }[]> {
    return [{ id: 'only', parentId: null }];
  }

  async iterator(...[, , position]: Parameters<TableStream['iterator']>): Promise<string> {
    return position.type === 'AFTER_SEQUENCE_NUMBER' ? position.sequenceNumber : '0';
  }

  async records(iterator: string): Promise<{ records: EngineRecord[]; next: string }> {
    const start = Number(iterator);
    const records = this.#records.slice(start, start + this.#pageSize);
    return { records, next: String(start + records.length) };
  }
}
