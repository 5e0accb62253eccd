import * as z from 'zod';
import { type Calendar, roundTheClock } from './calendar.ts';
import { versionRefSchema } from './calendar-rules.ts';
import { metricSchema, priorities, type Priority, prioritySchema, statusSchema } from './timeline.ts';

/** Who is told at an escalation level; `topic` is everybody whose subscription matches. */
export const escalationTargets = ['assignee', 'onCall', 'teamLead', 'manager', 'topic'] as const;
export const escalationTargetSchema = z.enum(escalationTargets);
export type EscalationTarget = z.infer<typeof escalationTargetSchema>;

/** A promise: so many seconds of this calendar. */
const targetSchema = z.object({ seconds: z.number().int(), calendar: versionRefSchema });
export type Target = z.infer<typeof targetSchema>;

/** That a level is told again, so often and so far apart, while nobody takes care. */
const repeatSchema = z.object({ everySeconds: z.number().int(), times: z.number().int() });

export const levelSchema = z.object({
  metrics: z.array(metricSchema),
  /** Counted by the clock, from the deadline: negative before it. */
  offsetSeconds: z.number().int(),
  targets: z.array(escalationTargetSchema),
  /** Null: told once. */
  repeat: repeatSchema.nullable(),
});
export type Level = z.infer<typeof levelSchema>;

/** The offsets at which a level is told: its own, then those of its repetitions. */
export const offsetsOf = ({ offsetSeconds, repeat }: Pick<Level, 'offsetSeconds' | 'repeat'>): readonly number[] =>
  Array.from(
    { length: 1 + (repeat?.times ?? 0) },
    (_unused, repetition) => offsetSeconds + repetition * (repeat?.everySeconds ?? 0),
  );

/** Empty lists let everything through. */
export const conditionsSchema = z.object({
  customerId: z.array(z.string()),
  tier: z.array(z.string()),
  type: z.array(z.string()),
  priority: z.array(prioritySchema),
  serviceId: z.array(z.string()),
  teamId: z.array(z.string()),
  channel: z.array(z.string()),
});
export type Conditions = z.infer<typeof conditionsSchema>;

/** One version of a policy, as it is kept: for ever, since clocks of the past are computed by it. */
export const policySchema = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  /** The one that may hold for every ticket. */
  isDefault: z.boolean(),
  enabled: z.boolean(),
  conditions: conditionsSchema,
  /** Instants between which it is taken for tickets; null: without end. */
  effectiveFrom: z.string().nullable(),
  effectiveUntil: z.string().nullable(),
  calendarId: z.string(),
  targets: z.partialRecord(metricSchema, z.partialRecord(prioritySchema, targetSchema)),
  pausedBy: z.partialRecord(metricSchema, z.array(statusSchema)),
  /** Percent of the target. */
  warnings: z.array(z.number().int()),
  /** In the order of their offsets; the first is level 1. */
  levels: z.array(levelSchema),
});
export type Policy = z.infer<typeof policySchema>;

/** What conditions look at. */
export type PolicySubject = { readonly [Field in keyof Conditions]: string | null };

const lets = (allowed: readonly string[], value: string | null): boolean =>
  allowed.length === 0 || (value !== null && allowed.includes(value));

/** Whether a policy is for such a ticket at an instant. */
export const matchesPolicy = (policy: Policy, subject: PolicySubject, at: number): boolean => {
  const { conditions, enabled, effectiveFrom, effectiveUntil } = policy;
  return (
    enabled &&
    (effectiveFrom === null || Date.parse(effectiveFrom) <= at) &&
    (effectiveUntil === null || at < Date.parse(effectiveUntil)) &&
    lets(conditions.customerId, subject.customerId) &&
    lets(conditions.tier, subject.tier) &&
    lets(conditions.type, subject.type) &&
    lets(conditions.priority, subject.priority) &&
    lets(conditions.serviceId, subject.serviceId) &&
    lets(conditions.teamId, subject.teamId) &&
    lets(conditions.channel, subject.channel)
  );
};

/** A version of a policy, with the calendars that it names: what a clock is computed by. */
export interface Terms {
  readonly policy: Policy;
  readonly calendarOf: (target: Target) => Calendar;
}

const hour = 3600;
const target = (hours: number): Target => ({
  seconds: hours * hour,
  calendar: { id: roundTheClock.id, version: roundTheClock.version },
});
const forAll = (one: Target): Record<Priority, Target> => ({ critical: one, high: one, normal: one, low: one });

/** Of a new policy, unless it says otherwise (S-49). */
export const usualTerms = {
  enabled: true,
  conditions: { customerId: [], tier: [], type: [], priority: [], serviceId: [], teamId: [], channel: [] },
  effectiveFrom: null,
  effectiveUntil: null,
  pausedBy: { resolution: ['waiting_customer'], ola: ['waiting_customer', 'waiting_vendor'] },
  warnings: [75],
  levels: [],
} satisfies Partial<Policy>;

/** By these terms run the clocks of tickets that name no policy: those of the first desks, which had one and the same. */
export const firstTerms: Terms = {
  policy: {
    id: 'slp_default',
    version: 1,
    name: 'Round the clock',
    isDefault: true,
    ...usualTerms,
    calendarId: roundTheClock.id,
    targets: {
      firstResponse: forAll(target(1)),
      resolution: { critical: target(4), high: target(8), normal: target(24), low: target(72) },
    },
    pausedBy: { resolution: ['waiting_customer'] },
    warnings: [],
    levels: [],
  },
  calendarOf: () => roundTheClock,
};

/** The terms that a new desk begins with (DESIGN section 5, P-03, P-04). */
export const defaultPolicy = (
  calendars: { readonly roundTheClock: string; readonly business: string },
  id: string,
): Policy => {
  const counted = (hours: number, calendarId: string): Target => ({
    seconds: hours * hour,
    calendar: { id: calendarId, version: 1 },
  });
  return {
    id,
    version: 1,
    name: 'Default',
    isDefault: true,
    ...usualTerms,
    calendarId: calendars.business,
    targets: {
      firstResponse: Object.fromEntries(priorities.map((one) => [one, counted(1, calendars.roundTheClock)])),
      resolution: {
        critical: counted(4, calendars.roundTheClock),
        high: counted(8, calendars.business),
        normal: counted(24, calendars.business),
        low: counted(72, calendars.business),
      },
    },
  };
};
