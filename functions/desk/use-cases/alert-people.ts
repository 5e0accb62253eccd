import { agents, customers, type PeopleStore, teams } from '../../people/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { EscalationTarget } from '../../sla/index.ts';
import type { Ticket } from '../domain/ticket.ts';

/** Who is called at night, by team. */
export interface OnCall {
  /** The agent who is on call for a team at an instant (ms); null without a rota. */
  agentOf(teamId: string, at: number): Promise<string | null>;
}

export interface AlertPeoplePorts {
  readonly people: { readonly store: PeopleStore };
  readonly onCall: OnCall;
  readonly clock: Clock;
}

type Whose = Pick<Ticket, 'customerId' | 'teamId' | 'assigneeId'>;

/** The names that stand in an alert: who reads it at night knows no ids. Three reads, at a breach and at no other change. */
export const namesFor = async (
  { people }: Pick<AlertPeoplePorts, 'people'>,
  { customerId, teamId, assigneeId }: Whose,
): Promise<{ teamName?: string; customerName?: string; assignee?: string }> => {
  const [team, customer, assignee] = await Promise.all([
    teamId === null ? null : people.store.find(teams, teamId),
    customerId === null ? null : people.store.find(customers, customerId),
    assigneeId === null ? null : people.store.find(agents, assigneeId),
  ]);
  return {
    ...(team === null ? {} : { teamName: team.name }),
    ...(customer === null ? {} : { customerName: customer.name }),
    ...(assignee === null ? {} : { assignee: assignee.name }),
  };
};

/**
 * Whom an escalation level means (S-46), as agents: the assignee, who is on call for the team, the team's leads, the managers.
 * Null: everybody whose subscription matches, because the level says so or because it means nobody who is there.
 */
export const audienceOf = async (
  { people, onCall, clock }: AlertPeoplePorts,
  { teamId, assigneeId }: Whose,
  targets: readonly EscalationTarget[],
): Promise<{ readonly agentIds: readonly string[] } | null> => {
  if (targets.includes('topic')) return null;
  const wanted = new Set<string>();
  if (targets.includes('assignee') && assigneeId !== null) wanted.add(assigneeId);
  if (targets.includes('onCall') && teamId !== null) {
    const agentId = await onCall.agentOf(teamId, clock.now());
    if (agentId !== null) wanted.add(agentId);
  }
  if (targets.includes('teamLead') || targets.includes('manager')) {
    for (const { id, role, teamId: own } of await people.store.allAgents()) {
      if (targets.includes('teamLead') && role === 'lead' && own !== null && own === teamId) wanted.add(id);
      if (targets.includes('manager') && role === 'manager') wanted.add(id);
    }
  }
  return wanted.size === 0 ? null : { agentIds: [...wanted] };
};
