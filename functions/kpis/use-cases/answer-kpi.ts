import { type Aggregate, isEmpty, mergeAggregates } from '../domain/aggregate.ts';
import type { KpiDefinition } from '../domain/definitions.ts';
import { type Figure, figureOf } from '../domain/figure.ts';
import { type Dimension, type GroupBy, type GroupName, keyOf } from '../domain/group.ts';
import { addDays, monthOfDay } from '../domain/local-time.ts';
import { type Granularity, type Period, split, wholeMonth } from '../domain/period.ts';
import { isoInstant } from '../../platform/clock.ts';
import { ValidationFailed } from '../../platform/errors.ts';
import { inParallel } from './in-parallel.ts';

export interface RolledUp {
  readonly aggregate: Aggregate;
  readonly computedAt: number;
}
type Days = ReadonlyMap<string, RolledUp>;

/** What figures are read from. */
export interface RollupReader {
  days(
    kpi: string,
    group: GroupName,
    range: { readonly first: string; readonly last: string },
    how: { readonly percentiles: boolean },
  ): Promise<readonly (RolledUp & { readonly SK: string })[]>;
  months(
    kpi: string,
    dimension: Dimension,
    range: { readonly first: string; readonly last: string },
  ): Promise<readonly (RolledUp & { readonly month: string; readonly group: GroupName })[]>;
}

export interface KpiQuestion {
  readonly definition: KpiDefinition;
  readonly period: Period;
  readonly granularity: Granularity;
  readonly groupBy: GroupBy | null;
  readonly percentiles: boolean;
}

export interface KpiAnswer {
  readonly id: string;
  readonly total: Figure;
  readonly series: { readonly from: string; readonly to: string; readonly group: string; readonly figure: Figure }[];
}

/** An answer holds at most this many rows; it is refused rather than cut (PITFALLS 19). */
export const mostRows = 5_000;

const tooManyRows = (): ValidationFailed =>
  new ValidationFailed([
    {
      path: 'groupBy',
      message: `would give more than ${mostRows} rows; ask for a shorter period or by granularity=month`,
    },
  ]);

/** The parts of a period that no whole month covers are read by day, whole months from their own rollup. */
class GroupReader {
  readonly #reader: RollupReader;
  readonly #question: KpiQuestion;
  readonly #months: ReadonlyMap<string, RolledUp>;
  readonly #group: GroupName;

  constructor(reader: RollupReader, question: KpiQuestion, group: GroupName, months: ReadonlyMap<string, RolledUp>) {
    this.#reader = reader;
    this.#question = question;
    this.#group = group;
    this.#months = months;
  }

  async parts(): Promise<readonly { readonly period: Period; readonly rolledUp: readonly RolledUp[] }[]> {
    const { period, granularity } = this.#question;
    const periods = split(period, granularity);
    if (granularity === 'day') {
      const days = await this.#days(period);
      return periods.map((part) => ({ period: part, rolledUp: this.#present(days.get(part.from)) }));
    }
    return inParallel(periods, 4, async (part) => {
      const month = wholeMonth(part);
      return {
        period: part,
        rolledUp: month === null ? [...(await this.#days(part)).values()] : this.#present(this.#months.get(month)),
      };
    });
  }

  #present(rolledUp: RolledUp | undefined): readonly RolledUp[] {
    return rolledUp === undefined ? [] : [rolledUp];
  }

  async #days({ from, to }: Period): Promise<Days> {
    const { definition, percentiles } = this.#question;
    const wanted = percentiles && definition.unit === 'seconds';
    const days = await this.#reader.days(
      definition.id,
      this.#group,
      { first: from, last: addDays(to, -1) },
      { percentiles: wanted },
    );
    return new Map(days.map((day) => [day.SK, day]));
  }
}

/** Answers KPI questions from rollups alone: cards, tables and reports all read the same records (REQUIREMENTS 1.5). */
export const answerKpi = async (reader: RollupReader, question: KpiQuestion, now: number): Promise<KpiAnswer> => {
  const { definition, period, granularity, groupBy } = question;
  const monthRange = { first: monthOfDay(period.from), last: monthOfDay(addDays(period.to, -1)) };

  const figure = (group: GroupName, of: Period, rolledUp: readonly RolledUp[]): Figure => {
    const merged = mergeAggregates(rolledUp.map(({ aggregate }) => aggregate));
    const newest = rolledUp.length === 0 ? now : Math.max(...rolledUp.map(({ computedAt }) => computedAt));
    const aggregate = question.percentiles ? merged : { ...merged, distribution: null };
    return figureOf(definition, { group, period: of, asOf: isoInstant(newest) }, aggregate);
  };

  const monthsOf = async (dimension: Dimension) => {
    const months = await reader.months(definition.id, dimension, monthRange);
    return Map.groupBy(months, ({ group }) => group);
  };
  const monthsByName = (months: readonly (RolledUp & { readonly month: string })[] | undefined) =>
    new Map((months ?? []).map((month) => [month.month, month]));

  const totalMonths = granularity === 'month' ? await monthsOf('all') : new Map();
  const total = await new GroupReader(reader, question, 'all', monthsByName(totalMonths.get('all'))).parts();

  const answer = {
    id: definition.id,
    total: figure(
      'all',
      period,
      total.flatMap(({ rolledUp }) => rolledUp),
    ),
  };
  if (groupBy === null) {
    return {
      ...answer,
      series: total.map((part) => ({
        ...part.period,
        group: 'all',
        figure: figure('all', part.period, part.rolledUp),
      })),
    };
  }

  const groups = await monthsOf(groupBy);
  const names = [...groups.keys()].sort();
  if (names.length > mostRows) throw tooManyRows();
  let rows = 0;
  const ofGroups = await inParallel(names, 10, async (group) => {
    if (rows > mostRows) throw tooManyRows();
    const parts = await new GroupReader(reader, question, group, monthsByName(groups.get(group))).parts();
    const present = parts.filter(({ rolledUp }) => rolledUp.some(({ aggregate }) => !isEmpty(aggregate)));
    rows += present.length;
    return present.map((part) => ({
      ...part.period,
      group: keyOf(group),
      figure: figure(group, part.period, part.rolledUp),
    }));
  });
  if (rows > mostRows) throw tooManyRows();
  return { ...answer, series: ofGroups.flat().sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)) };
};
