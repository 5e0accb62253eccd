import { type Aggregate, aggregateOf, mergeAggregates } from '../domain/aggregate.ts';
import { definitionOf } from '../domain/definitions.ts';
import type { Fact } from '../domain/fact.ts';
import { type GroupName, groupsOf } from '../domain/group.ts';
import { dayOfHour, monthOfDay } from '../domain/local-time.ts';
import { inParallel } from './in-parallel.ts';
import type { Mark } from './mark.ts';

/** What a write of the rollup carries: when it was computed (ms), and under which lease. */
export interface Stamp {
  readonly computedAt: number;
  readonly epoch: number;
}

interface Computed {
  readonly aggregate: Aggregate;
}

export interface RollUpPorts {
  readonly facts: { ofHour(kpi: string, hour: string): Promise<readonly Fact[]> };
  readonly marks: { clear(mark: Mark): Promise<void> };
  readonly rollups: {
    /** The hours of a day in which these groups have, or had, facts. */
    hours(
      kpi: string,
      day: string,
      groups: readonly GroupName[],
    ): Promise<readonly { readonly groups: ReadonlyMap<string, Aggregate> }[]>;
    days(
      kpi: string,
      group: GroupName,
      range: { readonly first: string; readonly last: string },
      how: { readonly percentiles: boolean; readonly consistent?: boolean },
    ): Promise<readonly Computed[]>;
    putHour(
      kpi: string,
      hour: string,
      groups: ReadonlyMap<GroupName, Aggregate>,
      touched: readonly GroupName[],
      stamp: Stamp,
    ): Promise<void>;
    putDay(kpi: string, day: string, group: GroupName, aggregate: Aggregate, stamp: Stamp): Promise<void>;
    putMonth(kpi: string, month: string, group: GroupName, aggregate: Aggregate, stamp: Stamp): Promise<void>;
  };
}

/** A mark whose KPI this version does not know: a deployment fault. The mark stays. */
export class UnknownKpi extends Error {
  override readonly name = 'UnknownKpi';
}

const atOnce = 8;

/** The periods of the marks, each with the groups that have to be computed anew in it. */
const groupsBy = (
  marks: readonly Mark[],
  periodOf: (mark: Mark) => string,
): ReadonlyMap<string, ReadonlySet<GroupName>> => {
  const groups = new Map<string, Set<GroupName>>();
  for (const mark of marks) {
    const period = periodOf(mark);
    groups.set(period, (groups.get(period) ?? new Set<GroupName>()).union(new Set(mark.groups)));
  }
  return groups;
};

/**
 * Computes the marked groups of one KPI and one month anew: hours from their facts, days from their hours, the month from
 * its days; then clears the marks. Each level is read after the one below was written, and the marks go last, so a crash
 * anywhere leaves them and the next run does the same again. Nothing is added up twice because nothing is added up: every
 * item is replaced by what its parts say now.
 *
 * @throws LeaseLost when a later run has written meanwhile.
 */
export const rollUpMonth = async (
  { facts, marks, rollups }: RollUpPorts,
  unit: { readonly kpi: string; readonly marks: readonly Mark[] },
  stamp: Stamp,
): Promise<void> => {
  const { kpi } = unit;
  const definition = definitionOf(kpi);
  if (definition === undefined) throw new UnknownKpi(`There is no KPI ${kpi} in this version.`);
  await inParallel(unit.marks, atOnce, async ({ hour, groups: touched }) => {
    const known = await facts.ofHour(kpi, hour);
    const groups = new Set(known.flatMap(groupsOf));
    const byGroup = new Map([...groups].map((group) => [group, aggregateOf(definition, group, known)] as const));
    await rollups.putHour(kpi, hour, byGroup, touched, stamp);
  });
  for (const [day, groups] of groupsBy(unit.marks, ({ hour }) => dayOfHour(hour))) {
    const hours = await rollups.hours(kpi, day, [...groups]);
    await inParallel([...groups], atOnce, async (group) => {
      await rollups.putDay(
        kpi,
        day,
        group,
        mergeAggregates(hours.flatMap((hour) => hour.groups.get(group) ?? [])),
        stamp,
      );
    });
  }
  for (const [month, groups] of groupsBy(unit.marks, ({ hour }) => monthOfDay(dayOfHour(hour)))) {
    const range = { first: `${month}-01`, last: `${month}-31` };
    await inParallel([...groups], atOnce, async (group) => {
      const days = await rollups.days(kpi, group, range, {
        percentiles: definition.unit === 'seconds',
        consistent: true,
      });
      await rollups.putMonth(kpi, month, group, mergeAggregates(days.map(({ aggregate }) => aggregate)), stamp);
    });
  }
  await inParallel(unit.marks, atOnce, (mark) => marks.clear(mark));
};
