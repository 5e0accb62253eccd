import type { Actor } from '../../platform/actor.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import {
  applyPolicy as decide,
  movedClocks,
  type ClockMove,
  type PolicyMove,
  policyMove,
} from '../domain/apply-policy.ts';
import type { Ticket } from '../domain/ticket.ts';
import { choiceFor, type DeskPorts } from './ports.ts';
import { settle } from './settle.ts';

const attempts = 8;

/** `since`: its policy was set after the application began, by it or by a change, so there is nothing left to look at. */
export type Applied = 'moved' | 'unchanged' | 'since';

/**
 * Applies a policy to one ticket: what is overdue is recorded first, so that no breach is undone by a later due date. Reads and
 * decides again when somebody else was first. Twice is harmless: a ticket that has the policy is left alone, and `counted`, which
 * counts it, stands in its transaction.
 */
export const applyPolicy = async (
  ports: DeskPorts,
  ticketId: string,
  how: {
    readonly policyId: string;
    readonly applicationId: string;
    readonly by: Actor;
    readonly begunAt: number;
    readonly counted: TransactItem;
  },
): Promise<Applied> => {
  for (let attempt = 1; ; attempt += 1) {
    const read = await ports.tickets.find(ticketId);
    if (read === null) return 'since';
    try {
      const settled = await settle(ports, read);
      const choice = await choiceFor(ports, settled.ticket.customerId);
      const decision = decide(settled, choice, { ...how, at: ports.clock.now() });
      if (decision === null) {
        const last = settled.timeline.findLast(({ kind }) => kind === 'policy');
        return last !== undefined && last.at >= how.begunAt ? 'since' : 'unchanged';
      }
      await ports.tickets.commit(settled, decision, { also: [how.counted] });
      return 'moved';
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};

/** What applying would do to a ticket. */
export interface PolicyEffect {
  readonly ticket: Ticket;
  readonly move: PolicyMove;
  readonly clocks: readonly ClockMove[];
}

/** What applying a policy would do to a ticket now; null: nothing. Writes nothing. */
export const policyEffect = async (
  ports: Pick<DeskPorts, 'policies' | 'clock'> & {
    readonly tickets: Pick<DeskPorts['tickets'], 'find'>;
    readonly people: Pick<DeskPorts['people'], 'store'>;
  },
  ticketId: string,
  policyId: string,
): Promise<PolicyEffect | null> => {
  const read = await ports.tickets.find(ticketId);
  if (read === null) return null;
  const choice = await choiceFor(ports, read.ticket.customerId);
  const now = ports.clock.now();
  // A policy that is not kept yet is known to the book alone, and so are the tickets’ versions that it has loaded.
  const state = { ...read, termsOf: choice.book.termsOf };
  const move = policyMove(state, choice, policyId, now);
  return move === null ? null : { ticket: read.ticket, move, clocks: movedClocks(state, move, now) };
};
