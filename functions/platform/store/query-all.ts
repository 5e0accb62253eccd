import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Position, queryPage } from './heads.ts';

/** Every item of a partition, or of a range of it, a thousand items a call. */
export const queryAll = async (
  client: DynamoDBDocumentClient,
  query: {
    readonly table: string;
    readonly partition: string;
    /** Both ends inclusive. */
    readonly range?: { readonly from: string; readonly to: string };
    readonly consistent?: boolean;
  },
): Promise<readonly Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  let after: Position | null = null;
  do {
    const page = await queryPage(client, {
      table: query.table,
      partition: { name: 'PK', value: query.partition },
      ...(query.range === undefined ? {} : { sort: { name: 'SK', ...query.range } }),
      ...(query.consistent === undefined ? {} : { consistent: query.consistent }),
      limit: 1_000,
      after,
    });
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
};
