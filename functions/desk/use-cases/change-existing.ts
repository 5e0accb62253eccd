import type { Principal } from '../../platform/actor.ts';
import { StaleVersion } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Decision } from '../domain/decision.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { ReadTicket } from '../store.ts';
import { type DeskPorts, readFor } from './ports.ts';
import { settle } from './settle.ts';

const attempts = 8;

/**
 * The way of every change of an existing ticket: read, check what the caller read, record what is overdue, decide, commit on
 * the version just read; a lost race decides again on what is there now. With If-Match a lost race is the caller's to solve.
 * `decide` answers null when nothing has to change.
 * @throws NotFound, StaleVersion, and what `decide` throws
 */
export const changeExisting = async (
  ports: DeskPorts,
  request: { readonly principal: Principal; readonly ticketId: string; readonly ifMatch: number | null },
  decide: (read: ReadTicket, now: number) => Decision | null | Promise<Decision | null>,
  remember?: (ticket: Ticket) => TransactItem | undefined,
): Promise<Ticket> => {
  for (let attempt = 1; ; attempt += 1) {
    const read = await readFor(ports, request.principal, request.ticketId);
    if (request.ifMatch !== null && request.ifMatch !== read.ticket.version)
      throw new StaleVersion(read.ticket.version);
    try {
      const settled = await settle(ports, read);
      const decision = await decide(settled, ports.clock.now());
      if (decision === null) return settled.ticket;
      await ports.tickets.commit(settled, decision, { once: remember?.(decision.state.ticket) });
      return decision.state.ticket;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};
