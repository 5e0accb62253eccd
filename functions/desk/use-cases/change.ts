import type { Principal } from '../../platform/actor.ts';
import { ValidationFailed } from '../../platform/errors.ts';
import { agents, teams } from '../../people/index.ts';
import { changeTicket, type TicketChanges } from '../domain/change.ts';
import type { Ticket } from '../domain/ticket.ts';
import { changeExisting } from './change-existing.ts';
import { choiceFor, type DeskPorts } from './ports.ts';

/** An assignee without a team of the ticket's brings the ticket to the own team, unless the caller says which. */
const completed = async (ports: DeskPorts, changes: TicketChanges): Promise<TicketChanges> => {
  if (changes.teamId != null && !(await ports.people.store.exists(teams, changes.teamId))) {
    throw new ValidationFailed([{ path: 'teamId', message: 'is not a team here' }]);
  }
  if (changes.assigneeId == null) return changes;
  const agent = await ports.people.store.find(agents, changes.assigneeId);
  if (agent === null) throw new ValidationFailed([{ path: 'assigneeId', message: 'is not an agent here' }]);
  return changes.teamId === undefined && agent.teamId !== null ? { ...changes, teamId: agent.teamId } : changes;
};

/** Changes fields of a ticket, under If-Match. @throws NotFound, StaleVersion, ValidationFailed */
export const change = async (
  ports: DeskPorts,
  principal: Principal,
  command: { readonly ticketId: string; readonly ifMatch: number | null; readonly changes: TicketChanges },
): Promise<Ticket> => {
  const changes = await completed(ports, command.changes);
  const actor = { id: principal.id, role: principal.role };
  return changeExisting(ports, { principal, ...command }, async (read, now) => {
    const choice = await choiceFor(ports, read.ticket.customerId);
    return changeTicket(read, changes, { actor, at: now, choice });
  });
};
