import { mostViolations } from '../corrective-actions/index.ts';
import { type ExplainPorts, explainPositionSchema, monthOf, type Period, readPeriod } from '../kpis/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import type { FoundViolation, ReportRow } from './domain/report.ts';
import * as contract from './routes.ts';
import { findViolations } from './use-cases/find-violations.ts';
import { type ReportPorts, reportViolations } from './use-cases/report-violations.ts';

export interface ViolationsOptions extends ReportPorts {
  readonly facts: ReportPorts['facts'] & ExplainPorts['facts'];
  readonly rollups: ReportPorts['rollups'] & ExplainPorts['rollups'];
  readonly lanes: number;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly zone: string;
}

const bodyOf = (violation: FoundViolation, correctiveActions: readonly string[]) => ({
  ...violation,
  causeSeconds: { ...violation.causeSeconds },
  state: violation.actualSeconds === null ? ('running' as const) : ('ended' as const),
  correctiveActions: [...correctiveActions],
});

const rows = (some: readonly ReportRow[]): ReportRow[] => [...some];

/** The routes of violations. They write nothing: what is read are facts of the KPI, and what was decided about them. */
export const violationsRoutes = (options: ViolationsOptions): readonly BoundRoute[] => {
  const { zone, clock, cursors } = options;
  const periodOf = (query: { from?: string | undefined; to?: string | undefined }): Period =>
    query.from === undefined && query.to === undefined
      ? monthOf(zone, clock.now())
      : readPeriod(zone, clock.now(), query, 'day');
  return [
    serve(contract.listViolations, async ({ query: { limit, cursor, from, to, ...filter } }) => {
      const scope = ['violations', from ?? null, to ?? null, filter];
      const position = cursor === undefined ? null : await cursors.open(scope, cursor, explainPositionSchema);
      // Without from and to the first page settles which month is meant.
      const period = position ?? periodOf({ from, to });
      const asked = { filter, period: { from: period.from, to: period.to }, limit, position };
      const page = await findViolations(options, asked);
      const linked = await options.correctiveActions.ofViolations(page.violations.map(({ id }) => id));
      const nextCursor = page.next === null ? null : await cursors.seal(scope, page.next);
      return {
        status: 200,
        body: { items: page.violations.map((one) => bodyOf(one, linked.get(one.id) ?? [])), nextCursor },
      };
    }),

    serve(contract.reportViolations, async ({ query }) => {
      const period = periodOf(query);
      const report = await reportViolations(options, period, clock.now());
      return {
        status: 200,
        body: {
          ...period,
          totals: report.totals,
          byMetric: rows(report.byMetric),
          byCause: rows(report.byCause),
          byPriority: rows(report.byPriority),
          byTeam: rows(report.byTeam),
          byCustomer: rows(report.byCustomer),
          repeated: report.repeated.map(({ violationIds, correctiveActions, ...repetition }) => ({
            ...repetition,
            n: violationIds.length,
            violationIds: violationIds.slice(-mostViolations),
            correctiveActions: [...correctiveActions],
          })),
        },
      };
    }),
  ];
};
