import { randomUUID } from 'node:crypto';
import type { BackupParts } from './backup-parts.ts';
import { deleteAtOf, type RecoveryPoint, tableNameOf } from './backup-records.ts';

/** The life of recovery points: COMPLETED until their lifecycle ends, EXPIRED for a while, gone. */
export class RecoveryPoints {
  readonly #parts: BackupParts;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /**
   * With AWS Backup's management of DynamoDB switched on, recovery points are its own; without it, they are backups of DynamoDB
   * (https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html).
   */
  newArn(tableArn: string, managed: boolean): string {
    const { region, accountId } = this.#parts.model;
    if (managed) return `arn:aws:backup:${region}:${accountId}:recovery-point:${randomUUID()}`;
    const stamp = String(this.#parts.clock.now()).padStart(17, '0');
    return `arn:aws:dynamodb:${region}:${accountId}:table/${tableNameOf(tableArn)}/backup/${stamp}-${randomUUID().slice(0, 8)}`;
  }

  /** Plans what becomes of a recovery point; to be called at each start for those that there are. */
  plan(point: RecoveryPoint): void {
    const { timers } = this.#parts;
    if (point.goneAt !== null) return timers.at(point.goneAt, () => this.#parts.store.removePoint(point.arn));
    const deleteAt = deleteAtOf(point);
    if (point.status === 'COMPLETED' && deleteAt !== null) timers.at(deleteAt, () => this.#expire(point.arn, deleteAt));
  }

  remove(point: RecoveryPoint): void {
    const { clock, settings } = this.#parts;
    this.#end({ ...point, status: 'DELETING', goneAt: clock.now() + settings.durations.pointDeleteSeconds * 1000 });
  }

  #expire(arn: string, at: number): void {
    const { store, settings } = this.#parts;
    const point = store.point(arn);
    if (point?.status !== 'COMPLETED') return;
    this.#end({ ...point, status: 'EXPIRED', goneAt: at + settings.durations.expiredSeconds * 1000 });
  }

  #end(point: RecoveryPoint): void {
    const { store } = this.#parts;
    store.changePoint(point);
    this.announce(point);
    this.plan(point);
  }

  announce({ arn, vaultName, tableArn, roleArn, createdAt, status }: RecoveryPoint): void {
    this.#parts.events.emit({
      source: 'aws.backup',
      detailType: 'Recovery Point State Change',
      resources: [arn],
      detail: {
        backupVaultName: vaultName,
        creationDate: new Date(createdAt).toISOString(),
        iamRoleArn: roleArn,
        resourceType: 'DynamoDB',
        resourceArn: tableArn,
        status,
      },
    });
  }
}
