import type { TableCopy } from '../dynamodb/control/engine-reader.ts';
import type { EngineCalls } from '../dynamodb/engine-calls.ts';

/** A copy by the engine's API, for an engine whose file cannot be read. Of one instant only while nobody writes. */
export const copyByHand = async (calls: EngineCalls, tableName: string): Promise<TableCopy> => {
  const items: string[] = [];
  for await (const page of calls.pages(tableName)) items.push(...page.map((item) => JSON.stringify(item)));
  return { items, sizeBytes: items.reduce((sum, item) => sum + item.length, 0) };
};
