import type { Clock } from '../../platform/clock.ts';
import type { Progress, TableShape } from '../domain/drill.ts';
import { shardOf } from '../domain/manifest.ts';
import { type ItemRecord, recordOf, recordOfRow } from './item-record.ts';
import type { Pages } from './pages.ts';
import { writeRecord } from './record-line.ts';
import { runTasks } from './run-tasks.ts';
import { type ScanPosition, scanPositionSchema, type ScanTask, tasksFor } from './scan-position.ts';
import { partOf, partsFor, Spill } from './spill.ts';
import type { WireItem } from './wire.ts';
import type { WorkFiles } from './work-store.ts';

export type Side = 'copy' | 'source';

export interface ScanPorts {
  readonly pages: Pages;
  readonly files: WorkFiles;
  readonly clock: Clock;
  /** Items a page at most; null: as many as fit. */
  readonly pageItems: number | null;
}

export interface ScanOptions {
  readonly side: Side;
  readonly tableName: string;
  readonly shape: TableShape;
  readonly drillId: string;
  readonly progress: Progress | null;
}

/** How many pages are read at once: reading is faster than what is done with what was read. */
const atOnce = 8;

/** So much waits in memory at most before it is written. */
const lettersAtMost = 64_000_000;

export const filesOf = (drillId: string, side: Side): string => `${drillId}/${side}`;

const begin = ({ side, shape }: ScanOptions): ScanPosition => ({
  parts: partsFor(shape.itemCount),
  tasks: tasksFor(shape.itemCount, side === 'copy' ? shape.indexes.length : 0),
  flushes: [],
  items: 0,
  events: 0,
  rows: 0,
  bytes: 0,
  canaries: [],
});

/**
 * Reads one side for a while, and writes a record of each item to the work files, by parts of the partitions. Indexes of the
 * copy are read too. A slice that died before its progress was kept is repeated: its files have other names than those of the
 * repetition, and are never read.
 */
export const scanSlice = async (ports: ScanPorts, options: ScanOptions, until: number): Promise<Progress> => {
  const position = options.progress === null ? begin(options) : scanPositionSchema.parse(options.progress.position);
  const slice = new Slice(ports, options, position);
  await slice.run(until);
  const { tasks } = position;
  const done = tasks.every((task) => task.done);
  return {
    done,
    share: done ? 1 : Math.min(0.99, shareOf(position, options)),
    readUnits: (options.progress?.readUnits ?? 0) + slice.readUnits,
    position: { ...position },
  };
};

const shareOf = ({ items, rows, tasks }: ScanPosition, { shape }: ScanOptions): number => {
  const ended = tasks.filter(({ done }) => done).length / tasks.length;
  return shape.itemCount === 0 ? ended : Math.max(ended, (items + rows) / (shape.itemCount * 2));
};

class Slice {
  readonly #ports: ScanPorts;
  readonly #options: ScanOptions;
  readonly #position: ScanPosition;
  readonly #spill: Spill;
  #readUnits = 0;
  /** Records that could not be written are gone, and what was read with them must be read again. */
  #lostRecords: unknown = null;
  #shardOf: readonly [string, number] = ['', 0];

  constructor(ports: ScanPorts, options: ScanOptions, position: ScanPosition) {
    this.#ports = ports;
    this.#options = options;
    this.#position = position;
    this.#spill = new Spill(ports.files, filesOf(options.drillId, options.side), position.parts);
  }

  get readUnits(): number {
    return this.#readUnits;
  }

  async run(until: number): Promise<void> {
    const { clock } = this.#ports;
    await runTasks({ tasks: this.#position.tasks, atOnce, clock, until, step: (task) => this.#page(task) });
    if (this.#lostRecords !== null) throw this.#lostRecords;
    await this.#spill.flush();
    this.#position.flushes.push(...this.#spill.flushes);
  }

  async #page(task: ScanTask): Promise<void> {
    const { tableName, shape, side } = this.#options;
    const index = task.of === 0 ? null : (shape.indexes[task.of - 1] ?? null);
    const page = await this.#ports.pages.scan({
      table: tableName,
      index: index?.name ?? null,
      segment: task.segment,
      segments: task.segments,
      only: index === null ? null : [...new Set([...shape.keys, ...index.keys])],
      limit: this.#ports.pageItems,
      after: task.after,
    });
    const options = { keys: shape.keys, indexes: side === 'copy' ? shape.indexes : [], now: this.#ports.clock.now() };
    for (const item of page.items) {
      if (index === null) this.#item(item, recordOf(item, options));
      else this.#row(recordOfRow(item, index, shape.keys));
    }
    this.#readUnits += page.readUnits;
    task.after = page.next;
    task.done = page.next === null;
    if (this.#spill.letters > lettersAtMost) await this.#flush();
  }

  async #flush(): Promise<void> {
    try {
      await this.#spill.flush();
    } catch (error) {
      this.#lostRecords = error;
      throw error;
    }
  }

  #item(item: WireItem, record: ItemRecord): void {
    this.#position.items += 1;
    if (record.kind === 'event') this.#position.events += 1;
    if (record.kind === 'canary') this.#canary(item, record);
    this.#write(record);
  }

  #row(record: ItemRecord): void {
    this.#position.rows += 1;
    this.#write(record);
  }

  #write(record: ItemRecord): void {
    // Items of one partition come one after the other.
    if (this.#shardOf[0] !== record.PK) this.#shardOf = [record.PK, shardOf(record.PK)];
    this.#spill.add(partOf(this.#shardOf[1], this.#position.parts), writeRecord(record));
  }

  #canary(item: WireItem, { PK }: ItemRecord): void {
    const [at, table, tick] = [item['at']?.S ?? '', item['table']?.S ?? '', Number(item['tick']?.N ?? 0)];
    if (this.#position.canaries.length < 64) this.#position.canaries.push({ PK, at, table, tick });
  }
}
