import { ValidationFailed } from '../../platform/errors.ts';
import { type Aggregate, isEmpty } from '../domain/aggregate.ts';
import type { Fact } from '../domain/fact.ts';
import type { GroupName } from '../domain/group.ts';
import { addDays } from '../domain/local-time.ts';
import type { Period } from '../domain/period.ts';
import { inParallel } from './in-parallel.ts';

export interface PeriodFactsPorts {
  readonly facts: { ofHour(kpi: string, hour: string): Promise<readonly Fact[]> };
  readonly rollups: {
    days(
      kpi: string,
      group: GroupName,
      range: { readonly first: string; readonly last: string },
      how: { readonly percentiles: boolean },
    ): Promise<readonly { readonly SK: string; readonly aggregate: Aggregate }[]>;
    hours(kpi: string, day: string, groups: readonly GroupName[]): Promise<readonly { readonly hour: string }[]>;
  };
}

/** What one answer may be made of; more is refused rather than cut (PITFALLS 19). */
const mostFacts = 20_000;
const atOnce = 16;

/**
 * All standing facts of a KPI in a period, in order of their hours: for reports that look at each of them. Only the hours
 * that the rollups know are read. @throws ValidationFailed when there are too many
 */
export const factsOfPeriod = async (
  { facts, rollups }: PeriodFactsPorts,
  kpi: string,
  { from, to }: Period,
): Promise<readonly Fact[]> => {
  const range = { first: from, last: addDays(to, -1) };
  const days = await rollups.days(kpi, 'all', range, { percentiles: false });
  const known = days.filter(({ aggregate }) => !isEmpty(aggregate));
  if (known.reduce((sum, { aggregate }) => sum + aggregate.n, 0) > mostFacts)
    throw new ValidationFailed([
      { path: 'from', message: `the period has more than ${mostFacts} of them; ask for a shorter one` },
    ]);
  const hours = await inParallel(known, atOnce, ({ SK }) => rollups.hours(kpi, SK, ['all']));
  const found = await inParallel(hours.flat(), atOnce, ({ hour }) => facts.ofHour(kpi, hour));
  return found.flat().filter(({ retracted }) => !retracted);
};
