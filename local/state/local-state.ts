import type { DatabaseSync } from 'node:sqlite';
import { textOf } from './row.ts';

/** Small facts that the host keeps across restarts: stream checkpoints, the clock. */
export interface LocalState {
  get(key: string): string | null;
  /** Durable against a killed process when it returns. */
  set(key: string, value: string): void;
}

/** Keeps settings in the desk file; `reset` of the services empties them. */
export function localState(file: DatabaseSync): LocalState {
  const select = file.prepare('SELECT value FROM settings WHERE key = ?');
  const upsert = file.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    get(key) {
      const row = select.get(key);
      return row === undefined ? null : textOf(row, 'value');
    },
    set(key, value) {
      upsert.run(key, value);
    },
  };
}
