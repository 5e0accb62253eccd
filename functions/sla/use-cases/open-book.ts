import { systemActor } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { derivedId } from '../../platform/ids.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { everySecond } from '../domain/calendar.ts';
import type { CalendarRules } from '../domain/calendar-rules.ts';
import { defaultPolicy } from '../domain/policy.ts';
import type { CalendarRecord, PolicyRecord } from '../item-kinds.ts';
import type { SlaStore, WantedCalendar } from '../store.ts';

export interface OpenBookPorts {
  readonly sla: Pick<SlaStore, 'write'>;
  readonly clock: Clock;
  /** Of the calendar in which a new desk counts working hours. */
  readonly zone: string;
}

/** What a new desk begins with; the same ids on every desk, so that two who begin at once make one. */
export const firstCalendars = {
  roundTheClock: derivedId('cal', 'round the clock'),
  business: derivedId('cal', 'business hours'),
} as const;
export const firstPolicyId = derivedId('slp', 'default');

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

const businessHours = (timezone: string): CalendarRules => ({
  timezone,
  hours: Object.fromEntries(weekdays.map((day) => [day, [['09:00', '17:00']]])),
  holidays: [],
  overrides: {},
});

/**
 * Gives a desk its first book (DESIGN section 5): two calendars and the default policy, as records like any other. Whoever needs
 * the book first does it; who comes second at the same time finds it there.
 */
export const openBook = async ({ sla, clock, zone }: OpenBookPorts): Promise<void> => {
  const at = isoInstant(clock.now());
  const born = { archivedAt: null, createdAt: at, updatedAt: at };
  const told = { at, actor: systemActor };
  const calendar = (id: string, name: string, rules: CalendarRules): WantedCalendar => {
    const next: CalendarRecord = { id, name, rules, ...born, version: 1 };
    return { next, read: null, told: { ...told, type: 'calendar.created', data: { id, name, rules } } };
  };
  const policy: PolicyRecord = { ...defaultPolicy(firstCalendars, firstPolicyId), ...born };
  try {
    await sla.write(
      {
        calendars: [
          calendar(firstCalendars.roundTheClock, 'Round the clock', { ...everySecond, timezone: zone }),
          calendar(firstCalendars.business, 'Business hours', businessHours(zone)),
        ],
        policies: [{ next: policy, read: null, told: { ...told, type: 'slaPolicy.created', data: { ...policy } } }],
      },
      { policies: [{ id: policy.id, version: policy.version }], read: null },
    );
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
  }
};
