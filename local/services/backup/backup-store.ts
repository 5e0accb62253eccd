import type { DatabaseSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { textOf } from '../../state/row.ts';
import {
  type BackupJob,
  backupJobSchema,
  type RecoveryPoint,
  recoveryPointSchema,
  type RestoreJob,
  restoreJobSchema,
} from './backup-records.ts';

const itemsOfPart = 1000;
const texts = z.array(z.string());

/** Jobs, recovery points and what they hold, in the desk file; each call is committed when it returns. */
export class BackupStore {
  readonly #file: DatabaseSync;

  constructor(file: DatabaseSync) {
    this.#file = file;
  }

  /** Newest first. */
  backupJobs(): readonly BackupJob[] {
    return this.#jobs('backup').map((job) => backupJobSchema.parse(job));
  }

  restoreJobs(): readonly RestoreJob[] {
    return this.#jobs('restore').map((job) => restoreJobSchema.parse(job));
  }

  backupJob(id: string): BackupJob | null {
    const job = this.#job('id', 'backup', id);
    return job === null ? null : backupJobSchema.parse(job);
  }

  restoreJob(id: string): RestoreJob | null {
    const job = this.#job('id', 'restore', id);
    return job === null ? null : restoreJobSchema.parse(job);
  }

  /** The job that was started with a token. */
  backupJobOf(token: string | null): BackupJob | null {
    const job = token === null ? null : this.#job('token', 'backup', token);
    return job === null ? null : backupJobSchema.parse(job);
  }

  restoreJobOf(token: string | null): RestoreJob | null {
    const job = token === null ? null : this.#job('token', 'restore', token);
    return job === null ? null : restoreJobSchema.parse(job);
  }

  addBackupJob(job: BackupJob, token: string | null): void {
    this.#add('backup', job, token);
  }

  addRestoreJob(job: RestoreJob, token: string | null): void {
    this.#add('restore', job, token);
  }

  changeJob(job: BackupJob | RestoreJob): void {
    this.#file.prepare('UPDATE backup_jobs SET job = ? WHERE id = ?').run(JSON.stringify(job), job.id);
  }

  points(): readonly RecoveryPoint[] {
    return this.#file
      .prepare('SELECT point FROM recovery_points ORDER BY rowid DESC')
      .all()
      .map((row) => recoveryPointSchema.parse(JSON.parse(textOf(row, 'point'))));
  }

  point(arn: string): RecoveryPoint | null {
    const row = this.#file.prepare('SELECT point FROM recovery_points WHERE arn = ?').get(arn);
    return row === undefined ? null : recoveryPointSchema.parse(JSON.parse(textOf(row, 'point')));
  }

  /** A recovery point with its items, all or nothing. */
  addPoint(point: RecoveryPoint, items: readonly string[]): void {
    this.#file.exec('BEGIN');
    try {
      this.#file
        .prepare('INSERT INTO recovery_points (arn, point) VALUES (?, ?)')
        .run(point.arn, JSON.stringify(point));
      const insert = this.#file.prepare('INSERT INTO copies (arn, part, body) VALUES (?, ?, ?)');
      for (let start = 0; start < items.length; start += itemsOfPart) {
        const part = JSON.stringify(items.slice(start, start + itemsOfPart));
        insert.run(point.arn, start, deflateRawSync(part, { level: 1 }));
      }
      this.#file.exec('COMMIT');
    } catch (error) {
      this.#file.exec('ROLLBACK');
      throw error;
    }
  }

  changePoint(point: RecoveryPoint): void {
    this.#file.prepare('UPDATE recovery_points SET point = ? WHERE arn = ?').run(JSON.stringify(point), point.arn);
  }

  removePoint(arn: string): void {
    this.#file.prepare('DELETE FROM copies WHERE arn = ?').run(arn);
    this.#file.prepare('DELETE FROM recovery_points WHERE arn = ?').run(arn);
  }

  items(arn: string): readonly string[] {
    const parts = this.#file.prepare('SELECT body FROM copies WHERE arn = ? ORDER BY part').all(arn);
    return parts.flatMap(({ body }) => {
      if (!(body instanceof Uint8Array)) throw new Error('desk.sqlite: a copy should be bytes');
      return texts.parse(JSON.parse(inflateRawSync(body).toString('utf8')));
    });
  }

  #jobs(kind: string): readonly unknown[] {
    return this.#file
      .prepare('SELECT job FROM backup_jobs WHERE kind = ? ORDER BY seq DESC')
      .all(kind)
      .map((row) => JSON.parse(textOf(row, 'job')));
  }

  #job(column: 'id' | 'token', kind: string, value: string): unknown {
    const row = this.#file.prepare(`SELECT job FROM backup_jobs WHERE kind = ? AND ${column} = ?`).get(kind, value);
    return row === undefined ? null : JSON.parse(textOf(row, 'job'));
  }

  #add(kind: string, job: { readonly id: string }, token: string | null): void {
    this.#file
      .prepare('INSERT INTO backup_jobs (id, kind, token, job) VALUES (?, ?, ?, ?)')
      .run(job.id, kind, token, JSON.stringify(job));
  }
}
