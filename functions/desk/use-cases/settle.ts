import { raiseAlert } from '../../alerts/index.ts';
import { isoInstant } from '../../platform/clock.ts';
import type { DueMilestone, Milestone } from '../../sla/index.ts';
import type { Decision } from '../domain/decision.ts';
import { dueTelling, tell } from '../domain/telling.ts';
import type { ReadTicket } from '../store.ts';
import { audienceOf, namesFor } from './alert-people.ts';
import type { SettlePorts } from './ports.ts';

const kindOf = { breach: 'sla.breach', warning: 'sla.warning', level: 'sla.escalation' } as const;

/** Tells milestones of one kind on one clock apart: a second, different escalation is another alert, and so is a repetition. */
const markOf = (milestone: Milestone): string => (milestone.kind === 'breach' ? '' : milestone.claim);

const alertOf = async (ports: SettlePorts, ticket: ReadTicket['ticket'], due: DueMilestone, decision: Decision) => {
  const { clock, milestone } = due;
  return raiseAlert({
    table: ports.tickets.table,
    kind: kindOf[milestone.kind],
    level: milestone.kind === 'level' ? milestone.level : 0,
    repetition: milestone.kind === 'level' ? milestone.repetition : 0,
    ticket: { ...ticket, ...(await namesFor(ports, ticket)) },
    metric: clock.metric,
    cycle: clock.cycle,
    at: decision.event.at,
    dueAt: isoInstant(clock.dueAt),
    claimedAt: isoInstant(ports.clock.now()),
    audience: milestone.kind === 'level' ? await audienceOf(ports, ticket, milestone.targets) : null,
    mark: markOf(milestone),
  });
};

/**
 * Records every warning, breach and level that the ticket owes at this moment, each as an event with its alert in one
 * transaction, and returns the ticket after it. Run by the due handler and before every change, so that what is overdue is
 * recorded by its timestamps and not by who came first. @throws LostRace when somebody else changed the ticket meanwhile:
 * read again and repeat.
 */
export const settle = async (ports: SettlePorts, read: ReadTicket): Promise<ReadTicket> => {
  let current = read;
  for (;;) {
    const now = ports.clock.now();
    const due = dueTelling(current, now);
    if (due === null) return current;
    const decision = tell(current, due);
    const alert = await alertOf(ports, current.ticket, due, decision);
    const committed = await ports.tickets.commit(current, decision, { alertId: alert.alertId, also: [alert.item] });
    current = { ...decision.state, chain: committed.chain, descriptionHash: current.descriptionHash };
  }
};
