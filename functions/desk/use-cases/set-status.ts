import { isMachine, type Principal } from '../../platform/actor.ts';
import { IllegalTransition } from '../../platform/errors.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Status } from '../../sla/index.ts';
import { moveTicket } from '../domain/move.ts';
import { mayMove, nextStatuses } from '../domain/status.ts';
import type { Ticket } from '../domain/ticket.ts';
import { changeExisting } from './change-existing.ts';
import type { DeskPorts } from './ports.ts';

/** Leads a ticket to another status (S-24). @throws NotFound, StaleVersion, IllegalTransition (409) naming what is possible */
export const setStatus = async (
  ports: DeskPorts,
  principal: Principal,
  command: {
    readonly ticketId: string;
    readonly ifMatch: number | null;
    readonly status: Status;
    readonly reason: string | null;
    readonly note: string | null;
  },
  remember: (ticket: Ticket) => TransactItem | undefined,
): Promise<Ticket> => {
  const actor = { id: principal.id, role: principal.role };
  return changeExisting(
    ports,
    { principal, ...command },
    (read, now) => {
      const from = read.ticket.status;
      if (!mayMove(from, command.status)) {
        const possible = nextStatuses(from);
        throw new IllegalTransition(
          possible.length === 0
            ? `The ticket is ${from}, and that is final: open a new ticket.`
            : `A ticket that is ${from} cannot become ${command.status}; it can become: ${possible.join(', ')}.`,
        );
      }
      return moveTicket(read, command.status, { ...command, byMachine: isMachine(actor) }, actor, now);
    },
    remember,
  );
};
