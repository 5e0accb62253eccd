import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Position, queryPage } from './heads.ts';

/** A partition, or a range of its sort keys. */
export interface WholeQuery {
  readonly table: string;
  readonly partition: string;
  /** Both ends inclusive. */
  readonly range?: { readonly from: string; readonly to: string };
  readonly consistent?: boolean;
  /** The attributes that are wanted; left out: all. */
  readonly only?: readonly string[];
}

/** The items of a partition, or of a range of it, a thousand a call; for what may be too much to be held at once. */
export async function* queryPages(
  client: DynamoDBDocumentClient,
  query: WholeQuery,
): AsyncGenerator<readonly Record<string, unknown>[]> {
  let after: Position | null = null;
  do {
    const page = await queryPage(client, {
      table: query.table,
      partition: { name: 'PK', value: query.partition },
      ...(query.range === undefined ? {} : { sort: { name: 'SK', ...query.range } }),
      ...(query.consistent === undefined ? {} : { consistent: query.consistent }),
      ...(query.only === undefined ? {} : { only: query.only }),
      limit: 1_000,
      after,
    });
    yield page.items;
    after = page.next;
  } while (after !== null);
}

/** All of them. */
export const queryAll = async (
  client: DynamoDBDocumentClient,
  query: WholeQuery,
): Promise<readonly Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  for await (const page of queryPages(client, query)) items.push(...page);
  return items;
};
