import type { BackupClient } from '@aws-sdk/client-backup';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What the actions of a drill work with. */
export interface DrillAwsOptions {
  readonly backup: BackupClient;
  readonly dynamodb: DynamoDBClient;
  /** The name of the vault. */
  readonly vault: string;
  /** The roles that AWS Backup takes on, to read the table and to make the copy. */
  readonly backupRoleArn: string;
  readonly restoreRoleArn: string;
  /** Every copy is encrypted by it, whatever its source is encrypted by: it is the key that the functions may use. */
  readonly dataKeyArn: string;
  readonly scratchPrefix: string;
  /** The names that the desk's own tables have here. */
  readonly tableNames: { readonly operations: string };
  /** How long a backup is kept that a drill has taken for itself. Left out: a week. */
  readonly ownBackupDays?: number;
}

/** The tag by which a scratch table says whose it is. */
export const drillTag = 'drill-id';
/** The tag of a recovery point that a drill has taken for itself: the token that it was asked for with. */
export const ownBackupTag = 'drill-backup';
