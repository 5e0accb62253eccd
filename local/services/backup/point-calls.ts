import * as shown from './backup-answers.ts';
import { invalidRequest, notFound } from './backup-error.ts';
import { type BackupParts, vaultOf } from './backup-parts.ts';
import type { RecoveryPoint } from './backup-records.ts';
import * as requests from './backup-requests.ts';
import type { RecoveryPoints } from './recovery-points.ts';

/** The calls about recovery points and their vaults. */
export class PointCalls {
  readonly #parts: BackupParts;
  readonly #points: RecoveryPoints;

  constructor(parts: BackupParts, points: RecoveryPoints) {
    this.#parts = parts;
    this.#points = points;
  }

  listByResource(arn: string, query: unknown): unknown {
    const asked = requests.parseBackupRequest(requests.listByResource, query);
    const fitting = this.#parts.store.points().filter(({ tableArn }) => tableArn === arn);
    const { items, NextToken } = requests.page(fitting, keyOfPoint, asked);
    return { RecoveryPoints: items.map(shown.shownPointOfResource), NextToken };
  }

  listByVault(name: string, query: unknown): unknown {
    const asked = requests.parseBackupRequest(requests.listByVault, query);
    const vault = vaultOf(this.#parts, name);
    const fitting = this.#parts.store
      .points()
      .filter(
        (point) =>
          point.vaultName === vault.name &&
          (asked.resourceArn ?? point.tableArn) === point.tableArn &&
          (asked.resourceType ?? 'DynamoDB') === 'DynamoDB' &&
          (asked.backupPlanId === undefined || point.createdBy?.planId === asked.backupPlanId) &&
          requests.within(point.createdAt, asked.createdBefore, asked.createdAfter),
      );
    const { items, NextToken } = requests.page(fitting, keyOfPoint, asked);
    return { RecoveryPoints: items.map((point) => shown.shownPoint(point, this.#parts.model)), NextToken };
  }

  #point(vaultName: string, arn: string): RecoveryPoint {
    const vault = vaultOf(this.#parts, vaultName);
    const point = this.#parts.store.point(arn);
    if (point === null || point.vaultName !== vault.name) throw notFound(`Recovery point ${arn} does not exist`);
    return point;
  }

  describe(vaultName: string, arn: string): unknown {
    return shown.shownPoint(this.#point(vaultName, arn), this.#parts.model);
  }

  delete(vaultName: string, arn: string): unknown {
    const point = this.#point(vaultName, arn);
    if (point.status === 'CREATING') throw invalidRequest(`Recovery point ${arn} is being created`);
    if (point.status !== 'DELETING') this.#points.remove(point);
    return {};
  }

  restoreMetadata(vaultName: string, arn: string): unknown {
    const point = this.#point(vaultName, arn);
    return {
      BackupVaultArn: vaultOf(this.#parts, vaultName).arn,
      RecoveryPointArn: arn,
      ResourceType: 'DynamoDB',
      RestoreMetadata: { targetTableName: point.tableArn.split('/')[1], encryptionType: 'Default' },
    };
  }

  describeVault(name: string): unknown {
    const vault = vaultOf(this.#parts, name);
    return {
      BackupVaultName: vault.name,
      BackupVaultArn: vault.arn,
      VaultType: 'BACKUP_VAULT',
      EncryptionKeyArn: vault.kmsKeyArn ?? undefined,
      NumberOfRecoveryPoints: this.#parts.store.points().filter(({ vaultName }) => vaultName === name).length,
      Locked: false,
    };
  }
}

const keyOfPoint = ({ createdAt, arn }: RecoveryPoint): string => requests.keyInTime(createdAt, arn);
