import { raiseBreachAlert } from '../../alerts/index.ts';
import { isoInstant } from '../../platform/clock.ts';
import { overdueClock, recordBreach } from '../domain/breach.ts';
import type { ReadTicket } from '../store.ts';
import type { DeskPorts } from './ports.ts';

/**
 * Records every breach that the ticket owes at this moment, each as an event with its alert in one transaction, and returns
 * the ticket after it. Run by the due handler and before every change, so that what is overdue is recorded by its timestamps
 * and not by who came first. @throws LostRace when somebody else changed the ticket meanwhile: read again and repeat.
 */
export const settle = async (ports: DeskPorts, read: ReadTicket): Promise<ReadTicket> => {
  let current = read;
  for (;;) {
    const now = ports.clock.now();
    const clock = overdueClock(current, now);
    if (clock === null) return current;
    const decision = recordBreach(current, clock);
    const alert = raiseBreachAlert({
      table: ports.tickets.table,
      ticket: current.ticket,
      metric: clock.metric,
      cycle: clock.cycle,
      at: decision.event.at,
      claimedAt: isoInstant(now),
    });
    const committed = await ports.tickets.commit(current, decision, { alertId: alert.alertId, also: [alert.item] });
    current = { ...decision.state, chain: committed.chain, descriptionHash: current.descriptionHash };
  }
};
