import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  ListTagsOfResourceCommand,
  type ListTagsOfResourceCommandOutput,
  type PointInTimeRecoveryDescription,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { TableShape } from '../domain/drill.ts';
import { instant, needed } from './answers.ts';

/** Tags of AWS's own, such as those of CloudFormation, which nobody else may set: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const ownByAws = /^aws:/i;

/** Partition key first, whatever the order of the answer. */
const keysOf = (schema: readonly KeySchemaElement[] | undefined): string[] =>
  (schema ?? [])
    .toSorted((a, b) => Number(b.KeyType === 'HASH') - Number(a.KeyType === 'HASH'))
    .map(({ AttributeName }) => needed(AttributeName, 'DescribeTable', 'AttributeName'));

const indexesOf = ({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: TableDescription) =>
  [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes]
    .map(({ IndexName, KeySchema }) => ({
      name: needed(IndexName, 'DescribeTable', 'IndexName'),
      keys: keysOf(KeySchema),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The view type of the table's stream; null without one. */
export const streamOf = ({ StreamSpecification: stream }: TableDescription): string | null =>
  stream?.StreamEnabled === true ? (stream.StreamViewType ?? null) : null;

/** Reads how a table is made. */
export class TableSource {
  readonly #client: DynamoDBClient;

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  /** Null when there is no such table. */
  async table(name: string): Promise<TableDescription | null> {
    try {
      const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: name }));
      return needed(Table, 'DescribeTable', 'Table');
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    }
  }

  /**
   * The attribute by which items expire; null without. While it is being enabled, which takes up to an hour, it counts as
   * enabled: nothing more can be done for it. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
   */
  async timeToLive(name: string): Promise<string | null> {
    const answer = await this.#client.send(new DescribeTimeToLiveCommand({ TableName: name }));
    const { TimeToLiveStatus: status, AttributeName } = answer.TimeToLiveDescription ?? {};
    return status === 'ENABLED' || status === 'ENABLING' ? (AttributeName ?? null) : null;
  }

  async pointInTimeRecovery(name: string): Promise<PointInTimeRecoveryDescription> {
    const answer = await this.#client.send(new DescribeContinuousBackupsCommand({ TableName: name }));
    return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  }

  /** The tags but those of AWS. Some seconds behind: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html */
  async tags(arn: string): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {};
    let position: string | undefined;
    do {
      const page: ListTagsOfResourceCommandOutput = await this.#client.send(
        new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken: position }),
      );
      for (const { Key, Value } of page.Tags ?? []) {
        if (Key !== undefined && !ownByAws.test(Key)) found[Key] = Value ?? '';
      }
      position = page.NextToken;
    } while (position !== undefined);
    return found;
  }

  /** Everything that a copy needs to be made the same; null when there is no such table. */
  async shape(name: string): Promise<TableShape | null> {
    const table = await this.table(name);
    if (table === null) return null;
    const tableArn = needed(table.TableArn, 'DescribeTable', 'TableArn');
    const [ttl, recovery, tags] = await Promise.all([
      this.timeToLive(name),
      this.pointInTimeRecovery(name),
      this.tags(tableArn),
    ]);
    return {
      tableName: name,
      tableArn,
      sizeBytes: table.TableSizeBytes ?? 0,
      itemCount: table.ItemCount ?? 0,
      keys: keysOf(needed(table.KeySchema, 'DescribeTable', 'KeySchema')),
      indexes: indexesOf(table),
      stream: streamOf(table),
      ttl,
      pointInTimeRecovery: recovery.PointInTimeRecoveryStatus === 'ENABLED',
      latestRestorableAt: instant(recovery.LatestRestorableDateTime),
      deletionProtection: table.DeletionProtectionEnabled ?? false,
      tags,
      kmsKeyArn: table.SSEDescription?.KMSMasterKeyArn ?? null,
    };
  }
}
