import { isoInstant } from '../platform/clock.ts';
import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import * as z from 'zod';
import type { Applications } from './applications.ts';
import type { Application } from './domain/application.ts';
import type { PolicyBook } from './domain/book.ts';
import type { VersionRef } from './domain/calendar-rules.ts';
import type { Clock } from './domain/clock.ts';
import type { PolicyBooks } from './policy-books.ts';
import * as contract from './policy-routes.ts';
import { bookForPreview } from './use-cases/preview-policy.ts';
import type { RunApplicationPorts } from './use-cases/run-application.ts';
import type { SlaPorts } from './use-cases/ports.ts';
import { startApplication } from './use-cases/start-application.ts';

/** What applying a policy would do to a ticket; the desk tells. */
export interface TicketEffect {
  readonly ticket: { readonly id: string; readonly number: string };
  readonly move: { readonly from: VersionRef | null; readonly to: VersionRef | null };
  readonly clocks: readonly {
    readonly metric: Clock['metric'];
    readonly cycle: number;
    readonly dueAt: number | null;
    readonly newDueAt: number | null;
    readonly state: Clock['state'] | null;
    readonly newState: Clock['state'] | null;
  }[];
}

export interface ApplicationPorts {
  readonly applications: Applications;
  readonly running: RunApplicationPorts['running'];
  /** Null: nothing. */
  readonly effectOf: (ticketId: string, policyId: string, book: PolicyBook) => Promise<TicketEffect | null>;
}

/** Tickets that are read at once. */
const together = 10;

type ApplicationBody = z.input<typeof contract.applicationAnswer>;

const applicationBody = (application: Application): ApplicationBody => {
  const { id, policyId, state, moved, unchanged, failed, startedAt, endedAt, by } = application;
  const examined = moved + unchanged + failed;
  return { id, policyId, state, examined, moved, unchanged, failed, startedAt, endedAt, by: by.id };
};
const startedAnswer = (application: Application): Answer<ApplicationBody> => ({
  status: 202,
  body: applicationBody(application),
  location: `/v1/sla-policies/${application.policyId}/applications/${application.id}`,
});

const isoOrNull = (at: number | null): string | null => (at === null ? null : isoInstant(at));

const effectBody = ({ ticket, move: { from, to }, clocks }: TicketEffect) => ({
  ticketId: ticket.id,
  number: ticket.number,
  policy: { from, to },
  clocks: clocks.map((clock) => ({
    ...clock,
    dueAt: isoOrNull(clock.dueAt),
    newDueAt: isoOrNull(clock.newDueAt),
  })),
});

export const applicationRoutes = (
  options: ApplicationPorts &
    SlaPorts & { readonly books: PolicyBooks; readonly cursors: Cursors; readonly once: OnceRecords },
): readonly BoundRoute[] => [
  serve(contract.previewPolicy, async ({ params: { policyId }, query: { limit, cursor }, body: { change } }) => {
    const scope = ['policy preview', policyId, change ?? null];
    const after = cursor === undefined ? '' : await options.cursors.open(scope, cursor, z.string());
    const book = await bookForPreview(options, policyId, change);
    const { ticketIds, next } = await options.running.page(after, limit);
    const items: ReturnType<typeof effectBody>[] = [];
    for (let start = 0; start < ticketIds.length; start += together) {
      const some = ticketIds.slice(start, start + together);
      const effects = await Promise.all(some.map((ticketId) => options.effectOf(ticketId, policyId, book)));
      items.push(...effects.flatMap((effect) => (effect === null ? [] : [effectBody(effect)])));
    }
    const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
    return { status: 200, body: { items, examined: ticketIds.length, nextCursor } };
  }),

  serve(contract.applyPolicy, async ({ principal: { id, role }, params: { policyId }, once }) => {
    const remember = remembering(options.once, once, startedAnswer);
    return startedAnswer(await startApplication(options, policyId, { actor: { id, role }, remember }));
  }),

  serve(contract.listApplications, async ({ params: { policyId }, query: { limit, cursor } }) => {
    if ((await options.sla.policy(policyId)) === null) throw new NotFound('SLA policy', policyId);
    const scope = ['applications', policyId];
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
    const page = await options.applications.list(policyId, limit, after);
    const nextCursor = page.next === null ? null : await options.cursors.seal(scope, page.next);
    return { status: 200, body: { items: page.items.map(applicationBody), nextCursor } };
  }),

  serve(contract.getApplication, async ({ params: { policyId, applicationId } }) => {
    const found = await options.applications.find(applicationId);
    if (found === null || found.policyId !== policyId) throw new NotFound('application of this policy', applicationId);
    return { status: 200, body: applicationBody(found) };
  }),
];
