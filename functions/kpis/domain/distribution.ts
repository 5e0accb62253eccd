/**
 * What percentiles are computed from. Up to 64 values are kept as they are, so that small figures are exact; more become a
 * DDSketch: a count for each bucket of relative width 2 % (https://arxiv.org/abs/1908.10693), whose middle is within 1 % of
 * every value in it. Either form is a function of the values alone, whatever the order in which they were added or merged.
 */
export type Distribution =
  | { readonly kind: 'values'; readonly values: readonly number[] }
  | { readonly kind: 'buckets'; readonly zeros: number; readonly counts: ReadonlyMap<number, number> };

export const exactUpTo = 64;

const relativeAccuracy = 0.01;
const gamma = (1 + relativeAccuracy) / (1 - relativeAccuracy);
const logGamma = Math.log(gamma);

const bucketOf = (value: number): number => Math.ceil(Math.log(value) / logGamma);
const middleOf = (bucket: number): number => (2 * gamma ** bucket) / (1 + gamma);

export const noValues: Distribution = { kind: 'values', values: [] };

const sizeOf = (distribution: Distribution): number =>
  distribution.kind === 'values'
    ? distribution.values.length
    : distribution.counts.values().reduce((sum, count) => sum + count, distribution.zeros);

const addTo = (counts: Map<number, number>, bucket: number, count: number): void => {
  counts.set(bucket, (counts.get(bucket) ?? 0) + count);
};

/** Merges any number of distributions. Values are never negative: durations and counts. */
export const mergeDistributions = (parts: readonly Distribution[]): Distribution => {
  const size = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  if (size <= exactUpTo) {
    const values = parts.flatMap((part) => (part.kind === 'values' ? part.values : []));
    return { kind: 'values', values: values.sort((a, b) => a - b) };
  }
  let zeros = 0;
  const counts = new Map<number, number>();
  for (const part of parts) {
    if (part.kind === 'buckets') {
      zeros += part.zeros;
      for (const [bucket, count] of part.counts) addTo(counts, bucket, count);
    } else {
      for (const value of part.values) {
        if (value > 0) addTo(counts, bucketOf(value), 1);
        else zeros += 1;
      }
    }
  }
  return { kind: 'buckets', zeros, counts: new Map([...counts].sort(([a], [b]) => a - b)) };
};

export const distributionOf = (values: readonly number[]): Distribution =>
  mergeDistributions([{ kind: 'values', values }]);

/** Nearest rank: the smallest value that at least the share `quantile` of all values does not exceed. Null without values. */
export const quantileOf = (distribution: Distribution, quantile: number): number | null => {
  const size = sizeOf(distribution);
  if (size === 0) return null;
  // 0.07 x 100 is a little more than 7 in floating point, and must not become 8.
  const rank = Math.min(size, Math.max(1, Math.ceil(quantile * size - 1e-9)));
  if (distribution.kind === 'values') return distribution.values[rank - 1] ?? null;
  let seen = distribution.zeros;
  if (rank <= seen) return 0;
  for (const [bucket, count] of distribution.counts) {
    seen += count;
    if (rank <= seen) return middleOf(bucket);
  }
  return null;
};
