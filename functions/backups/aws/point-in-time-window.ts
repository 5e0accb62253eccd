import { DescribeContinuousBackupsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** To which instants a table can be restored; null where it is not kept, or not yet. */
export interface PointInTimeWindow {
  readonly enabled: boolean;
  readonly earliestAt: string | null;
  /** Some five minutes ago: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoveryDescription.html */
  readonly latestAt: string | null;
  readonly days: number | null;
}

export const pointInTimeWindow = async (client: DynamoDBClient, tableName: string): Promise<PointInTimeWindow> => {
  const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName: tableName }));
  const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return {
    enabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
    earliestAt: recovery?.EarliestRestorableDateTime?.toISOString() ?? null,
    latestAt: recovery?.LatestRestorableDateTime?.toISOString() ?? null,
    days: recovery?.RecoveryPeriodInDays ?? null,
  };
};
