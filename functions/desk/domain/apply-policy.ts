import type { Actor } from '../../platform/actor.ts';
import { policyOf } from '../../sla/domain/book.ts';
import type { VersionRef } from '../../sla/domain/calendar-rules.ts';
import { type Clock, isLive, refOf } from '../../sla/domain/clock.ts';
import { firstTerms } from '../../sla/domain/policy.ts';
import { isSolved, type Timeline, withEntries } from '../../sla/domain/timeline.ts';
import { conclude, type Decision } from './decision.ts';
import { appliedPolicy, type PolicyChoice } from './policy-choice.ts';
import { clocksAt, type TicketState } from './state.ts';
import { silenced } from './telling.ts';

/** From which policy to which a ticket goes when one is applied; null: none. */
export interface PolicyMove {
  readonly from: VersionRef | null;
  readonly to: VersionRef | null;
  readonly entries: Timeline;
}

const isRunning = ({ ticket }: TicketState): boolean => !isSolved(ticket.status) && ticket.mergedInto === null;

/**
 * What applying this policy does to a ticket that is running: it has the policy in another version, or the policy is no longer
 * for it, or is for it now. Null: nothing, also when it would go from one other policy to another.
 */
export const policyMove = (
  state: TicketState,
  choice: PolicyChoice,
  policyId: string,
  at: number,
): PolicyMove | null => {
  if (!isRunning(state)) return null;
  const entries = appliedPolicy(choice, state.timeline, state.ticket, Math.max(at, state.timeline.at(-1)?.at ?? at));
  const [entry] = entries;
  if (entry?.kind !== 'policy') return null;
  const before = policyOf(state.timeline);
  const from = before === undefined ? refOf(firstTerms.policy) : before;
  if (from?.id !== policyId && entry.policy?.id !== policyId) return null;
  return { from, to: entry.policy, entries };
};

/** Applies a policy to a ticket. Null: there is nothing to do, as there is when it was done already. */
export const applyPolicy = (
  state: TicketState,
  choice: PolicyChoice,
  how: { readonly policyId: string; readonly applicationId: string; readonly by: Actor; readonly at: number },
): Decision | null => {
  const move = policyMove(state, choice, how.policyId, how.at);
  if (move === null) return null;
  const { from, to, entries } = move;
  return conclude(state, {
    ticket: state.ticket,
    entries,
    at: entries[0]?.at ?? how.at,
    actor: how.by,
    type: 'sla.policyApplied',
    data: { from, to, by: how.by.id, applicationId: how.applicationId },
  });
};

/** A clock before and after; `newDueAt` null: nothing is promised any more. `dueAt` null: nothing was. */
export interface ClockMove {
  readonly metric: Clock['metric'];
  readonly cycle: number;
  readonly dueAt: number | null;
  readonly newDueAt: number | null;
  readonly state: Clock['state'] | null;
  readonly newState: Clock['state'] | null;
}

/** The clocks that a move sets otherwise. As when it is done: what is overdue by then is recorded first, and stays. */
export const movedClocks = (state: TicketState, { entries }: PolicyMove, at: number): readonly ClockMove[] => {
  const before = silenced(state, at);
  const now = Math.max(at, entries[0]?.at ?? at);
  const after = { ...before, timeline: withEntries(before.timeline, entries) };
  const old = clocksAt(before, now);
  const nameOf = ({ metric, cycle }: Clock): string => `${metric} ${cycle}`;
  const formerly = new Map(old.map((clock) => [nameOf(clock), clock]));
  return clocksAt(after, now).flatMap((clock) => {
    const former = formerly.get(nameOf(clock));
    const promised = isLive(clock);
    if (!promised && (former === undefined || !isLive(former))) return [];
    const move: ClockMove = {
      metric: clock.metric,
      cycle: clock.cycle,
      dueAt: former?.dueAt ?? null,
      newDueAt: promised ? clock.dueAt : null,
      state: former?.state ?? null,
      newState: clock.state,
    };
    return move.dueAt === move.newDueAt && move.state === move.newState ? [] : [move];
  });
};
