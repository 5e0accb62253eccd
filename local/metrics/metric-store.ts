import type { MetricModel } from '../model.ts';

/** What was measured in a stretch of time. */
export interface Measured {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

interface Series {
  readonly metric: MetricModel;
  readonly minutes: Map<number, Measured>;
}

export const minuteMs = 60_000;

const joined = (one: Measured, other: Measured): Measured => ({
  sum: one.sum + other.sum,
  count: one.count + other.count,
  minimum: Math.min(one.minimum, other.minimum),
  maximum: Math.max(one.maximum, other.maximum),
});

const keyOf = ({ namespace, name, dimensions }: MetricModel): string =>
  [
    namespace,
    name,
    ...Object.entries(dimensions)
      .map((entry) => entry.join('='))
      .toSorted(),
  ].join('\0');

/** Metrics by the minute of virtual time, as CloudWatch keeps them, for as long as anything asks for. */
export class MetricStore {
  readonly #series = new Map<string, Series>();
  readonly #keptMinutes: number;

  constructor(keptMinutes: number) {
    this.#keptMinutes = keptMinutes;
  }

  /** Adds one value at an instant (ms). A metric with the same name and other dimensions is another metric. */
  add(metric: MetricModel, value: number, at: number): void {
    const key = keyOf(metric);
    const series = this.#series.get(key) ?? { metric, minutes: new Map<number, Measured>() };
    this.#series.set(key, series);
    const minute = Math.floor(at / minuteMs);
    const before = series.minutes.get(minute);
    const one = { sum: value, count: 1, minimum: value, maximum: value };
    series.minutes.set(minute, before === undefined ? one : joined(before, one));
    if (before === undefined) this.#forget(series, minute - this.#keptMinutes);
  }

  /** What was measured from one instant up to another, both at full minutes; null when nothing was. */
  between(metric: MetricModel, from: number, to: number): Measured | null {
    const minutes = this.#series.get(keyOf(metric))?.minutes;
    if (minutes === undefined) return null;
    let found: Measured | null = null;
    for (let minute = from / minuteMs; minute < to / minuteMs; minute += 1) {
      const measured = minutes.get(minute);
      if (measured !== undefined) found = found === null ? measured : joined(found, measured);
    }
    return found;
  }

  /** The metrics of a name, or all; each with its minutes from an instant on, oldest first. */
  list(
    name: string | null,
    from: number,
  ): readonly { readonly metric: MetricModel; readonly points: readonly (Measured & { readonly at: number })[] }[] {
    return [...this.#series.values()]
      .filter(({ metric }) => name === null || metric.name === name)
      .map(({ metric, minutes }) => ({
        metric,
        points: [...minutes]
          .map(([minute, measured]) => ({ at: minute * minuteMs, ...measured }))
          .filter(({ at }) => at >= from)
          .toSorted((one, other) => one.at - other.at),
      }));
  }

  clear(): void {
    this.#series.clear();
  }

  /** Minutes come nearly in order: the oldest stand first. */
  #forget({ minutes }: Series, until: number): void {
    for (const minute of minutes.keys()) {
      if (minute >= until) return;
      minutes.delete(minute);
    }
  }
}
