import { randomUUID } from 'node:crypto';
import type { FaultKind } from '../../faults/faults.ts';
import { invalidRequest, invalidValue, notFound } from './backup-error.ts';
import { type BackupParts, vaultOf } from './backup-parts.ts';
import { type BackupJob, type RecoveryPoint, tableNameOf } from './backup-records.ts';
import { definitionOf } from '../dynamodb/control/engine-tables.ts';
import type { RecoveryPoints } from './recovery-points.ts';

export interface BackupRequest {
  readonly vaultName: string;
  readonly tableArn: string;
  readonly roleArn: string;
  readonly token: string | null;
  readonly startWindowMinutes: number;
  readonly completeWindowMinutes: number;
  readonly deleteAfterDays: number | null;
  readonly createdBy: BackupJob['createdBy'];
  /** Whether AWS Backup manages DynamoDB's recovery points. */
  readonly managed: boolean;
}

const minuteMs = 60_000;
const outcomes = { failed: 'FAILED', aborted: 'ABORTED', expired: 'EXPIRED' } as const;
const messages = {
  COMPLETED: null,
  FAILED: 'The backup job failed: internal error',
  ABORTED: 'The backup job was aborted',
  EXPIRED: 'The backup job did not start within its start window',
} as const;

/** Backup jobs: the copy is made when the job starts, the job takes its time all the same. */
export class BackupJobs {
  readonly #parts: BackupParts;
  readonly #points: RecoveryPoints;

  constructor(parts: BackupParts, points: RecoveryPoints) {
    this.#parts = parts;
    this.#points = points;
  }

  /** The job of the request's token if there is one already. `drop`: the job never comes to its end by itself. @throws ServiceError */
  async start(request: BackupRequest, fault: FaultKind | null): Promise<BackupJob> {
    const { store, tables, book, clock, settings, copy } = this.#parts;
    const known = store.backupJobOf(request.token);
    if (known !== null) return known;
    const vault = vaultOf(this.#parts, request.vaultName);
    const tableName = this.#tableName(request.tableArn);
    const table = await tables.find(tableName);
    if (table === null || book.of(tableName).status === 'CREATING')
      throw notFound(`Resource ${request.tableArn} does not exist`);
    const content = await copy(tableName);
    const again = store.backupJobOf(request.token);
    if (again !== null) return again;

    const createdAt = clock.now();
    const next = settings.takeNextBackup();
    const window = createdAt + request.completeWindowMinutes * minuteMs;
    const ordinary = createdAt + settings.durations.backupSeconds * 1000;
    const job: BackupJob = {
      id: randomUUID().toUpperCase(),
      pointArn: this.#points.newArn(request.tableArn, request.managed),
      vaultName: vault.name,
      tableArn: request.tableArn,
      roleArn: request.roleArn,
      createdAt,
      endsAt: fault === 'drop' ? window : Math.min(window, ordinary),
      state: 'RUNNING',
      outcome: next !== null ? outcomes[next] : fault === 'drop' || ordinary > window ? 'ABORTED' : 'COMPLETED',
      message: null,
      completedAt: null,
      sizeBytes: content.sizeBytes,
      deleteAfterDays: request.deleteAfterDays,
      startBy: createdAt + request.startWindowMinutes * minuteMs,
      createdBy: request.createdBy,
    };
    const point: RecoveryPoint = {
      arn: job.pointArn,
      vaultName: vault.name,
      tableArn: job.tableArn,
      roleArn: job.roleArn,
      createdAt,
      completedAt: null,
      status: 'CREATING',
      goneAt: null,
      sizeBytes: content.sizeBytes,
      deleteAfterDays: job.deleteAfterDays,
      kmsKeyArn: vault.kmsKeyArn,
      definition: definitionOf(table),
      tags: book.of(tableName).tags,
      createdBy: job.createdBy,
      lastRestoreAt: null,
    };
    store.addBackupJob(job, request.token);
    store.addPoint(point, content.items);
    this.#announce(job);
    this.plan(job);
    return job;
  }

  plan(job: BackupJob): void {
    if (job.state === 'RUNNING') this.#parts.timers.at(job.endsAt, () => this.#end(job.id));
  }

  /** @throws ServiceError */
  stop(id: string): void {
    const job = this.#parts.store.backupJob(id);
    if (job === null) throw notFound(`Backup job ${id} does not exist`);
    if (job.state !== 'RUNNING') throw invalidRequest(`Backup job ${id} is ${job.state} and cannot be stopped`);
    this.#complete({ ...job, outcome: 'ABORTED' }, this.#parts.clock.now());
  }

  #end(id: string): void {
    const job = this.#parts.store.backupJob(id);
    if (job?.state === 'RUNNING') this.#complete(job, job.endsAt);
  }

  #complete(job: BackupJob, completedAt: number): void {
    const { store } = this.#parts;
    const done: BackupJob = { ...job, state: job.outcome, message: messages[job.outcome], completedAt };
    store.changeJob(done);
    const point = store.point(job.pointArn);
    if (point !== null && job.outcome === 'COMPLETED') {
      const completed: RecoveryPoint = { ...point, status: 'COMPLETED', completedAt };
      store.changePoint(completed);
      this.#points.plan(completed);
    } else if (point !== null) store.removePoint(point.arn);
    this.#announce(done);
  }

  #tableName(arn: string): string {
    const { region, accountId } = this.#parts.model;
    const prefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
    if (!arn.startsWith(prefix)) throw invalidValue(`The local desk backs up DynamoDB tables only, not ${arn}`);
    return tableNameOf(arn);
  }

  #announce(job: BackupJob): void {
    this.#parts.events.emit({
      source: 'aws.backup',
      detailType: 'Backup Job State Change',
      resources: [job.pointArn],
      detail: {
        backupJobId: job.id,
        backupVaultArn: vaultOf(this.#parts, job.vaultName).arn,
        backupVaultName: job.vaultName,
        bytesTransferred: '0',
        backupSizeInBytes: String(job.sizeBytes),
        creationDate: new Date(job.createdAt).toISOString(),
        iamRoleArn: job.roleArn,
        resourceArn: job.tableArn,
        resourceType: 'DynamoDB',
        state: job.state,
        startBy: new Date(job.startBy).toISOString(),
        percentDone: job.state === 'COMPLETED' ? 100 : 0,
        ...(job.message !== null && { statusMessage: job.message }),
        ...(job.completedAt !== null && { completionDate: new Date(job.completedAt).toISOString() }),
        ...(job.createdBy !== null && {
          createdBy: { backupPlanId: job.createdBy.planId, backupPlanArn: job.createdBy.planArn },
        }),
      },
    });
  }
}
