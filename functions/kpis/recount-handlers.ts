import type * as z from 'zod';
import { type Clock, isoInstant, milliseconds } from '../platform/clock.ts';
import { IllegalTransition, NotFound, ValidationFailed } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import { newId } from '../platform/ids.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { isDate, startOfDay } from './domain/local-time.ts';
import { driftOf } from './domain/recount.ts';
import * as contract from './recount-routes.ts';
import type { RecountStore } from './store/recount-store.ts';
import { newRecount, type RecountJob } from './use-cases/recount-job.ts';

export interface RecountRoutesOptions {
  readonly recounts: RecountStore;
  readonly once: OnceRecords;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly zone: string;
}

type RecountBody = z.input<typeof contract.recountSchema>;

const instantOf = (at: number | null): string | null => (at === null ? null : isoInstant(at));

const bodyOf = (job: RecountJob): RecountBody => {
  const { id, state, reason, requestedBy, requestedAt, startedAt, endedAt, examined, drift } = job;
  return {
    id,
    state,
    reason,
    from: instantOf(job.from),
    to: instantOf(job.to),
    requestedBy,
    requestedAt,
    startedAt,
    endedAt,
    progress: {
      tickets: { examined: examined.tickets, of: job.numbered },
      facts: { compared: examined.facts },
      days: { examined: examined.days, of: job.days },
      failed: job.failed,
    },
    drift,
    repaired: driftOf(drift),
  };
};

const acceptedAnswer = (job: RecountJob): Answer<RecountBody> => ({
  status: 202,
  body: bodyOf(job),
  location: `/v1/kpi-recomputes/${job.id}`,
});

const readMoment = (zone: string, text: string | null | undefined): number | null => {
  if (text === null || text === undefined) return null;
  return isDate(text) ? startOfDay(zone, text) : milliseconds(text);
};

const runsAlready = ({ id, reason, state }: RecountJob): IllegalTransition =>
  new IllegalTransition(`${id} (${reason}) is ${state}; see /v1/kpi-recomputes/${id}, and ask again when it is done.`);

/** The routes of recounts: one is asked for, and what became of it. What runs them is job-recount. */
export const recountRoutes = (options: RecountRoutesOptions): readonly BoundRoute[] => [
  serve(contract.recomputeKpis, async ({ principal, body, once }) => {
    const { zone, clock, recounts } = options;
    const now = clock.now();
    const from = readMoment(zone, body.from);
    const to = readMoment(zone, body.to);
    if (from !== null && from > now) throw new ValidationFailed([{ path: 'from', message: 'lies in the future' }]);
    if (from !== null && to !== null && to <= from)
      throw new ValidationFailed([{ path: 'to', message: 'must be after from' }]);
    const running = await recounts.open();
    if (running !== null) throw runsAlready(running);
    const requestedAt = isoInstant(now);
    const asked = { reason: 'requested', slot: 'requested', from, to, requestedBy: principal.id, requestedAt } as const;
    const job = newRecount({ ...asked, id: newId('rcm', now) });
    const started = await recounts.start(job, remembering(options.once, once, acceptedAnswer)(job));
    if (started) return acceptedAnswer(job);
    throw runsAlready((await recounts.open()) ?? job);
  }),

  serve(contract.listRecomputes, async ({ query: { limit, cursor } }) => {
    const scope = 'kpi-recomputes';
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
    const { jobs, next } = await options.recounts.list(limit, after);
    const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
    return { status: 200, body: { items: jobs.map(bodyOf), nextCursor } };
  }),

  serve(contract.getRecompute, async ({ params: { recomputeId } }) => {
    const job = await options.recounts.find(recomputeId);
    if (job === null) throw new NotFound('recompute', recomputeId);
    return { status: 200, body: bodyOf(job) };
  }),
];
