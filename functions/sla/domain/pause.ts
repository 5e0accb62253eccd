/** A stretch of time that a clock does not count. In milliseconds since the epoch. */
export interface Pause {
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  readonly reason: string;
}

/** Half-open: `to` is the first millisecond that is no longer in it. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Stretches in order, those that touch or overlap as one; reversed and empty ones are none. */
export const merged = (intervals: readonly Interval[]): readonly Interval[] => {
  const result: Interval[] = [];
  for (const { from, to } of intervals.filter((one) => one.to > one.from).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else result.push({ from, to });
  }
  return result;
};

/** What is left of a stretch without the pauses, which are in order and do not touch. */
export const without = (interval: Interval, pauses: readonly Interval[]): readonly Interval[] => {
  const left: Interval[] = [];
  let { from } = interval;
  for (const pause of pauses) {
    if (pause.to <= from) continue;
    if (pause.from >= interval.to) break;
    if (pause.from > from) left.push({ from, to: pause.from });
    from = pause.to;
  }
  if (from < interval.to) left.push({ from, to: interval.to });
  return left;
};

/** Pauses as stretches; one that lasts goes on until `end`. */
export const stretches = (pauses: readonly Pause[], end: number): readonly Interval[] =>
  merged(pauses.map(({ from, to }) => ({ from, to: to ?? end })));
