import { type BackupClient, DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';

/** The switches of the account and region that backups of tables depend on, and that anybody can turn. */
export interface TableBackupSettings {
  /** AWS Backup protects tables at all; off, the jobs of plans do nothing. */
  readonly optedIn: boolean;
  /**
   * AWS Backup manages their backups fully: own encryption, lifecycle to cold storage, tags, copies.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
   */
  readonly advanced: boolean;
}

const resourceType = 'DynamoDB';

/** What is not said is off: a switch is only on when AWS Backup says so. */
export const tableBackupSettings = async (client: BackupClient): Promise<TableBackupSettings> => {
  const settings = await client.send(new DescribeRegionSettingsCommand({}));
  return {
    optedIn: settings.ResourceTypeOptInPreference?.[resourceType] === true,
    advanced: settings.ResourceTypeManagementPreference?.[resourceType] === true,
  };
};
