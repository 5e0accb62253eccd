import type { Actor } from '../../platform/actor.ts';
import type { Contribution } from '../../platform/store/contribution.ts';
import { isSolved, type Status, type Timeline, withEntries } from '../../sla/domain/timeline.ts';
import { contributionsOf } from './contributions.ts';
import { type TicketState, withDeadline } from './state.ts';
import type { Ticket } from './ticket.ts';

/** What happened, before the store gives it a version. */
export interface TicketEvent {
  readonly type: string;
  readonly at: string;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
  readonly facts: readonly Contribution[];
}

/** A decided change: the state after it, and the one event that tells it. */
export interface Decision {
  readonly state: TicketState;
  readonly event: TicketEvent;
}

const iso = (at: number): string => new Date(at).toISOString();

/** The fields that follow from a new status. */
export const statusFields = (ticket: Ticket, status: Status, at: number): Pick<Ticket, 'status' | 'resolvedAt'> => ({
  status,
  resolvedAt: isSolved(status) ? (ticket.resolvedAt ?? iso(at)) : null,
});

/**
 * Concludes a change: puts its entries into the timeline, recomputes the deadline, and works out what it contributes to the
 * KPIs. `at` is when it happened; the ticket is judged as of now, which is later when something was written down late.
 */
export const conclude = (
  before: Pick<TicketState, 'termsOf'> | TicketState,
  change: {
    readonly ticket: Ticket;
    readonly entries: Timeline;
    readonly at: number;
    readonly actor: Actor;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Decision => {
  const former = 'ticket' in before ? before : null;
  const timeline = withEntries(former?.timeline ?? [], change.entries);
  const version = (former?.ticket.version ?? 0) + 1;
  const now = Math.max(change.at, timeline.at(-1)?.at ?? change.at);
  const undated: TicketState = { ticket: { ...change.ticket, version }, timeline, termsOf: before.termsOf };
  const state: TicketState = { ...undated, ticket: withDeadline(undated, now) };
  return {
    state,
    event: {
      type: change.type,
      at: iso(change.at),
      actor: change.actor,
      data: change.data,
      facts: contributionsOf(former, state, now),
    },
  };
};
