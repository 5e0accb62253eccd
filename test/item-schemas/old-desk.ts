import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableName } from '../../bin/upgrade-items/every-kind.ts';

/** What the desk of the first commit left: its tables, the instant, and what it answered then. See test/data/README.md. */
export const readOldDesk = () => {
  const lines = readFileSync(join(import.meta.dirname, '../data/first-desk.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) =>
      JSON.parse(line, (key, value) => (key === 'B' ? Uint8Array.from(Buffer.from(String(value), 'base64')) : value)),
    );
  return {
    items: lines
      .filter(({ table }) => table !== undefined)
      .map((line: { table: TableName; item: Record<string, AttributeValue> }) => ({
        table: line.table,
        item: unmarshall(line.item),
      })),
    now: lines.find(({ now }) => now !== undefined).now as number,
    answers: lines.filter(({ path }) => path !== undefined) as readonly { path: string; answer: unknown }[],
  };
};

export type OldDesk = ReturnType<typeof readOldDesk>;

export const loadOldDesk = async (
  desk: OldDesk,
  client: DynamoDBDocumentClient,
  names: Readonly<Record<TableName, string>>,
): Promise<void> => {
  for (const { table, item } of desk.items) {
    await client.send(new PutCommand({ TableName: names[table], Item: item }));
  }
};
