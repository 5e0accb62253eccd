import { statusAt, type TableFacts } from './table-facts.ts';
import type { EngineDescription } from './engine-tables.ts';

export interface DescribedTable {
  readonly engine: EngineDescription;
  readonly facts: TableFacts;
  readonly arn: string;
  /** The stream that the template knows; another table's is named after the engine's. */
  readonly streamArn: string | null;
  readonly measured: { readonly items: number; readonly sizeBytes: number } | null;
  readonly now: number;
}

/**
 * DescribeTable's answer: the engine's, with what the engine does not know. Counts are exact here; AWS brings them up to date about
 * every six hours (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html).
 */
export const describedTable = (table: DescribedTable): Record<string, unknown> => {
  const { engine, facts, arn, streamArn, measured, now } = table;
  const { SSEDescription: _, LatestStreamArn: __, LatestStreamLabel, StreamSpecification, ...rest } = engine;
  const status = statusAt(facts, now);
  const building = status === 'CREATING';
  const streams = StreamSpecification?.StreamEnabled === true;
  const indexes = engine.GlobalSecondaryIndexes.map((index) => ({
    ...index,
    IndexArn: `${arn}/index/${index.IndexName}`,
    IndexStatus: building ? 'CREATING' : status === 'DELETING' ? 'DELETING' : 'ACTIVE',
  }));
  return {
    ...rest,
    TableArn: arn,
    TableStatus: status,
    CreationDateTime: facts.createdAt === 0 ? engine.CreationDateTime : facts.createdAt / 1000,
    // Counts of a table that is being made are not told before it is.
    ...(measured !== null && {
      ItemCount: building ? 0 : measured.items,
      TableSizeBytes: building ? 0 : measured.sizeBytes,
    }),
    GlobalSecondaryIndexes: indexes.length === 0 ? undefined : indexes,
    DeletionProtectionEnabled: facts.deletionProtection,
    ...(streams && {
      StreamSpecification,
      LatestStreamArn: streamArn ?? `${arn}/stream/${LatestStreamLabel}`,
      LatestStreamLabel: streamArn?.split('/stream/')[1] ?? LatestStreamLabel,
    }),
    ...(facts.kmsKeyArn !== null && {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: facts.kmsKeyArn },
    }),
    ...(facts.restore !== null && {
      RestoreSummary: {
        ...(facts.restore.sourceBackupArn !== null && { SourceBackupArn: facts.restore.sourceBackupArn }),
        SourceTableArn: facts.restore.sourceTableArn,
        RestoreDateTime: facts.restore.restoredTo / 1000,
        RestoreInProgress: building,
      },
    }),
  };
};
