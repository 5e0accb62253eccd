import type { BackupClient } from '@aws-sdk/client-backup';
import { DescribeTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { BackupJobs } from './aws/backup-jobs.ts';
import { NewestRecoveryPoints } from './aws/newest-recovery-points.ts';
import { pointInTimeWindow } from './aws/point-in-time-window.ts';
import { tableBackupSettings } from './aws/region-settings.ts';
import type { BackupWorld } from './use-cases/ports.ts';

/** What AWS is asked by the watch. Names of tables keep their ARNs for the function's life. */
export const backupWorld = (options: {
  readonly backup: BackupClient;
  readonly dynamodb: DynamoDBClient;
  readonly vault: string;
}): BackupWorld => {
  const { backup: client, dynamodb, vault } = options;
  const jobs = new BackupJobs({ client, vault });
  const points = new NewestRecoveryPoints({ client, vault });
  const arns = new Map<string, string>();
  return {
    arnOf: async (name) => {
      const known = arns.get(name);
      if (known !== undefined) return known;
      try {
        const arn = (await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table?.TableArn ?? null;
        if (arn !== null) arns.set(name, arn);
        return arn;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return null;
        throw error;
      }
    },
    jobsSince: (arn, instant) => jobs.since(arn, instant),
    newestRecoveryPoints: () => points.byTable(),
    pointInTime: (name) => pointInTimeWindow(dynamodb, name),
    settings: () => tableBackupSettings(client),
  };
};
