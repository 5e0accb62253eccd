import type { Actor } from '../../platform/actor.ts';
import { conclude, type Decision } from './decision.ts';
import { nextPolicy, type PolicyChoice } from './policy-choice.ts';
import type { TicketState } from './state.ts';
import type { Ticket } from './ticket.ts';

/** The fields that a person may change directly; undefined leaves one as it is. */
export interface TicketChanges {
  readonly priority?: Ticket['priority'] | undefined;
  readonly subject?: string | undefined;
  readonly teamId?: string | null | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

const fields = ['priority', 'subject', 'teamId', 'assigneeId', 'tags'] as const;
const assignment: readonly string[] = ['teamId', 'assigneeId'];
/** Of these, what policies look at. */
const chosenBy: readonly string[] = ['priority', 'teamId'];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Changes fields. Null when nothing would change: no event without a change. Team and assignee alone make a
 * `ticket.assigned`; anything else a `ticket.updated` that names old and new of every field. Another policy may be for the
 * ticket afterwards: its targets then hold from the original start, and the pauses that were taken stay.
 */
export const changeTicket = (
  state: TicketState,
  changes: TicketChanges,
  { actor, at, choice }: { readonly actor: Actor; readonly at: number; readonly choice: PolicyChoice },
): Decision | null => {
  const { ticket, timeline } = state;
  const changed = fields.filter((field) => changes[field] !== undefined && !same(changes[field], ticket[field]));
  if (changed.length === 0) return null;
  const next: Ticket = {
    ...ticket,
    ...Object.fromEntries(changed.map((field) => [field, changes[field]])),
    updatedAt: new Date(at).toISOString(),
  };
  const onlyAssignment = changed.every((field) => assignment.includes(field));
  const side = ({ teamId, assigneeId }: Ticket) => ({ teamId, assigneeId });
  return conclude(state, {
    ticket: next,
    entries: [
      ...(changed.includes('priority') ? [{ at, kind: 'priority' as const, priority: next.priority }] : []),
      ...(changed.includes('teamId') ? [{ at, kind: 'team' as const, assigned: next.teamId !== null }] : []),
      ...(changed.some((field) => chosenBy.includes(field)) ? nextPolicy(choice, timeline, next, at) : []),
    ],
    at,
    actor,
    type: onlyAssignment ? 'ticket.assigned' : 'ticket.updated',
    data: onlyAssignment
      ? { from: side(ticket), to: side(next) }
      : { changes: Object.fromEntries(changed.map((field) => [field, { from: ticket[field], to: next[field] }])) },
  });
};
