import * as z from 'zod';
import { type Aggregate, emptyAggregate, isEmpty } from '../domain/aggregate.ts';
import type { KpiDefinition } from '../domain/definitions.ts';
import { type Fact, verdictIn } from '../domain/fact.ts';
import type { GroupName } from '../domain/group.ts';
import { addDays } from '../domain/local-time.ts';
import type { Period } from '../domain/period.ts';

export interface ExplainPorts {
  readonly facts: {
    page(
      lane: { readonly kpi: string; readonly hour: string; readonly lane: number },
      after: string | null,
      limit: number,
    ): Promise<{ readonly facts: readonly Fact[]; readonly next: string | null }>;
  };
  readonly rollups: {
    days(
      kpi: string,
      group: GroupName,
      range: { readonly first: string; readonly last: string },
      how: { readonly percentiles: boolean },
    ): Promise<readonly { readonly SK: string; readonly aggregate: Aggregate }[]>;
    hours(
      kpi: string,
      day: string,
      groups: readonly GroupName[],
    ): Promise<readonly { readonly hour: string; readonly groups: ReadonlyMap<string, Aggregate> }[]>;
  };
  readonly lanes: number;
}

/** Where the next page begins: in this hour and lane, after this subject. */
export const explainPositionSchema = z.object({
  from: z.string(),
  to: z.string(),
  hour: z.string(),
  lane: z.number().int(),
  after: z.string().nullable(),
});
export type ExplainPosition = z.infer<typeof explainPositionSchema>;

export interface Explained {
  readonly ticketId: string;
  readonly at: string;
  readonly contribution: {
    readonly value: number | null;
    readonly excluded: string | null;
    readonly team: string | null;
    readonly customer: string | null;
    readonly priority: string;
    readonly subject: string;
    readonly version: number;
    readonly detail?: Readonly<Record<string, unknown>>;
  };
}

/** A page reads at most this many lanes of hours; it may be short then, and says so by its cursor. */
const lanesPerPage = 120;

const explain = (definition: KpiDefinition, group: GroupName, fact: Fact): Explained[] => {
  const verdict = verdictIn(definition, group, fact);
  if (verdict.kind === 'absent') return [];
  const { ticketId, at, value, team, customer, priority, subject, version, detail } = fact;
  const excluded = verdict.kind === 'excluded' ? verdict.reason : null;
  const said = { value, excluded, team, customer, priority, subject, version };
  return [{ ticketId, at, contribution: detail === undefined ? said : { ...said, detail } }];
};

/**
 * A page of the facts behind a figure: counting them, by the same rule that the rollups follow, gives the figure again.
 * Only hours whose rollups know the group are read. Ordered by hour; ends only at the end (PITFALLS 19).
 */
export const explainKpi = async (
  { facts, rollups, lanes }: ExplainPorts,
  question: {
    readonly definition: KpiDefinition;
    readonly group: GroupName;
    readonly period: Period;
    readonly limit: number;
    readonly position: ExplainPosition | null;
  },
): Promise<{ readonly items: Explained[]; readonly next: ExplainPosition | null }> => {
  const { definition, group, period, limit, position } = question;
  const kpi = definition.id;
  const items: Explained[] = [];
  let lanesRead = 0;
  const firstDay = position === null ? period.from : position.hour.slice(0, 10);
  const days = await rollups.days(
    kpi,
    group,
    { first: firstDay, last: addDays(period.to, -1) },
    { percentiles: false },
  );
  for (const day of days.filter(({ aggregate }) => !isEmpty(aggregate))) {
    const hours = await rollups.hours(kpi, day.SK, [group]);
    for (const { hour } of hours.filter(({ groups }) => !isEmpty(groups.get(group) ?? emptyAggregate))) {
      if (position !== null && hour < position.hour) continue;
      const resumed = position !== null && hour === position.hour;
      for (let lane = resumed ? position.lane : 0; lane < lanes; lane += 1) {
        let after = resumed && lane === position.lane ? position.after : null;
        do {
          if (items.length === limit || lanesRead === lanesPerPage)
            return { items, next: { ...period, hour, lane, after } };
          lanesRead += 1;
          const page = await facts.page({ kpi, hour, lane }, after, limit - items.length);
          items.push(...page.facts.flatMap((fact) => explain(definition, group, fact)));
          after = page.next;
        } while (after !== null);
      }
    }
  }
  return { items, next: null };
};
