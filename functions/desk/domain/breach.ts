import { systemActor } from '../../platform/actor.ts';
import { roundTheClock } from '../../sla/domain/calendar.ts';
import type { Clock } from '../../sla/domain/clock.ts';
import { unrecordedBreaches } from '../../sla/domain/due.ts';
import { defaultPolicy } from '../../sla/domain/policy.ts';
import { conclude, type Decision } from './decision.ts';
import { clocksAt, type TicketState } from './state.ts';

/** The earliest deadline that had passed by `now` and is not an event yet, or null. */
export const overdueClock = (state: TicketState, now: number): Clock | null =>
  unrecordedBreaches(clocksAt(state.timeline, now))[0] ?? null;

/**
 * Records a breach. It happened at the due date, or, when a change of the target moved the due date into the past, at that
 * change; not when somebody noticed. The ticket's `updatedAt` stays: a clock running out is not an update of the ticket.
 */
export const recordBreach = (state: TicketState, clock: Clock): Decision => {
  const at = Math.max(clock.dueAt, state.timeline.at(-1)?.at ?? clock.dueAt);
  return conclude(state, {
    ticket: state.ticket,
    entries: [{ at, kind: 'breach', metric: clock.metric, cycle: clock.cycle }],
    at,
    actor: systemActor,
    type: 'sla.breached',
    data: {
      metric: clock.metric,
      cycle: clock.cycle,
      dueAt: new Date(clock.dueAt).toISOString(),
      targetSeconds: clock.targetSeconds,
      policy: { id: defaultPolicy.id, version: defaultPolicy.version },
      calendar: { id: roundTheClock.id, version: roundTheClock.version },
    },
  });
};
