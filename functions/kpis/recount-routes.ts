import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, instant, pageQuery, storedInstant } from '../platform/http/fields.ts';
import { driftOfKinds, recountReasons, recountStates } from './domain/recount.ts';

/** Who answers for the figures may have them counted again; who audits them may see that it was done. */
const askers: readonly Role[] = ['manager', 'admin'];
const readers: readonly Role[] = ['manager', 'auditor', 'admin'];

const count = z.number().int();

export const recountSchema = z
  .object({
    id: id('rcm'),
    state: z.enum(recountStates),
    reason: z
      .enum(recountReasons)
      .describe('`gap`: records of the stream were lost, and it was started by itself over just that time.'),
    from: storedInstant.nullable(),
    to: storedInstant.nullable(),
    requestedBy: z.string().nullable().describe('Null for those that nobody asked for.'),
    requestedAt: storedInstant,
    startedAt: storedInstant.nullable(),
    endedAt: storedInstant.nullable(),
    progress: z.object({
      tickets: z.object({
        examined: count.describe('Those that were changed in the period, some twice.'),
        of: count.describe('How many tickets there were when it began.'),
      }),
      facts: z.object({ compared: count }),
      days: z.object({ examined: count, of: count.describe('Local days times KPIs.') }),
      failed: count.describe('Tickets that could not be examined.'),
    }),
    drift: z
      .object(driftOfKinds(count))
      .describe(
        'What was found and put right, by kind: facts that were not there, were older than their event, said something else, or are said by no event; rows of the list of tickets; hours whose figures were not those of their facts.',
      ),
    repaired: count.describe('All of them together.'),
  })
  .meta({ id: 'Recompute' });

/** A local day or an instant, as the caller writes it; the handler reads it in the reporting zone. */
const moment = z
  .string()
  .max(40)
  .refine(
    (text) => z.iso.date().safeParse(text).success || instant.safeParse(text).success,
    'must be a local day like 2026-03-01, or an instant with Z or an offset',
  )
  .nullish();

export const recomputeKpis = defineRoute({
  method: 'POST',
  path: '/v1/kpis/recompute',
  summary: 'Count the KPIs again from the events',
  description: [
    'Compares facts, figures and the list of tickets with what the events say, and puts right in place what differs: of every ticket that was changed between `from` and `to` its whole history, and of every day between them all that is kept. Without `from` from the first ticket on.',
    'It begins within a minute, runs beside the desk, and figures follow by themselves. One that was asked for runs at a time: 409 names it.',
  ].join('\n\n'),
  requirements: ['P-03', 'P-04', 'P-17'],
  roles: askers,
  customerScope: 'none',
  body: z.strictObject({
    from: moment.describe('First local day, or instant.'),
    to: moment.describe('First local day that is no longer in it, or instant.'),
  }),
  success: { status: 202, answer: recountSchema },
  problems: [409],
  example: { from: '2026-03-01', to: '2026-04-01' },
});

export const listRecomputes = defineRoute({
  method: 'GET',
  path: '/v1/kpi-recomputes',
  summary: 'What was counted again, the newest first',
  requirements: ['P-03', 'P-04', 'P-17'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({ ...pageQuery });
  },
  success: aPageOf(recountSchema),
});

export const getRecompute = defineRoute({
  method: 'GET',
  path: '/v1/kpi-recomputes/{recomputeId}',
  summary: 'How far a recompute is, and what it found',
  requirements: ['P-03', 'P-04', 'P-17'],
  roles: readers,
  customerScope: 'none',
  params: z.strictObject({ recomputeId: z.string().min(1).max(64) }),
  success: { status: 200, answer: recountSchema },
  problems: [404],
});

export const recountContract: readonly RouteContract[] = [recomputeKpis, listRecomputes, getRecompute];
