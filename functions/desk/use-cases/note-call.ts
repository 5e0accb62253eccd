import type { Principal } from '../../platform/actor.ts';
import { IllegalTransition, ValidationFailed } from '../../platform/errors.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { type Call, noteCall as decideCall } from '../domain/call.ts';
import type { Ticket } from '../domain/ticket.ts';
import { changeExisting } from './change-existing.ts';
import type { DeskPorts } from './ports.ts';

/** How long after a call it may be written down. */
const lateAtMostMs = 7 * 24 * 3600 * 1000;

const problemsOf = ({ startedAt, endedAt }: Call, createdAt: number, now: number) => [
  ...(endedAt < startedAt ? [{ path: 'endedAt', message: 'is before startedAt' }] : []),
  ...(endedAt > now ? [{ path: 'endedAt', message: 'lies in the future; write a call down when it is over' }] : []),
  ...(startedAt < createdAt ? [{ path: 'startedAt', message: 'is before the ticket was opened' }] : []),
  ...(startedAt < now - lateAtMostMs ? [{ path: 'startedAt', message: 'is more than 7 days ago' }] : []),
];

/** Writes down a call (P-03). @throws NotFound, StaleVersion, ValidationFailed, IllegalTransition (closed ticket) */
export const noteCall = async (
  ports: DeskPorts,
  principal: Principal,
  command: Call & { readonly ticketId: string; readonly ifMatch: number | null },
  remember: (ticket: Ticket) => TransactItem | undefined,
): Promise<Ticket> => {
  const actor = { id: principal.id, role: principal.role };
  return changeExisting(
    ports,
    { principal, ...command },
    (read, now) => {
      const problems = problemsOf(command, Date.parse(read.ticket.createdAt), now);
      if (problems.length > 0) throw new ValidationFailed(problems);
      if (read.ticket.status === 'closed') {
        throw new IllegalTransition(
          'The ticket is closed, and that is final: open a new ticket that mentions this one.',
        );
      }
      return decideCall(read, command, actor, now);
    },
    remember,
  );
};
