import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Progress } from '../domain/drill.ts';
import type { Integrity } from '../domain/integrity.ts';
import { type Manifest, shardCount, shardDifference, shardOf, ShardSum } from '../domain/manifest.ts';
import { type CanaryFindings, lookAtCanaries, olderMs, settleMs } from './canaries.ts';
import { comparePartition } from './compare-entity.ts';
import { compareForeign, type Instants, type PartitionResult, type Sides } from './compare-partition.ts';
import {
  beginComparison,
  type CompareAction,
  type ComparePosition,
  comparePositionSchema,
  note,
  noteFindings,
} from './compare-position.ts';
import { integrityOf } from './integrity-report.ts';
import { type ItemRecord, recordOf } from './item-record.ts';
import { readRecord } from './record-line.ts';
import { schemaDifferences } from './schema-differences.ts';
import { filesOf, type ScanPorts } from './scan.ts';
import { type ScanPosition, scanPositionSchema } from './scan-position.ts';
import { partOf, readPart, ScanFileDamaged } from './spill.ts';
import { keyValue, type WireItem } from './wire.ts';

export interface ComparePorts extends ScanPorts {
  readonly client: DynamoDBDocumentClient;
}

/** Partitions that are read again before anything is said against them; what is beyond is believed. */
const confirmedAtMost = 100;

/** A partition that is larger than so many pages is not read again. */
const pagesAtMost = 20;

/** Compares part by part for a while; the last slice says what it came to. */
export const compareSlice = async (
  ports: ComparePorts,
  action: CompareAction,
  manifest: Manifest | null,
  until: number,
): Promise<{ readonly progress: Progress; readonly integrity: Integrity | null }> => {
  const position = action.progress === null ? beginComparison() : comparePositionSchema.parse(action.progress.position);
  const comparison = new Comparison(ports, action, manifest, position);
  const done = await comparison.run(until);
  return {
    progress: {
      done,
      share: done ? 1 : position.part / comparison.parts,
      readUnits: (action.progress?.readUnits ?? 0) + comparison.readUnits,
      position: { ...position },
    },
    integrity: done ? comparison.integrity() : null,
  };
};

interface Partition {
  readonly copy: ItemRecord[];
  readonly source: ItemRecord[];
  readonly rows: ItemRecord[];
}

class Comparison {
  readonly #ports: ComparePorts;
  readonly #action: CompareAction;
  readonly #manifest: Manifest | null;
  readonly #position: ComparePosition;
  readonly #copy: ScanPosition;
  readonly #source: ScanPosition;
  readonly #canaries: CanaryFindings;
  readonly #instants: Instants;
  readUnits = 0;

  constructor(ports: ComparePorts, action: CompareAction, manifest: Manifest | null, position: ComparePosition) {
    this.#ports = ports;
    this.#action = action;
    this.#manifest = manifest;
    this.#position = position;
    this.#copy = scanPositionSchema.parse(action.copyScan.position);
    this.#source = scanPositionSchema.parse(action.sourceScan.position);
    const createdAt = Date.parse(action.recoveryPoint.createdAt);
    const declaredAt = Date.parse(action.declaredAt);
    this.#canaries = lookAtCanaries(this.#copy.canaries, { table: action.source.tableName, createdAt, declaredAt });
    const { oldestAt } = this.#canaries;
    this.#instants = { declaredAt, certainAt: oldestAt === null ? createdAt - olderMs : oldestAt - settleMs };
  }

  get parts(): number {
    return this.#copy.parts;
  }

  /** Works until the time is over, one part at least; true when nothing is left. */
  async run(until: number): Promise<boolean> {
    const { clock } = this.#ports;
    const began = clock.now();
    const stopAt = until - Math.max(0, (until - began) * 0.1);
    if (!this.#action.copyScan.done || !this.#action.sourceScan.done) return this.#give('a scan was cut short');
    if (this.#copy.parts !== this.#source.parts) return this.#give('the scans are in different parts');
    this.#position.schema ??= await schemaDifferences(
      this.#ports.client,
      this.#action.scratchTable,
      this.#action.source,
    );
    try {
      for (let first = true; this.#position.part < this.parts; first = false) {
        if (!first && clock.now() >= stopAt) return false;
        await this.#part(this.#position.part);
        this.#position.part += 1;
      }
    } catch (error) {
      if (error instanceof ScanFileDamaged) return this.#give(error.message);
      throw error;
    }
    return true;
  }

  integrity(): Integrity {
    return integrityOf({
      action: this.#action,
      manifest: this.#manifest,
      position: this.#position,
      copy: this.#copy,
      source: this.#source,
      canaries: this.#canaries,
      instants: this.#instants,
    });
  }

  #give(why: string): boolean {
    this.#position.void = why;
    return true;
  }

  async #part(part: number): Promise<void> {
    const { files } = this.#ports;
    const { drillId } = this.#action;
    const copy = await readPart(files, filesOf(drillId, 'copy'), this.#copy.flushes, part);
    const source = await readPart(files, filesOf(drillId, 'source'), this.#source.flushes, part);
    this.#position.copyLines += copy.length;
    this.#position.sourceLines += source.length;
    const sums = new Map<number, ShardSum>();
    for (const [PK, partition] of partitionsOf(copy, source)) {
      if (this.#manifest !== null) this.#sum(sums, PK, partition.copy, this.#manifest);
      await this.#partition(PK, partition);
    }
    if (this.#manifest !== null) this.#shards(part, sums, this.#manifest);
  }

  async #partition(PK: string, partition: Partition): Promise<void> {
    const position = this.#position;
    let result = this.#compared({ PK, ...partition });
    if (result.findings.length > 0 && position.confirmed < confirmedAtMost) {
      const again = await this.#readAgain(PK, partition);
      if (again !== null) {
        position.confirmed += 1;
        if (!this.#action.own && digestsOf(again.source) !== digestsOf(partition.source)) position.moved += 1;
        result = this.#compared({ PK, ...partition, ...again });
      }
    }
    position.compared += result.compared;
    position.explained += result.explained;
    position.lost += result.lost;
    if (partition.copy.some(({ kind }) => kind === 'head')) position.entities += 1;
    if (result.oldestLostAt !== null)
      position.oldestLostAt = Math.min(result.oldestLostAt, position.oldestLostAt ?? result.oldestLostAt);
    noteFindings(position, result.findings);
  }

  #compared(sides: Sides): PartitionResult {
    return this.#action.own ? comparePartition(sides, this.#instants) : compareForeign(sides);
  }

  /** Both sides as they are now, consistently: a scan that was behind, or saw half of a change, accuses nobody. */
  async #readAgain(
    PK: string,
    { copy, source, rows }: Partition,
  ): Promise<{ readonly copy: readonly ItemRecord[]; readonly source: readonly ItemRecord[] } | null> {
    const { source: shape, scratchTable } = this.#action;
    const key = { name: shape.keys[0] ?? '', value: keyValue(PK) };
    if (copy.length + source.length + rows.length > 50_000) return null;
    const now = await this.#wholePartition(scratchTable, key);
    const then = await this.#wholePartition(shape.tableName, key);
    if (now === null || then === null) return null;
    const options = { keys: shape.keys, now: this.#ports.clock.now() };
    return {
      copy: now.map((item) => recordOf(item, { ...options, indexes: shape.indexes })),
      source: then.map((item) => recordOf(item, { ...options, indexes: [] })),
    };
  }

  async #wholePartition(
    table: string,
    key: { readonly name: string; readonly value: WireItem[string] },
  ): Promise<readonly WireItem[] | null> {
    const items: WireItem[] = [];
    let after: WireItem | null = null;
    for (let pages = 0; pages < pagesAtMost; pages += 1) {
      const page = await this.#ports.pages.partition({ table, key, after });
      items.push(...page.items);
      this.readUnits += page.readUnits;
      after = page.next;
      if (after === null) return items;
    }
    return null;
  }

  #sum(sums: Map<number, ShardSum>, PK: string, copy: readonly ItemRecord[], { asOf }: Manifest): void {
    const until = Date.parse(asOf);
    const shard = shardOf(PK);
    const sum = sums.get(shard) ?? new ShardSum();
    for (const { kind, instant, version, hash } of copy) {
      if (kind === 'event' && instant !== null && instant <= until) sum.add(PK, version, hash);
    }
    sums.set(shard, sum);
  }

  #shards(part: number, sums: ReadonlyMap<number, ShardSum>, manifest: Manifest): void {
    for (let shard = 0; shard < shardCount; shard += 1) {
      if (partOf(shard, this.parts) !== part) continue;
      this.#position.shardsCompared += 1;
      const difference = shardDifference(manifest, shard, sums.get(shard) ?? new ShardSum());
      if (difference !== null) note(this.#position.shards, difference);
    }
  }
}

const digestsOf = (records: readonly ItemRecord[]): string =>
  records
    .map(({ SK, digest }) => JSON.stringify([SK, digest]))
    .toSorted()
    .join();

const partitionsOf = (copy: readonly string[], source: readonly string[]): ReadonlyMap<string, Partition> => {
  const found = new Map<string, Partition>();
  const at = (PK: string): Partition => {
    const known = found.get(PK);
    if (known !== undefined) return known;
    const made: Partition = { copy: [], source: [], rows: [] };
    found.set(PK, made);
    return made;
  };
  for (const line of copy) {
    const record = read(line);
    (record.kind === 'row' ? at(record.PK).rows : at(record.PK).copy).push(record);
  }
  for (const line of source) {
    const record = read(line);
    at(record.PK).source.push(record);
  }
  return found;
};

const read = (line: string): ItemRecord => {
  try {
    return readRecord(line);
  } catch (error) {
    throw new ScanFileDamaged(error instanceof Error ? error.message : String(error));
  }
};
