import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, pageQuery, storedInstant } from '../platform/http/fields.ts';
import { causes } from './domain/violation.ts';

const readers: readonly Role[] = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'];

const seconds = z.number().int().nonnegative();
const terms = z.object({ id: z.string(), version: z.number().int() });

export const violationSchema = z
  .object({
    id: id('vio'),
    ticketId: z.string(),
    metric: z.string(),
    cycle: z.number().int(),
    priority: z.string(),
    teamId: z.string().nullable(),
    customerId: z.string().nullable(),
    targetSeconds: seconds,
    dueAt: storedInstant.describe('The deadline that was missed, as it stood then.'),
    actualSeconds: seconds.nullable().describe('What the clock had counted when it stopped; null while it runs.'),
    overrunSeconds: seconds.nullable(),
    state: z.enum(['running', 'ended']),
    cause: z
      .enum(causes)
      .describe(
        '`vendor` or `customer`: the clock went on counting while the ticket waited for them, and would have met its target without that. Else `us`. Provisional while it runs.',
      ),
    causeSeconds: z
      .object({ us: seconds, vendor: seconds, customer: seconds })
      .describe('Whose turn it was since the clock started, in open time of its calendar.'),
    policy: terms,
    calendar: terms,
    correctiveActions: z.array(z.string()),
  })
  .meta({ id: 'Violation' });

const period = {
  from: z
    .string()
    .max(40)
    .optional()
    .describe(
      'First local day of the reporting zone, or the instant at which it begins. Without from and to: this month.',
    ),
  to: z.string().max(40).optional().describe('First local day that is no longer in it.'),
};

export const listViolations = defineRoute({
  method: 'GET',
  path: '/v1/violations',
  summary: 'Broken promises, by the deadline that was missed',
  description: [
    'One for each ticket, metric and cycle. The earliest first, by hours of the reporting zone. They follow the tickets within seconds.',
    'One is taken back when its target is changed so that it is no longer exceeded.',
  ].join('\n\n'),
  requirements: ['S-50', 'S-49'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({
      ...period,
      teamId: id('tem').optional(),
      customerId: id('cus').optional(),
      metric: z.string().min(1).max(64).optional(),
      cause: z.enum(causes).optional(),
      priority: z.string().min(1).max(32).optional(),
      ...pageQuery,
    });
  },
  success: aPageOf(violationSchema),
});

const row = () =>
  z
    .object({
      key: z.string().describe('What they have in common: `none` without a team or customer.'),
      n: z.number().int(),
      running: z.number().int().describe('Those whose clock has not stopped: they have no overrun yet.'),
      tickets: z.number().int(),
      share: z
        .number()
        .nullable()
        .describe('Tickets with a violation for each hundred tickets created in the period; null without any.'),
      medianOverrunSeconds: seconds.nullable(),
      worstOverrunSeconds: seconds.nullable(),
    })
    .meta({ id: 'ViolationRow' });

export const reportViolations = defineRoute({
  method: 'GET',
  path: '/v1/violations/report',
  summary: 'The violations of a period, and what is done about repeated ones',
  description:
    'Repeated is the same metric missed three times or more for one customer, or by one team. It requires a corrective action; one that was cancelled, or had no effect, does not count.',
  requirements: ['S-50', 'S-51'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject(period);
  },
  success: {
    status: 200,
    get answer() {
      const shown = row();
      const rows = z.array(shown);
      return z
        .object({
          from: z.iso.date(),
          to: z.iso.date(),
          totals: shown,
          byMetric: rows,
          byCause: rows,
          byPriority: rows,
          byTeam: rows,
          byCustomer: rows,
          repeated: z.array(
            z.object({
              scope: z.enum(['customer', 'team']),
              key: z.string(),
              metric: z.string(),
              n: z.number().int(),
              violationIds: z
                .array(z.string())
                .describe('The latest of them, as many as one corrective action may name.'),
              correctiveActions: z.array(z.string()),
              actionRequired: z.boolean(),
            }),
          ),
        })
        .meta({ id: 'ViolationReport' });
    },
  },
});

export const violationsContract: readonly RouteContract[] = [listViolations, reportViolations];
