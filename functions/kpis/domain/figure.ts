import type { Aggregate } from './aggregate.ts';
import type { Comparator, KpiDefinition } from './definitions.ts';
import { quantileOf } from './distribution.ts';
import { dimensionOf, type GroupName, keyOf } from './group.ts';
import { monthsIn, type Period } from './period.ts';

/** A figure in the shape of the contract. */
export interface Figure {
  readonly value: number | null;
  readonly unit: KpiDefinition['unit'];
  readonly numerator: number;
  readonly denominator: number;
  readonly n: number;
  readonly excluded: Record<string, number>;
  readonly target: number | null;
  readonly comparator: Comparator;
  readonly status: 'met' | 'missed' | 'no_data';
  readonly percentiles: {
    readonly p50: number;
    readonly p90: number;
    readonly p95: number;
    readonly p99: number;
  } | null;
  readonly formulaVersion: number;
  readonly asOf: string;
}

/** The target of a group for a period; volumes get the share of the period's days, to two decimals. */
export const targetOf = ({ target }: KpiDefinition, group: GroupName, period: Period): number | null => {
  switch (target.kind) {
    case 'fixed':
      return target.value;
    case 'byPriority':
      return target.values[dimensionOf(group) === 'priority' ? keyOf(group) : target.headline] ?? null;
    case 'perMonth':
      return Math.round(target.value * monthsIn(period) * 100) / 100;
  }
};

const holds = (value: number, comparator: Comparator, target: number): boolean => {
  switch (comparator) {
    case '<':
      return value < target;
    case '<=':
      return value <= target;
    case '>':
      return value > target;
    case '>=':
      return value >= target;
  }
};

/** A sketch's answer lies up to 1 % beside; the extremes are known exactly. */
const percentilesOf = ({ distribution, min, max }: Aggregate): Figure['percentiles'] => {
  if (distribution === null || min === null || max === null) return null;
  const at = (quantile: number): number => Math.min(max, Math.max(min, quantileOf(distribution, quantile) ?? min));
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
};

/**
 * The figure of a group over a period. Durations: sum / n. Shares: 100 x sum / n. Counts: n, and n is the denominator too, since there is nothing
 * to divide by. Nothing counted is `no_data`, never 0 and never met (REQUIREMENTS 1.5).
 */
export const figureOf = (
  definition: KpiDefinition,
  about: { readonly group: GroupName; readonly period: Period; readonly asOf: string },
  aggregate: Aggregate,
): Figure => {
  const { n, sum } = aggregate;
  const value = n === 0 ? null : { count: n, seconds: sum / n, percent: (100 * sum) / n }[definition.unit];
  const target = targetOf(definition, about.group, about.period);
  return {
    value,
    unit: definition.unit,
    numerator: definition.unit === 'count' ? n : sum,
    denominator: n,
    n,
    excluded: { ...aggregate.excluded },
    target,
    comparator: definition.comparator,
    status:
      value === null || target === null ? 'no_data' : holds(value, definition.comparator, target) ? 'met' : 'missed',
    percentiles: definition.unit === 'seconds' ? percentilesOf(aggregate) : null,
    formulaVersion: definition.version,
    asOf: about.asOf,
  };
};
