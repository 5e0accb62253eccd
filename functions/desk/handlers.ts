import type { BoundRoute, Answer } from '../platform/http/request.ts';
import { remembering } from '../platform/http/once-answer.ts';
import { recordedAnswer } from '../platform/http/result.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceKey, OnceRecords } from '../platform/store/once.ts';
import * as z from 'zod';
import { ValidationFailed } from '../platform/errors.ts';
import type { Ticket } from './domain/ticket.ts';
import type { TicketLists } from './lists.ts';
import * as contract from './routes.ts';
import { slaAnswer } from './sla-answer.ts';
import { change } from './use-cases/change.ts';
import { importTickets } from './use-cases/import-tickets.ts';
import { listTickets } from './use-cases/list-tickets.ts';
import { merge } from './use-cases/merge.ts';
import { noteCall } from './use-cases/note-call.ts';
import { open } from './use-cases/open.ts';
import { type DeskPorts, readFor } from './use-cases/ports.ts';
import { reply } from './use-cases/reply.ts';
import { setStatus } from './use-cases/set-status.ts';
import { timeline } from './use-cases/timeline.ts';

export interface DeskOptions extends DeskPorts {
  readonly lists: TicketLists;
  readonly cursors: Cursors;
  readonly once: OnceRecords;
}

/** What would be, if nothing happened, is computed day by day. */
const furthestAheadMs = 10 * 366 * 24 * 3600 * 1000;

const ticketAnswer =
  (status: number) =>
  (ticket: Ticket): Answer<Ticket> => ({
    status,
    body: ticket,
    version: ticket.version,
    ...(status === 201 ? { location: `/v1/tickets/${ticket.id}` } : {}),
  });

export const deskRoutes = (options: DeskOptions): readonly BoundRoute[] => {
  const { cursors } = options;
  const remember = (once: OnceKey | null, status: number) =>
    remembering<Ticket>(options.once, once, ticketAnswer(status));
  return [
    serve(contract.createTicket, async ({ principal, body, once }) =>
      ticketAnswer(201)(await open(options, principal, body, remember(once, 201))),
    ),
    serve(contract.listTickets, async ({ principal, query }) => {
      const { limit, cursor, sort, ...filter } = query;
      const scope = ['tickets', sort ?? null, filter, principal.customerId, principal.role === 'requester'];
      const after = cursor === undefined ? null : await cursors.open(scope, cursor, z.string());
      const page = await listTickets(options, principal, { filter, sort, limit, after });
      const nextCursor = page.next === null ? null : await cursors.seal(scope, page.next);
      return { status: 200, body: { items: [...page.rows], nextCursor } };
    }),
    serve(contract.importTickets, async ({ principal, body, once }) => {
      const actor = { id: principal.id, role: principal.role };
      const results = await importTickets(options, actor, body.tickets);
      const answer = {
        status: 200,
        body: { results: results.map((result) => ({ ...result, errors: [...result.errors] })) },
      };
      if (once !== null) await options.once.remember(once, recordedAnswer(answer));
      return answer;
    }),
    serve(contract.getTicket, async ({ principal, params }) =>
      ticketAnswer(200)((await readFor(options, principal, params.ticketId)).ticket),
    ),
    serve(contract.patchTicket, async ({ principal, params, body, ifMatch }) =>
      ticketAnswer(200)(await change(options, principal, { ticketId: params.ticketId, ifMatch, changes: body })),
    ),
    serve(contract.setTicketStatus, async ({ principal, params, body, ifMatch, once }) =>
      ticketAnswer(200)(
        await setStatus(options, principal, { ticketId: params.ticketId, ifMatch, ...body }, remember(once, 200)),
      ),
    ),
    serve(contract.replyToTicket, async ({ principal, params, body, ifMatch, once }) =>
      ticketAnswer(201)(
        await reply(options, principal, { ticketId: params.ticketId, ifMatch, ...body }, remember(once, 201)),
      ),
    ),
    serve(contract.noteCall, async ({ principal, params, body, ifMatch, once }) => {
      const call = { ...body, startedAt: Date.parse(body.startedAt), endedAt: Date.parse(body.endedAt) };
      const command = { ticketId: params.ticketId, ifMatch, ...call };
      return ticketAnswer(201)(await noteCall(options, principal, command, remember(once, 201)));
    }),
    serve(contract.mergeTicket, async ({ principal, params, body, ifMatch, once }) =>
      ticketAnswer(200)(
        await merge(options, principal, { ticketId: params.ticketId, ifMatch, ...body }, remember(once, 200)),
      ),
    ),
    serve(contract.getTimeline, async ({ principal, params, query }) => {
      const scope = ['timeline', params.ticketId];
      const after = query.cursor === undefined ? null : await cursors.open(scope, query.cursor, positionSchema);
      const page = await timeline(options, principal, { ticketId: params.ticketId, limit: query.limit, after });
      const nextCursor = page.next === null ? null : await cursors.seal(scope, page.next);
      return { status: 200, body: { items: [...page.items], nextCursor } };
    }),
    serve(contract.getSla, async ({ principal, params, query }) => {
      const read = await readFor(options, principal, params.ticketId);
      const now = options.clock.now();
      const at = query.at === undefined ? now : Date.parse(query.at);
      if (at > now + furthestAheadMs) {
        throw new ValidationFailed([{ path: 'at', message: 'lies more than ten years ahead' }]);
      }
      return { status: 200, body: slaAnswer(read, at) };
    }),
  ];
};
