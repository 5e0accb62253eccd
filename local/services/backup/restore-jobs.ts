import { randomUUID } from 'node:crypto';
import type { FaultKind } from '../../faults/faults.ts';
import type { Restoration } from '../dynamodb/control/table-restorer.ts';
import { invalidRequest, notFound } from './backup-error.ts';
import { type BackupParts, vaultOf } from './backup-parts.ts';
import type { RecoveryPoint, RestoreJob } from './backup-records.ts';
import { corrupted } from './corruption.ts';

export interface RestoreRequest {
  readonly pointArn: string;
  readonly roleArn: string;
  readonly targetTable: string;
  readonly kmsKeyArn: string | null;
  readonly copyTags: boolean;
  readonly token: string | null;
}

/** Restore jobs: a table of its own for each, CREATING until all items are in and the time is over. */
export class RestoreJobs {
  readonly #parts: BackupParts;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** The job of the request's token if there is one already. `drop`: the job never ends. @throws ServiceError */
  async start(request: RestoreRequest, fault: FaultKind | null): Promise<RestoreJob> {
    const { store, clock, settings } = this.#parts;
    const known = store.restoreJobOf(request.token);
    if (known !== null) return known;
    const point = store.point(request.pointArn);
    if (point === null) throw notFound(`Recovery point ${request.pointArn} does not exist`);
    if (point.status !== 'COMPLETED')
      throw invalidRequest(`Recovery point ${point.arn} is ${point.status} and cannot be restored`);
    const next = settings.takeNextRestore();
    const createdAt = clock.now();
    const job: RestoreJob = {
      id: randomUUID().toUpperCase(),
      pointArn: point.arn,
      vaultName: point.vaultName,
      sourceArn: point.tableArn,
      pointCreatedAt: point.createdAt,
      roleArn: request.roleArn,
      targetTable: request.targetTable,
      kmsKeyArn: request.kmsKeyArn,
      tags: request.copyTags ? point.tags : {},
      createdAt,
      endsAt: fault === 'drop' ? null : createdAt + settings.durations.restoreSeconds * 1000,
      state: 'RUNNING',
      outcome: next === 'failed' ? 'FAILED' : next === 'aborted' ? 'ABORTED' : 'COMPLETED',
      message: null,
      completedAt: null,
      sizeBytes: point.sizeBytes,
      corruption: settings.takeCorruption(),
      validation: null,
    };
    // Kept before anything is waited for: the same token cannot start a second one meanwhile.
    store.addRestoreJob(job, request.token);
    store.changePoint({ ...point, lastRestoreAt: createdAt });
    const exists = await this.#exists(job.targetTable);
    if (exists) return this.#end(job, 'FAILED', `Table already exists: ${job.targetTable}`, clock.now());
    await this.#begin(job, point);
    this.#announce(job);
    return job;
  }

  /** Starts anew what an earlier desk had begun. */
  async resume(): Promise<void> {
    const { store, clock } = this.#parts;
    for (const job of store.restoreJobs()) {
      if (job.state !== 'RUNNING') continue;
      const point = store.point(job.pointArn);
      if (point !== null) await this.#begin(job, point);
      else {
        await this.#parts.restorer.abandon(job.targetTable);
        this.#end(job, 'FAILED', `Recovery point ${job.pointArn} does not exist`, clock.now());
      }
    }
  }

  async #exists(tableName: string): Promise<boolean> {
    const { book, restorer } = this.#parts;
    return (await restorer.exists(tableName)) || book.names().includes(tableName);
  }

  async #begin(job: RestoreJob, point: RecoveryPoint): Promise<void> {
    const { store, restorer, timers } = this.#parts;
    const items = store.items(point.arn);
    const restoration: Restoration = {
      tableName: job.targetTable,
      definition: point.definition,
      restore: { sourceBackupArn: point.arn, sourceTableArn: point.tableArn, restoredTo: point.createdAt },
      kmsKeyArn: job.kmsKeyArn,
      items: () => (job.corruption === null ? items : corrupted(items, point.definition, job.corruption)),
    };
    await restorer.begin(restoration);
    // What will fail need not be filled.
    const filled = job.outcome === 'COMPLETED' ? restorer.putItems(restoration) : Promise.resolve();
    const result = filled.then(
      () => null,
      (error: unknown) => String(error),
    );
    const { endsAt } = job;
    if (endsAt !== null) timers.at(endsAt, () => this.#finish(job.id, endsAt, result));
  }

  async #finish(id: string, endsAt: number, filled: Promise<string | null>): Promise<void> {
    const { store, restorer, book, clock, log } = this.#parts;
    const trouble = await filled;
    // The desk stops, or is being reset: the next start begins anew.
    if (trouble !== null) return log(`restore job ${id}: ${trouble}`);
    const job = store.restoreJob(id);
    if (job?.state !== 'RUNNING') return;
    const completedAt = Math.max(endsAt, clock.now());
    if (job.outcome === 'COMPLETED') {
      restorer.finish(job.targetTable);
      book.change(job.targetTable, { tags: job.tags });
      this.#end(job, 'COMPLETED', null, completedAt);
    } else {
      await restorer.abandon(job.targetTable);
      this.#end(job, job.outcome, `The restore job was ${job.outcome.toLowerCase()}: internal error`, completedAt);
    }
  }

  #end(job: RestoreJob, state: RestoreJob['state'], message: string | null, completedAt: number): RestoreJob {
    const done: RestoreJob = { ...job, state, message, completedAt };
    this.#parts.store.changeJob(done);
    this.#announce(done);
    return done;
  }

  /** The ARN of a job's table, once it is there. */
  createdArn({ state, targetTable }: RestoreJob): string | null {
    const { region, accountId } = this.#parts.model;
    return state === 'COMPLETED' ? `arn:aws:dynamodb:${region}:${accountId}:table/${targetTable}` : null;
  }

  #announce(job: RestoreJob): void {
    const createdResourceArn = this.createdArn(job);
    this.#parts.events.emit({
      source: 'aws.backup',
      detailType: 'Restore Job State Change',
      resources: [job.pointArn],
      detail: {
        restoreJobId: job.id,
        backupSizeInBytes: String(job.sizeBytes),
        creationDate: new Date(job.createdAt).toISOString(),
        iamRoleArn: job.roleArn,
        percentDone: 0,
        resourceType: 'DynamoDB',
        status: job.state,
        recoveryPointArn: job.pointArn,
        sourceResourceArn: job.sourceArn,
        backupVaultArn: vaultOf(this.#parts, job.vaultName).arn,
        ...(job.message !== null && { statusMessage: job.message }),
        ...(createdResourceArn !== null && { createdResourceArn }),
        ...(job.completedAt !== null && { completionDate: new Date(job.completedAt).toISOString() }),
      },
    });
  }
}
