import { DescribeTableCommand, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableShape } from '../domain/drill.ts';

/** Attribute names, partition key first. */
const namesOf = (schema: readonly KeySchemaElement[] = []): string =>
  schema
    .toSorted((one) => (one.KeyType === 'HASH' ? -1 : 1))
    .map(({ AttributeName }) => AttributeName ?? '')
    .join(', ');

/** How the restored table is made otherwise than its source; empty when it is not. */
export const schemaDifferences = async (
  client: DynamoDBDocumentClient,
  scratchTable: string,
  source: TableShape,
): Promise<string[]> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: scratchTable }));
  const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])];
  const found = new Map(indexes.map(({ IndexName, KeySchema }) => [IndexName ?? '', namesOf(KeySchema)]));
  const wanted = new Map(source.indexes.map(({ name, keys }) => [name, keys.join(', ')]));
  const keys = namesOf(Table?.KeySchema);
  return [
    ...(keys === source.keys.join(', ') ? [] : [`keys are ${keys}, not ${source.keys.join(', ')}`]),
    ...[...wanted].flatMap(([name, wantedKeys]) => {
      const has = found.get(name);
      if (has === undefined) return [`index ${name} is missing`];
      return has === wantedKeys ? [] : [`index ${name} has keys ${has}, not ${wantedKeys}`];
    }),
    ...[...found.keys()].filter((name) => !wanted.has(name)).map((name) => `index ${name} is not the source's`),
  ];
};
