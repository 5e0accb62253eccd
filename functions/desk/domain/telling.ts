import { systemActor } from '../../platform/actor.ts';
import { type Clock, refOf } from '../../sla/domain/clock.ts';
import { type DueMilestone, dueMilestones, type Milestone } from '../../sla/domain/milestones.ts';
import type { Timeline, TimelineEntry } from '../../sla/domain/timeline.ts';
import { conclude, type Decision } from './decision.ts';
import { clocksAt, type TicketState } from './state.ts';

/** The earliest warning, breach or level that was past at `now` and is not an event yet, or null. */
export const dueTelling = (state: TicketState, now: number): DueMilestone | null =>
  dueMilestones(clocksAt(state, now), now)[0] ?? null;

/** The earliest deadline that was past at `now` and is not an event yet, or null. */
export const dueBreach = (state: TicketState, now: number): DueMilestone | null =>
  dueMilestones(clocksAt(state, now), now).find(({ milestone }) => milestone.kind === 'breach') ?? null;

const entryOf = ({ clock: { metric, cycle }, milestone }: DueMilestone, at: number): TimelineEntry => {
  switch (milestone.kind) {
    case 'breach':
      return { at, kind: 'breach', metric, cycle };
    case 'warning':
      return { at, kind: 'warning', metric, cycle, share: milestone.share };
    case 'level':
      return { at, kind: 'level', metric, cycle, offsetSeconds: milestone.offsetSeconds };
  }
};

const iso = (at: number): string => new Date(at).toISOString();

const typeOf = { breach: 'sla.breached', warning: 'sla.warned', level: 'sla.escalated' } as const;

const detailOf = (milestone: Milestone): Readonly<Record<string, unknown>> => {
  switch (milestone.kind) {
    case 'breach':
      return {};
    case 'warning':
      return { share: milestone.share };
    case 'level':
      return {
        level: milestone.level,
        ...(milestone.repetition === 0 ? {} : { repetition: milestone.repetition }),
        offsetSeconds: milestone.offsetSeconds,
        targets: [...milestone.targets],
      };
  }
};

/** When it happened: at its instant, or, when a change of the target moved that into the past, at the change; not when somebody noticed. */
export const toldAt = ({ milestone }: DueMilestone, timeline: Timeline): number =>
  Math.max(milestone.at, timeline.at(-1)?.at ?? milestone.at);

/**
 * Records that a deadline was missed, is near, or has a level that escalates (S-46, S-50): once for each clock, cycle and
 * offset, for ever. The ticket's `updatedAt` stays: a clock running on is not an update of the ticket.
 */
export const tell = (state: TicketState, due: DueMilestone): Decision => {
  const { clock, milestone } = due;
  const at = toldAt(due, state.timeline);
  return conclude(state, {
    ticket: state.ticket,
    entries: [entryOf(due, at)],
    at,
    actor: systemActor,
    type: typeOf[milestone.kind],
    data: {
      metric: clock.metric,
      cycle: clock.cycle,
      ...detailOf(milestone),
      dueAt: iso(clock.dueAt),
      targetSeconds: clock.targetSeconds,
      policy: refOf(clock.policy),
      calendar: refOf(clock.calendar),
    },
  });
};

/** The state in which everything past at `now` counts as told: history that is imported warns nobody of what is long over. */
export const silenced = (state: TicketState, now: number): TicketState => {
  const past = dueMilestones(clocksAt(state, now), now);
  const at = state.timeline.at(-1)?.at ?? now;
  return { ...state, timeline: [...state.timeline, ...past.map((due) => entryOf(due, at))] };
};

/** Somebody takes care of a missed or threatened promise: its clock escalates no further in this cycle. */
export const acknowledge = (
  state: TicketState,
  clock: Pick<Clock, 'metric' | 'cycle'>,
  by: {
    readonly alertId: string;
    readonly note: string | null;
    readonly actor: Decision['event']['actor'];
    readonly at: number;
  },
): Decision =>
  conclude(state, {
    ticket: state.ticket,
    entries: [{ at: by.at, kind: 'acknowledged', metric: clock.metric, cycle: clock.cycle }],
    at: by.at,
    actor: by.actor,
    type: 'sla.acknowledged',
    data: { metric: clock.metric, cycle: clock.cycle, alertId: by.alertId, note: by.note },
  });

/** The same of an alert that is about no clock: a drill or a backup. Nothing escalates, so the history alone has it. */
export const acknowledgeTrouble = (
  state: TicketState,
  by: {
    readonly alertId: string;
    readonly kind: string;
    readonly note: string | null;
    readonly actor: Decision['event']['actor'];
    readonly at: number;
  },
): Decision =>
  conclude(state, {
    ticket: state.ticket,
    entries: [],
    at: by.at,
    actor: by.actor,
    type: 'alert.acknowledged',
    data: { kind: by.kind, alertId: by.alertId, note: by.note },
  });
