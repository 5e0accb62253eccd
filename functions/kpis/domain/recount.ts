/**
 * What may be wrong with what is derived from the events:
 * - `missing`, `stale`: a fact that the events say, and an older version of it;
 * - `altered`: one that says something else than its event, or is newer than every event;
 * - `unfounded`: one that no event says;
 * - `row`: a row of the list of tickets;
 * - `rollup`: an hour whose figures are not those of its facts.
 */
export const driftKinds = ['missing', 'stale', 'altered', 'unfounded', 'row', 'rollup'] as const;
export type DriftKind = (typeof driftKinds)[number];
export type Drift = Readonly<Record<DriftKind, number>>;

/** Counts of each kind, as they are kept and as they are answered. */
export const driftOfKinds = <Count>(count: Count): Record<DriftKind, Count> => ({
  missing: count,
  stale: count,
  altered: count,
  unfounded: count,
  row: count,
  rollup: count,
});

export const noDrift: Drift = driftOfKinds(0);
export const driftOf = (drift: Drift): number => driftKinds.reduce((sum, kind) => sum + drift[kind], 0);
export const plusDrift = (a: Drift, b: Drift): Drift => ({
  missing: a.missing + b.missing,
  stale: a.stale + b.stale,
  altered: a.altered + b.altered,
  unfounded: a.unfounded + b.unfounded,
  row: a.row + b.row,
  rollup: a.rollup + b.rollup,
});

/** Who asked: a person, the night, or the reader of the stream that missed heartbeats. */
export const recountReasons = ['requested', 'nightly', 'gap'] as const;
export const recountStates = ['waiting', 'running', 'done'] as const;
