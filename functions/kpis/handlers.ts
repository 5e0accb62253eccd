import type { Clock } from '../platform/clock.ts';
import { NotFound, ValidationFailed } from '../platform/errors.ts';
import type { BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { definitionOf, definitions, type KpiDefinition, listedTarget } from './domain/definitions.ts';
import { type GroupName, parseGroup } from './domain/group.ts';
import * as contract from './routes.ts';
import { answerKpi, type RollupReader } from './use-cases/answer-kpi.ts';
import { explainKpi, type ExplainPorts, explainPositionSchema } from './use-cases/explain-kpi.ts';
import { readPeriod } from './use-cases/read-period.ts';

export interface KpisOptions {
  readonly facts: ExplainPorts['facts'];
  readonly rollups: RollupReader & ExplainPorts['rollups'];
  readonly lanes: number;
  readonly cursors: Cursors;
  readonly clock: Clock;
  /** IANA name of the reporting zone. */
  readonly zone: string;
}

const definition = (kpiId: string): KpiDefinition => {
  const found = definitionOf(kpiId);
  if (found === undefined) throw new NotFound('KPI', kpiId);
  return found;
};

const group = (text: string): GroupName => {
  const found = parseGroup(text);
  if (found !== null) return found;
  throw new ValidationFailed([
    {
      path: 'group',
      message: 'must be all, team:<id>, customer:<id>, priority:<priority>, or only a team id, customer id or priority',
    },
  ]);
};

/** The routes of the KPI context, bound to what they read. They write nothing. */
export const kpisRoutes = ({ facts, rollups, lanes, cursors, clock, zone }: KpisOptions): readonly BoundRoute[] => [
  serve(contract.listKpis, async () => ({
    status: 200,
    body: {
      items: definitions.map((kpi) => {
        const { id, title, formula, unit, version, comparator, requirement } = kpi;
        return { id, title, formula, unit, version, target: listedTarget(kpi), comparator, requirement };
      }),
    },
  })),

  serve(contract.getKpi, async ({ params, query }) => {
    const { granularity, groupBy = null } = query;
    const now = clock.now();
    const question = {
      definition: definition(params.kpiId),
      period: readPeriod(zone, now, query, granularity),
      granularity,
      groupBy,
      percentiles: query.percentiles === 'true',
    };
    return { status: 200, body: await answerKpi(rollups, question, now) };
  }),

  serve(contract.explainKpi, async ({ params, query }) => {
    const kpi = definition(params.kpiId);
    const ofGroup = group(query.group);
    const scope = ['kpis.explain', kpi.id, ofGroup, query.from ?? null, query.to ?? null];
    const position = query.cursor === undefined ? null : await cursors.open(scope, query.cursor, explainPositionSchema);
    // Without from and to, the first page settles which days are meant: midnight may pass before the last.
    const period = position ?? readPeriod(zone, clock.now(), query, 'month');
    const page = await explainKpi(
      { facts, rollups, lanes },
      { definition: kpi, group: ofGroup, period: { from: period.from, to: period.to }, limit: query.limit, position },
    );
    const nextCursor = page.next === null ? null : await cursors.seal(scope, page.next);
    return { status: 200, body: { items: page.items, nextCursor } };
  }),
];
