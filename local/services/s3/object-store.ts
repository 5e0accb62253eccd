import { createHash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { numberOf, optionalTextOf, type Row, textOf } from '../../state/row.ts';

/** How long, and how hard, a version is kept: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
export interface ObjectLock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | null;
  /** Virtual time in ms; null when the mode is. */
  readonly retainUntil: number | null;
  readonly legalHold: boolean;
}

export const unlocked: ObjectLock = { mode: null, retainUntil: null, legalHold: false };

export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Headers that come back as they were sent: `x-amz-meta-*`, the checksum. */
  readonly headers: Readonly<Record<string, string>>;
  readonly lock: ObjectLock;
  readonly modifiedAt: number;
}

/** One version of an object, without its bytes. A delete marker has none. */
export interface StoredVersion extends Omit<NewObject, 'body'> {
  readonly id: number;
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
  readonly deleteMarker: boolean;
}

const storedHeaders = z.record(z.string(), z.string());
const columns = `id, bucket, key, version_id, content_type, headers, etag, length(body) AS size, body IS NULL AS marker,
  lock_mode, retain_until, legal_hold, modified_at`;

/** Objects in the desk file, every version of them; each call is committed when it returns. */
export class ObjectStore {
  readonly #insert;
  readonly #newest;
  readonly #version;
  readonly #body;
  readonly #remove;
  readonly #removeKey;
  readonly #list;

  constructor(file: DatabaseSync) {
    this.#insert = file.prepare(
      `INSERT INTO objects (bucket, key, version_id, body, content_type, headers, etag, lock_mode, retain_until, legal_hold, modified_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#newest = file.prepare(`SELECT ${columns} FROM objects WHERE bucket = ? AND key = ? ORDER BY id DESC LIMIT 1`);
    this.#version = file.prepare(`SELECT ${columns} FROM objects WHERE bucket = ? AND key = ? AND version_id = ?`);
    this.#body = file.prepare('SELECT body FROM objects WHERE id = ?');
    this.#remove = file.prepare('DELETE FROM objects WHERE id = ?');
    this.#removeKey = file.prepare('DELETE FROM objects WHERE bucket = ? AND key = ? AND id < ?');
    this.#list = file.prepare(
      `SELECT ${columns} FROM objects WHERE body IS NOT NULL AND id IN (
         SELECT MAX(id) FROM objects WHERE bucket = ? AND substr(key, 1, length(?)) = ? AND key > ? GROUP BY key
       ) ORDER BY key LIMIT ?`,
    );
  }

  /** Adds a version; without `versioned` it takes the place of what was there. */
  put(object: NewObject, versioned: boolean): { readonly versionId: string; readonly etag: string } {
    const etag = `"${createHash('md5').update(object.body).digest('hex')}"`;
    return { versionId: this.#add(object, object.body, etag, versioned), etag };
  }

  /** Hides the key behind a marker; its versions stay. */
  putDeleteMarker(bucket: string, key: string, modifiedAt: number): string {
    return this.#add({ bucket, key, contentType: '', headers: {}, lock: unlocked, modifiedAt }, null, '', true);
  }

  newest(bucket: string, key: string): StoredVersion | null {
    const row = this.#newest.get(bucket, key);
    return row === undefined ? null : stored(row);
  }

  version(bucket: string, key: string, versionId: string): StoredVersion | null {
    const row = this.#version.get(bucket, key, versionId);
    return row === undefined ? null : stored(row);
  }

  bytesOf({ id }: StoredVersion): Buffer {
    const body = this.#body.get(id)?.['body'];
    return body instanceof Uint8Array ? Buffer.from(body) : Buffer.alloc(0);
  }

  remove({ id }: StoredVersion): void {
    this.#remove.run(id);
  }

  /** What is not hidden by a marker, in the order of the keys' bytes. */
  list(bucket: string, prefix: string, after: string, limit: number): readonly StoredVersion[] {
    return this.#list.all(bucket, prefix, prefix, after, limit).map(stored);
  }

  #add(object: Omit<NewObject, 'body'>, body: Uint8Array | null, etag: string, versioned: boolean): string {
    const { bucket, key, contentType, headers, lock, modifiedAt } = object;
    const versionId = versioned ? randomUUID().replaceAll('-', '') : 'null';
    const { lastInsertRowid } = this.#insert.run(
      bucket,
      key,
      versionId,
      body,
      contentType,
      JSON.stringify(headers),
      etag,
      lock.mode,
      lock.retainUntil,
      lock.legalHold ? 1 : 0,
      modifiedAt,
    );
    // Killed in between, the older row stays: nobody asks for it, and the next write removes it.
    if (!versioned) this.#removeKey.run(bucket, key, lastInsertRowid);
    return versionId;
  }
}

const lockModes = z.enum(['GOVERNANCE', 'COMPLIANCE']).nullable();

function stored(row: Row): StoredVersion {
  return {
    id: numberOf(row, 'id'),
    bucket: textOf(row, 'bucket'),
    key: textOf(row, 'key'),
    versionId: textOf(row, 'version_id'),
    contentType: textOf(row, 'content_type'),
    headers: storedHeaders.parse(JSON.parse(textOf(row, 'headers'))),
    etag: textOf(row, 'etag'),
    size: row['size'] === null ? 0 : numberOf(row, 'size'),
    deleteMarker: numberOf(row, 'marker') === 1,
    lock: {
      mode: lockModes.parse(optionalTextOf(row, 'lock_mode')),
      retainUntil: row['retain_until'] === null ? null : numberOf(row, 'retain_until'),
      legalHold: numberOf(row, 'legal_hold') === 1,
    },
    modifiedAt: numberOf(row, 'modified_at'),
  };
}
