/**
 * The most that the records of one batch may weigh, whatever the batch size says.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export const heaviestBatch = 6 * 1024 * 1024;

/** Around the records, and the comma after each. */
const envelopeBytes = 16;

/** Cuts records into batches of at most `count` that weigh at most `bytes` as JSON; a record alone goes whatever it weighs. */
export const batchesOf = <Item>(
  items: readonly Item[],
  { count, bytes }: { readonly count: number; readonly bytes: number },
): readonly (readonly Item[])[] => {
  const batches: Item[][] = [];
  let weight = 0;
  for (const item of items) {
    const own = bytes === Infinity ? 0 : Buffer.byteLength(JSON.stringify(item)) + 1;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= count || weight + own > bytes) {
      batches.push([item]);
      weight = envelopeBytes + own;
    } else {
      batch.push(item);
      weight += own;
    }
  }
  return batches;
};
