import { DatabaseSync } from 'node:sqlite';
import { numberOf, optionalTextOf, textOf } from '../../../state/row.ts';

/** All items of a table at one instant. */
export interface TableCopy {
  /** Each item as JSON, attribute values as they travel. */
  readonly items: readonly string[];
  readonly sizeBytes: number;
}

/** What a write found: the key of an item as JSON, its attributes in any order, and the item before it; null when there was none. */
export interface Change {
  readonly key: string;
  readonly oldImage: string | null;
}

/**
 * Reads the file of the running engine, past it. The file is in WAL mode: one statement sees one committed state, whatever is being
 * written meanwhile, and holds no write up. So a copy is of one instant, with each write in it that the engine has answered.
 */
export class EngineReader {
  readonly #path: string;
  #file: DatabaseSync | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  copy(tableName: string): TableCopy {
    const items: string[] = [];
    let sizeBytes = 0;
    for (const row of this.#open()
      .prepare(`SELECT item_json, item_size FROM ${quoted(tableName)}`)
      .iterate()) {
      items.push(textOf(row, 'item_json'));
      sizeBytes += numberOf(row, 'item_size');
    }
    return { items, sizeBytes };
  }

  /** A copy, and what was written after a position of the log, in order: both of the same instant. */
  copyWithChanges(tableName: string, position: number): TableCopy & { readonly changes: readonly Change[] } {
    const file = this.#open();
    file.exec('BEGIN');
    try {
      const select = file.prepare(
        'SELECT keys_json, old_image FROM _stream_records WHERE table_name = ? AND id > ? ORDER BY id',
      );
      const changes = select
        .all(tableName, position)
        .map((row) => ({ key: textOf(row, 'keys_json'), oldImage: optionalTextOf(row, 'old_image') }));
      return { ...this.copy(tableName), changes };
    } finally {
      file.exec('COMMIT');
    }
  }

  measure(tableName: string): { readonly items: number; readonly sizeBytes: number } {
    const select = `SELECT COUNT(*) AS items, COALESCE(SUM(item_size), 0) AS size FROM ${quoted(tableName)}`;
    const row = this.#open().prepare(select).get() ?? {};
    return { items: numberOf(row, 'items'), sizeBytes: numberOf(row, 'size') };
  }

  /** How far the log of changes has come, and where it begins: what is older was trimmed. Both 0 while it is empty. */
  log(): { readonly first: number; readonly last: number } {
    // Each alone is found at an end of the index; both in one query would read the whole log.
    const select = `SELECT COALESCE((SELECT MIN(id) FROM _stream_records), 0) AS first,
      COALESCE((SELECT MAX(id) FROM _stream_records), 0) AS last`;
    const row = this.#open().prepare(select).get() ?? {};
    return { first: numberOf(row, 'first'), last: numberOf(row, 'last') };
  }

  /** To be called before the engine stops or its file goes away; opens again by itself. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #open(): DatabaseSync {
    this.#file ??= new DatabaseSync(this.#path, { readOnly: true, timeout: 2000 });
    return this.#file;
  }
}

const quoted = (tableName: string): string => `"${tableName.replaceAll('"', '""')}"`;
