/** The smallest value that at least `percent` of all are not above (nearest rank); 0 of nothing. */
export const percentile = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((percent * values.length) / 100) - 1)] ?? 0;

export const median = (values: readonly number[]): number => percentile(values, 50);
