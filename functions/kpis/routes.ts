import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { pageOf, pageQuery, storedInstant } from '../platform/http/fields.ts';
import { dimensions } from './domain/group.ts';
import { granularities } from './domain/period.ts';
import { recountContract } from './recount-routes.ts';

/** Everyone who works here reads figures; customers do not. */
const readers: readonly Role[] = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'];

const comparator = z.enum(['<', '<=', '>', '>=']);
const units = ['percent', 'seconds', 'count', 'hours', 'money', 'score'] as const;

export const figureSchema = z
  .object({
    value: z.number().nullable().describe('Null when nothing counts; never 0 or 100 for want of data.'),
    unit: z.enum(units),
    numerator: z.number().describe('Sum of the values in whole seconds for durations, n for counts.'),
    denominator: z.number().describe('n; for counts too, which have nothing to be divided by.'),
    n: z.number().int(),
    excluded: z.record(z.string(), z.number().int()).describe('Reason -> how many were left out for it.'),
    target: z.number().nullable().describe('For volumes the share of the period in the target of a month.'),
    comparator,
    status: z.enum(['met', 'missed', 'no_data']),
    percentiles: z
      .object({ p50: z.number(), p90: z.number(), p95: z.number(), p99: z.number() })
      .nullable()
      .describe(
        'By nearest rank: exact for up to 64 values, else within 1 %. Null for counts, without data, and when not asked for.',
      ),
    formulaVersion: z.number().int(),
    asOf: storedInstant.describe('When the newest rollup in it was computed.'),
  })
  .meta({ id: 'Figure' });

const kpiId = z.strictObject({ kpiId: z.string().min(1).max(64) });

const period = {
  from: z
    .string()
    .max(40)
    .optional()
    .describe(
      'First local day, like 2026-03-01, or the instant at which it begins in the reporting zone. Default: 30 days before to.',
    ),
  to: z.string().max(40).optional().describe('First local day that is no longer in it. Default: tomorrow.'),
};

export const listKpis = defineRoute({
  method: 'GET',
  path: '/v1/kpis',
  summary: 'The KPIs and how they are computed',
  requirements: ['P-03', 'P-04', 'P-17'],
  roles: readers,
  customerScope: 'none',
  success: {
    status: 200,
    get answer() {
      return z.object({
        items: z.array(
          z
            .object({
              id: z.string(),
              title: z.string(),
              formula: z.string(),
              unit: z.enum(units),
              version: z.number().int(),
              target: z.number().nullable(),
              comparator,
              requirement: z.string(),
            })
            .meta({ id: 'Kpi' }),
        ),
      });
    },
  },
});

export const getKpi = defineRoute({
  method: 'GET',
  path: '/v1/kpis/{kpiId}',
  summary: 'A KPI over a period, day by day or month by month',
  description: [
    'Periods are half-open and in the reporting zone: a day is the local day, with 23 or 25 hours where clocks change.',
    'Without `groupBy` the series has every day or month, those without data too; with it, every group that has data.',
    'Months that the range cuts count with their days in it. At most 400 days by day and ten years by month, and 5,000 rows.',
  ].join('\n'),
  requirements: ['P-03', 'P-04', 'P-17'],
  roles: readers,
  customerScope: 'none',
  params: kpiId,
  get query() {
    return z.strictObject({
      ...period,
      granularity: z.enum(granularities).default('day'),
      groupBy: z.enum(dimensions).optional(),
      percentiles: z
        .enum(['true', 'false'])
        .default('true')
        .describe('`false` leaves the percentiles out, which makes long ranges cheaper to read.'),
    });
  },
  success: {
    status: 200,
    get answer() {
      return z.object({
        id: z.string(),
        total: figureSchema,
        series: z.array(
          z.object({
            from: z.iso.date(),
            to: z.iso.date(),
            group: z.string().describe('`all`, the id of a team or customer (`none` without one), or a priority.'),
            figure: figureSchema,
          }),
        ),
      });
    },
  },
  problems: [404],
});

export const explainKpi = defineRoute({
  method: 'GET',
  path: '/v1/kpis/{kpiId}/explain',
  summary: 'The tickets behind a figure',
  description:
    'Every contribution of the period, counted or excluded; counting them gives the figure again. A page may be short.',
  requirements: ['P-03', 'P-04', 'P-17'],
  roles: readers,
  customerScope: 'none',
  params: kpiId,
  get query() {
    return z.strictObject({
      ...period,
      group: z
        .string()
        .max(120)
        .default('all')
        .describe(
          '`all`, `team:<id>`, `customer:<id>`, `priority:<priority>`, or only the id or priority; `team:none` for those without.',
        ),
      ...pageQuery,
    });
  },
  success: {
    status: 200,
    get answer() {
      return pageOf(
        z
          .object({
            ticketId: z.string(),
            at: storedInstant,
            contribution: z.object({
              value: z.number().nullable(),
              excluded: z.string().nullable(),
              team: z.string().nullable(),
              customer: z.string().nullable(),
              priority: z.string(),
              subject: z.string(),
              version: z.number().int(),
              detail: z
                .record(z.string(), z.unknown())
                .optional()
                .describe(
                  'What else is known of the subject, for KPIs that have it: of `sla-violations` the violation.',
                ),
            }),
          })
          .meta({ id: 'KpiContribution' }),
      );
    },
  },
  problems: [404],
});

export const kpisContract: readonly RouteContract[] = [listKpis, getKpi, explainKpi, ...recountContract];
