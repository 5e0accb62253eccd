import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    first_received_at INTEGER,
    receive_count INTEGER NOT NULL DEFAULT 0,
    receipt TEXT,
    source_queue TEXT
  );
  CREATE INDEX IF NOT EXISTS messages_by_time ON messages(queue, visible_at);
  CREATE UNIQUE INDEX IF NOT EXISTS messages_by_receipt ON messages(receipt) WHERE receipt IS NOT NULL;
  CREATE TABLE IF NOT EXISTS subscriptions (
    arn TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    protocol TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    attributes TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, item TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS objects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    version_id TEXT NOT NULL,
    body BLOB,
    content_type TEXT NOT NULL,
    headers TEXT NOT NULL,
    etag TEXT NOT NULL,
    lock_mode TEXT,
    retain_until INTEGER,
    legal_hold INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS objects_by_key ON objects(bucket, key, id);
  CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, facts TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS marks (second INTEGER PRIMARY KEY, position INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS backup_jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    token TEXT,
    job TEXT NOT NULL
  );
  CREATE UNIQUE INDEX IF NOT EXISTS backup_jobs_by_token ON backup_jobs(kind, token) WHERE token IS NOT NULL;
  CREATE TABLE IF NOT EXISTS recovery_points (arn TEXT PRIMARY KEY, point TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS copies (arn TEXT NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (arn, part));
`;

/** Whatever is emptied by a reset. */
const everyTable = [
  'messages',
  'subscriptions',
  'outbox',
  'objects',
  'settings',
  'tables',
  'marks',
  'backup_jobs',
  'recovery_points',
  'copies',
];

/**
 * Opens what the desk keeps beside the tables: queue messages, subscriptions made by API calls, the outbox, objects of buckets, settings,
 * what the control plane knows of tables, backups.
 * Every statement is committed when it returns; in WAL mode with `synchronous = NORMAL` that survives a killed process
 * without an fsync per message (https://www.sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param dataDir folder of `desk.sqlite`, made when absent; null keeps it in memory.
 * @throws when another desk has the folder open: the exclusive lock is held by the process and ends with it.
 */
export function openDeskFile(dataDir: string | null): DatabaseSync {
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true });
  const file = new DatabaseSync(dataDir === null ? ':memory:' : join(dataDir, 'desk.sqlite'));
  try {
    file.exec('PRAGMA busy_timeout = 2000');
    file.exec('PRAGMA locking_mode = EXCLUSIVE');
    file.exec('PRAGMA journal_mode = WAL');
    file.exec('PRAGMA synchronous = NORMAL');
    file.exec(schema);
    file.exec('BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    file.close();
    if (/locked|busy/i.test(String(error))) {
      throw new Error(
        `${dataDir ?? 'memory'} is in use by another desk: stop that one, or choose another folder with --data`,
        { cause: error },
      );
    }
    throw error;
  }
  return file;
}

/** Empties every table, as after a fresh start. */
export function emptyDeskFile(file: DatabaseSync): void {
  file.exec(`BEGIN; ${everyTable.map((name) => `DELETE FROM ${name};`).join(' ')} COMMIT`);
}
