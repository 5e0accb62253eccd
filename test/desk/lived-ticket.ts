import { changeTicket } from '../../functions/desk/domain/change.ts';
import type { Decision } from '../../functions/desk/domain/decision.ts';
import { moveTicket } from '../../functions/desk/domain/move.ts';
import { openTicket } from '../../functions/desk/domain/open.ts';
import { replyToTicket } from '../../functions/desk/domain/reply.ts';
import type { TicketState } from '../../functions/desk/domain/state.ts';
import { nextStatuses } from '../../functions/desk/domain/status.ts';
import { dueBreach, tell } from '../../functions/desk/domain/telling.ts';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { readViolation } from '../../functions/violations/domain/read-violation.ts';
import { roundTheClockPolicies as choice } from '../sla/policies.ts';

/** What happens to a ticket some minutes after what happened before. */
export interface Step {
  readonly minutes: number;
  readonly status?: TicketState['ticket']['status'];
  readonly priority?: TicketState['ticket']['priority'];
  readonly teamId?: string | null;
  readonly tags?: readonly string[];
  readonly reply?: true;
  /** Nothing but the desk's own timer. */
  readonly attend?: true;
}

const actor = { id: 'agt_1', role: 'agent' } as const;
export const ticketId = 'tkt_01J8Z0K3V5W7Y9ABCDEFGHJKMN';
export const start = Date.parse('2026-03-02T09:00:00Z');
const minute = 60_000;

/** A ticket that lives through these steps by the desk's own rules, its overdue clocks recorded as they are: its decisions in order. */
export const lived = (
  steps: readonly Step[],
  priority: TicketState['ticket']['priority'] = 'high',
): readonly Decision[] => {
  const fields = {
    id: ticketId,
    number: 'T-1',
    externalId: null,
    subject: 'Checkout answers 502',
    description: '',
    requesterId: 'ctc_1',
    customerId: 'cus_1',
    serviceId: null,
    type: 'incident' as const,
    priority,
    channel: 'email' as const,
    teamId: 'tem_1',
    tags: [],
  };
  const decisions: Decision[] = [openTicket(fields, actor, start, choice)];
  const state = () => decisions.at(-1)!.state;
  const take = (decision: Decision | null) => {
    if (decision !== null) decisions.push(decision);
  };
  let now = start;
  for (const { minutes, status, reply, attend, ...changes } of steps) {
    now += minutes * minute;
    for (let due = dueBreach(state(), now); due !== null; due = dueBreach(state(), now)) take(tell(state(), due));
    if (status !== undefined) {
      if (nextStatuses(state().ticket.status).includes(status))
        take(moveTicket(state(), status, { reason: null, note: null, byMachine: false }, actor, now));
    } else if (reply === true) {
      const said = {
        body: { text: 'On it.' } as never,
        visibility: 'public',
        channel: 'email',
        onBehalfOf: null,
        automatic: false,
      } as const;
      take(replyToTicket(state(), said, actor, now));
    } else if (attend !== true && state().ticket.status !== 'closed')
      take(changeTicket(state(), changes, { actor, at: now, choice }));
  }
  return decisions;
};

/** The facts that stand after these decisions, as the stream keeps them: of each place the last version. */
export const violationFacts = (decisions: readonly Decision[]): readonly Contribution[] => {
  const facts = new Map<string, Contribution>();
  for (const { event } of decisions)
    for (const said of event.facts.filter(({ kpi }) => kpi === 'sla-violations'))
      facts.set(`${said.at} ${said.subject}`, said);
  return [...facts.values()].filter(({ retracted }) => retracted !== true);
};

export const violationsAfter = (decisions: readonly Decision[]) =>
  violationFacts(decisions).map((fact) => ({ ...readViolation(fact), team: fact.team, priority: fact.priority }));
