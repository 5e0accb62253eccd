import type { DatabaseSync } from 'node:sqlite';
import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import { numberOf } from '../../../state/row.ts';
import type { EngineReader, TableCopy } from './engine-reader.ts';

/** Point-in-time recovery reaches back for so long: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html */
const keptDays = 35;
const dayMs = 86_400_000;

/**
 * States of the past, from the engine's own log: it keeps the old image of each write to a table with a stream. The log knows
 * wall time only, so its position is noted before the first write of each second of virtual time. A table is taken back to a
 * second by undoing what was written since that note: every write answered before the second is in the state, and none that
 * began in it or later.
 */
export class PastStates {
  readonly #file: DatabaseSync;
  readonly #reader: EngineReader;
  readonly #clock: VirtualClock;
  #noted = -1;

  constructor(options: { readonly file: DatabaseSync; readonly reader: EngineReader; readonly clock: VirtualClock }) {
    this.#file = options.file;
    this.#reader = options.reader;
    this.#clock = options.clock;
  }

  /** To be called before each write. */
  beforeWrite(): void {
    const second = Math.floor(this.#clock.now() / 1000);
    if (second === this.#noted) return;
    this.#noted = second;
    this.#file
      .prepare('INSERT OR IGNORE INTO marks (second, position) VALUES (?, ?)')
      .run(second, this.#reader.log().last);
    this.#file.prepare('DELETE FROM marks WHERE second < ?').run(second - (keptDays * dayMs) / 1000);
  }

  /** The earliest second that can be restored of a table whose past is kept since an instant. */
  earliest(since: number): number {
    const { first } = this.#reader.log();
    // A note is of use when the log still has everything behind it.
    const select = 'SELECT MIN(second) AS second FROM marks WHERE position >= ?';
    const row = this.#file.prepare(select).get(first - 1);
    const noted = row === undefined || row['second'] === null ? 0 : numberOf(row, 'second') * 1000;
    const trimmed = first > 1 ? noted : 0;
    const oldest = this.#clock.now() - keptDays * dayMs;
    return Math.ceil(Math.max(since, trimmed, oldest) / 1000) * 1000;
  }

  /** The items of a table at a whole second. */
  at(tableName: string, instant: number): TableCopy {
    const select = 'SELECT position FROM marks WHERE second >= ? ORDER BY second LIMIT 1';
    const mark = this.#file.prepare(select).get(Math.floor(instant / 1000));
    // Nobody has written since.
    if (mark === undefined) return this.#reader.copy(tableName);
    const { items, changes } = this.#reader.copyWithChanges(tableName, numberOf(mark, 'position'));
    if (changes.length === 0) return { items, sizeBytes: sizeOf(items) };
    const names = Object.keys(keyOf(changes[0]?.key ?? '{}'));
    // The first write behind the note found the item as it was then.
    const undone = new Map(
      changes.toReversed().map(({ key, oldImage }) => [textOfKey(keyOf(key), names), oldImage] as const),
    );
    const kept = items.filter((item) => !undone.has(textOfKey(keyOf(item), names)));
    const before = [...kept, ...[...undone.values()].filter((image) => image !== null)];
    return { items: before, sizeBytes: sizeOf(before) };
  }

  /** The tables were emptied, and the clock may have been set back. */
  reset(): void {
    this.#noted = -1;
  }
}

const keyOf = (json: string): Readonly<Record<string, unknown>> => JSON.parse(json);
const textOfKey = (item: Readonly<Record<string, unknown>>, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => item[name]));
const sizeOf = (items: readonly string[]): number => items.reduce((sum, item) => sum + item.length, 0);
