import * as z from 'zod';
import { type ItemRequest, itemRequest, keyed, transaction } from './requests.ts';

const put = z.object({ PutRequest: z.object({ Item: keyed }).optional() });
const batch = z.object({ RequestItems: z.record(z.string(), z.array(put)) });
const number = z.object({ N: z.string() });

/**
 * The earliest expiry (epoch seconds) that a write may have set on a table, so that the sweeper knows when a look is
 * worth it; Infinity when it set none. An update's values are all taken for candidates: too early a guess costs one look, too
 * late a one only delays, as AWS may.
 */
export function earliestExpiry(tableName: string, attribute: string, body: unknown): number {
  const request = itemRequest.safeParse(body);
  if (request.success) return earliest(candidates(request.data, attribute));
  const parts = transaction.safeParse(body);
  if (parts.success) {
    const written = parts.data.TransactItems.flatMap((item) => [item.Put ?? item.Update ?? []]).flat();
    return earliest(
      written.filter((part) => part.TableName === tableName).flatMap((part) => candidates(part, attribute)),
    );
  }
  const requests = batch.safeParse(body);
  const puts = requests.success ? (requests.data.RequestItems[tableName] ?? []) : [];
  return earliest(puts.map((one) => one.PutRequest?.Item[attribute]));
}

function candidates(part: ItemRequest, attribute: string): readonly unknown[] {
  return part.Item === undefined ? Object.values(part.ExpressionAttributeValues ?? {}) : [part.Item[attribute]];
}

/** Instants only: 2001 to 2286 in seconds; counters and versions fall outside. */
function earliest(values: readonly unknown[]): number {
  const seconds = values.map((value) => Number(number.safeParse(value).data?.N ?? Number.NaN));
  return Math.min(Infinity, ...seconds.filter((value) => value >= 1e9 && value < 1e10));
}
