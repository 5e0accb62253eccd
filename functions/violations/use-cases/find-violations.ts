import {
  definitionOf,
  type Explained,
  explainKpi,
  type ExplainPorts,
  type ExplainPosition,
  type Fact,
  type GroupName,
  type KpiDefinition,
  type Period,
} from '../../kpis/index.ts';
import { derivedId } from '../../platform/ids.ts';
import { readViolation } from '../domain/read-violation.ts';
import type { FoundViolation } from '../domain/report.ts';
import type { Cause } from '../domain/violation.ts';

const kpi = 'sla-violations';

/** The KPI that violations are counted by. */
export class NotAKpi extends Error {
  override readonly name = 'NotAKpi';
}

export const violationsKpi = (): KpiDefinition => {
  const found = definitionOf(kpi);
  if (found === undefined) throw new NotAKpi(`${kpi} is not among the definitions of KPIs.`);
  return found;
};

const found = (
  fact: Pick<Fact, 'subject' | 'ticketId' | 'at' | 'team' | 'customer' | 'priority' | 'detail'>,
): FoundViolation => {
  const violation = readViolation(fact);
  return {
    id: derivedId('vio', fact.ticketId, violation.metric, String(violation.cycle)),
    ticketId: fact.ticketId,
    priority: fact.priority,
    teamId: fact.team,
    customerId: fact.customer,
    ...violation,
  };
};

/** A fact of the KPI as a violation. */
export const violationOfFact = (fact: Fact): FoundViolation => found(fact);

const violationOf = ({ ticketId, at, contribution }: Explained): FoundViolation =>
  found({ ticketId, at, ...contribution });

export interface ViolationFilter {
  readonly teamId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly priority?: string | undefined;
  readonly metric?: string | undefined;
  readonly cause?: Cause | undefined;
}

/** The narrowest group that figures are kept for: its hours are all that has to be read. */
const groupOf = ({ customerId, teamId, priority }: ViolationFilter): GroupName => {
  if (customerId !== undefined) return `customer:${customerId}`;
  if (teamId !== undefined) return `team:${teamId}`;
  return priority === undefined ? 'all' : `priority:${priority}`;
};

const fits = (violation: FoundViolation, filter: ViolationFilter): boolean =>
  (filter.teamId === undefined || violation.teamId === filter.teamId) &&
  (filter.customerId === undefined || violation.customerId === filter.customerId) &&
  (filter.priority === undefined || violation.priority === filter.priority) &&
  (filter.metric === undefined || violation.metric === filter.metric) &&
  (filter.cause === undefined || violation.cause === filter.cause);

/** How often a page that the filter emptied is filled up before it is answered short. */
const mostRounds = 8;

/** A page of violations by the deadline that was missed, the earliest first, by hours; ends only at the end. */
export const findViolations = async (
  ports: ExplainPorts,
  question: {
    readonly filter: ViolationFilter;
    readonly period: Period;
    readonly limit: number;
    readonly position: ExplainPosition | null;
  },
): Promise<{ readonly violations: readonly FoundViolation[]; readonly next: ExplainPosition | null }> => {
  const { filter, period, limit } = question;
  const asked = { definition: violationsKpi(), group: groupOf(filter), period };
  const violations: FoundViolation[] = [];
  let { position } = question;
  for (let round = 1; ; round += 1) {
    const page = await explainKpi(ports, { ...asked, limit: limit - violations.length, position });
    violations.push(...page.items.map(violationOf).filter((violation) => fits(violation, filter)));
    if (page.next === null || violations.length >= limit || round === mostRounds)
      return { violations, next: page.next };
    position = page.next;
  }
};
