import type { KpiDefinition } from './definitions.ts';
import { type Distribution, distributionOf, mergeDistributions, noValues } from './distribution.ts';
import { type Fact, verdictIn } from './fact.ts';
import type { GroupName } from './group.ts';

/** What a group's facts of an hour, day or month come to; merging two of them is adding. */
export interface Aggregate {
  /** How many facts count. */
  readonly n: number;
  /** Of their values; whole seconds for durations. */
  readonly sum: number;
  /** Null without values. */
  readonly min: number | null;
  readonly max: number | null;
  /** Reason -> how many facts were left out for it. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Only of durations; null when it was not read. */
  readonly distribution: Distribution | null;
}

export const emptyAggregate: Aggregate = { n: 0, sum: 0, min: null, max: null, excluded: {}, distribution: noValues };

export const isEmpty = (aggregate: Aggregate): boolean =>
  aggregate.n === 0 && Object.keys(aggregate.excluded).length === 0;

const extreme = (pick: (...values: number[]) => number, values: readonly (number | null)[]): number | null => {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  return known.length === 0 ? null : known.reduce((a, b) => pick(a, b));
};

const addExcluded = (parts: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const total: Record<string, number> = {};
  for (const [reason, count] of parts.flatMap((part) => Object.entries(part)))
    total[reason] = (total[reason] ?? 0) + count;
  return total;
};

/** The aggregate of several periods, or lanes, of one group. Its distribution is null when one of theirs is. */
export const mergeAggregates = (parts: readonly Aggregate[]): Aggregate => {
  const distributions = parts.flatMap((part) => (part.distribution === null ? [] : [part.distribution]));
  return {
    n: parts.reduce((sum, part) => sum + part.n, 0),
    sum: parts.reduce((sum, part) => sum + part.sum, 0),
    min: extreme(
      Math.min,
      parts.map((part) => part.min),
    ),
    max: extreme(
      Math.max,
      parts.map((part) => part.max),
    ),
    excluded: addExcluded(parts.map((part) => part.excluded)),
    distribution: distributions.length === parts.length ? mergeDistributions(distributions) : null,
  };
};

/** The aggregate of facts, as one group sees them. */
export const aggregateOf = (definition: KpiDefinition, group: GroupName, facts: readonly Fact[]): Aggregate => {
  const verdicts = facts.map((fact) => verdictIn(definition, group, fact));
  const values = verdicts.flatMap((verdict) => (verdict.kind === 'counted' ? [verdict.value] : []));
  return {
    n: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: extreme(Math.min, values),
    max: extreme(Math.max, values),
    excluded: addExcluded(
      verdicts.flatMap((verdict) => (verdict.kind === 'excluded' ? [{ [verdict.reason]: 1 }] : [])),
    ),
    distribution: definition.unit === 'seconds' ? distributionOf(values) : noValues,
  };
};
