import {
  answerKpi,
  definitionOf,
  factsOfPeriod,
  type GroupBy,
  type Period,
  type PeriodFactsPorts,
  type RollupReader,
} from '../../kpis/index.ts';
import { figuresOf, type Repetition, repetitionsOf, type ViolationFigures, type Volumes } from '../domain/report.ts';
import { violationOfFact, violationsKpi } from './find-violations.ts';

export interface ReportPorts {
  readonly facts: PeriodFactsPorts['facts'];
  readonly rollups: PeriodFactsPorts['rollups'] & RollupReader;
  readonly correctiveActions: {
    /** The corrective actions that name each of these violations. */
    ofViolations(violationIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
    /** Those of these that stand against a repetition: not given up, and not without effect. */
    standing(ids: readonly string[]): Promise<ReadonlySet<string>>;
  };
}

export interface ReportedRepetition extends Repetition {
  readonly correctiveActions: readonly string[];
  readonly actionRequired: boolean;
}

export interface ViolationReport extends ViolationFigures {
  readonly repeated: readonly ReportedRepetition[];
}

/** How many tickets were created in the period, from the KPI that counts them. */
const volumesOf = async (rollups: RollupReader, period: Period, now: number): Promise<Volumes> => {
  const definition = definitionOf('ticket-volume');
  const none = new Map<string, number>();
  if (definition === undefined) return { all: 0, priority: none, team: none, customer: none };
  const asked = { definition, period, granularity: 'month', percentiles: false } as const;
  const by = async (groupBy: GroupBy): Promise<ReadonlyMap<string, number>> => {
    const counts = new Map<string, number>();
    for (const { group, figure } of (await answerKpi(rollups, { ...asked, groupBy }, now)).series)
      counts.set(group, (counts.get(group) ?? 0) + figure.n);
    return counts;
  };
  const [all, priority, team, customer] = await Promise.all([
    answerKpi(rollups, { ...asked, groupBy: null }, now),
    by('priority'),
    by('team'),
    by('customer'),
  ]);
  return { all: all.total.n, priority, team, customer };
};

/** The violations of a period: what they come to, and which promises were broken repeatedly, with what is done about it. */
export const reportViolations = async (ports: ReportPorts, period: Period, now: number): Promise<ViolationReport> => {
  const facts = await factsOfPeriod(ports, violationsKpi().id, period);
  const violations = facts.map(violationOfFact);
  const volumes = await volumesOf(ports.rollups, period, now);
  const repetitions = repetitionsOf(violations);
  const concerned = [...new Set(repetitions.flatMap(({ violationIds }) => violationIds))];
  const linked = await ports.correctiveActions.ofViolations(concerned);
  const standing = await ports.correctiveActions.standing([...new Set([...linked.values()].flat())]);
  const repeated = repetitions.map((repetition) => {
    const actions = new Set(repetition.violationIds.flatMap((id) => linked.get(id) ?? []));
    const correctiveActions = [...actions].filter((id) => standing.has(id)).sort();
    return { ...repetition, correctiveActions, actionRequired: correctiveActions.length === 0 };
  });
  return { ...figuresOf(violations, volumes), repeated };
};
