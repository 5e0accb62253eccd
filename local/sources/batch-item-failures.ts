import * as z from 'zod';

const schema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() }).nullish();

/**
 * The items that a function says have failed, or 'all' when it names one that was not in the batch or answers in another
 * shape. Nothing, null or an empty list is success.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const failedItems = (payload: string, known: ReadonlySet<string>): ReadonlySet<string> | 'all' => {
  const result = schema.safeParse(JSON.parse(payload));
  if (!result.success) return new Set();
  const failures = result.data?.batchItemFailures ?? [];
  return failures.every(({ itemIdentifier }) => known.has(itemIdentifier))
    ? new Set(failures.map(({ itemIdentifier }) => itemIdentifier))
    : 'all';
};
