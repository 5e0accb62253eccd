import type { CalendarRules } from '../../../functions/sla/domain/calendar-rules.ts';
import type { Policy } from '../../../functions/sla/domain/policy.ts';
import { addDays, localTime, weekdays } from '../../../functions/sla/domain/zone.ts';
import {
  metrics,
  priorities,
  statuses,
  type Timeline,
  type TimelineEntry,
} from '../../../functions/sla/domain/timeline.ts';
import type { Chance } from './chance.ts';

/** A calendar, a few versions of policies, and what happened to a ticket: all by chance, all instants on whole seconds. */
export interface World {
  readonly calendars: readonly CalendarRules[];
  readonly policies: readonly Policy[];
  /** Without what was told: that follows from the sweeps. */
  readonly timeline: Timeline;
  /** When the desk looked at the ticket, in order; the last one is the instant that is asked for. */
  readonly looks: readonly number[];
}

const second = 1000;
const minute = 60 * second;

/** Clocks are set in these nights and days, forward and back, by an hour and by half an hour, at midnight and in the morning. */
const changes = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2025-11-02T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Santiago', '2026-04-05T03:00:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
] as const;
const quiet = ['UTC', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Europe/Berlin', 'America/St_Johns'] as const;

const two = (value: number): string => String(value).padStart(2, '0');
const clockTime = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/**
 * Windows of a day, most of them in the hours that the ticket lives in: on quarters or not, touching, overlapping, over
 * midnight; now and then none.
 */
const windows = (chance: Chance, noon: number): [string, string][] => {
  if (chance.is(0.1)) return [];
  const near = Array.from({ length: chance.between(1, 4) }, () => {
    const from = Math.max(0, noon + (chance.is(0.5) ? 15 * chance.between(-8, 16) : chance.between(-120, 240)));
    return [from, from + (chance.is(0.5) ? 15 * chance.between(1, 8) : chance.between(1, 120))] as const;
  });
  // So that nobody waits for days.
  const wide = chance.is(0.7)
    ? ([
        [chance.is(0.5) ? 0 : chance.between(0, 60), chance.between(90, 300)],
        [chance.between(1100, 1300), 1440],
      ] as const)
    : [];
  return [...near, ...wide].flatMap(([from, to]) =>
    from < 1439 ? [[clockTime(from), clockTime(Math.min(1440, to))]] : [],
  );
};

const calendar = (chance: Chance, zone: string, start: number): CalendarRules => {
  const { date: today, ms } = localTime(zone, start);
  const noon = Math.floor(ms / minute);
  const near = [-1, 0, 1, 2].map((days) => addDays(today, days));
  const roundTheClock = chance.is(0.15);
  const hours = Object.fromEntries(
    weekdays.map((day) => [day, roundTheClock ? [['00:00', '24:00'] as [string, string]] : windows(chance, noon)]),
  );
  // Every day has a chance: what never opens is no calendar.
  if (!roundTheClock) hours[chance.of(weekdays)] = [['00:00', '24:00']];
  return {
    timezone: zone,
    hours,
    holidays: chance.is(0.2) ? chance.some(near, 0.3) : [],
    overrides: chance.is(0.2)
      ? Object.fromEntries(chance.some(near, 0.4).map((date) => [date, windows(chance, noon)]))
      : {},
  };
};

const pausing = ['waiting_customer', 'waiting_vendor', 'waiting_internal', 'new'] as const;

const policy = (chance: Chance, version: number, calendars: number): Policy => ({
  id: 'slp_random',
  version,
  name: `version ${version}`,
  isDefault: true,
  enabled: true,
  conditions: { customerId: [], tier: [], type: [], priority: [], serviceId: [], teamId: [], channel: [] },
  effectiveFrom: null,
  effectiveUntil: null,
  calendarId: 'cal_0',
  targets: Object.fromEntries(
    chance.some(metrics, 0.8).map((metric) => [
      metric,
      Object.fromEntries(
        chance.some(priorities, 0.85).map((priority) => [
          priority,
          {
            // Shares of 50 and 75 % of it are whole seconds.
            seconds: 4 * chance.between(15, chance.is(0.2) ? 1_000 : 200),
            calendar: { id: `cal_${chance.between(0, calendars - 1)}`, version: 1 },
          },
        ]),
      ),
    ]),
  ),
  pausedBy: Object.fromEntries(metrics.map((metric) => [metric, chance.some(pausing, 0.4)])),
  warnings: chance.of([[], [75], [50, 75]]),
  levels: [-300, -60, 60, 600].flatMap((offsetSeconds) =>
    chance.is(0.4)
      ? [
          {
            metrics: chance.some(metrics, 0.7),
            offsetSeconds,
            targets: ['topic' as const],
            // No two of them ever meet at one offset, nor at the deadline.
            repeat: chance.is(0.5)
              ? { everySeconds: chance.of([77, 133, 401] as const), times: chance.between(1, 4) }
              : null,
          },
        ]
      : [],
  ),
});

const entry = (chance: Chance, at: number, policies: number): TimelineEntry => {
  switch (
    chance.of([
      'status',
      'status',
      'status',
      'status',
      'response',
      'message',
      'message',
      'priority',
      'team',
      'policy',
      'policy',
      'merged',
      'acknowledged',
    ])
  ) {
    case 'status':
      return { at, kind: 'status', status: chance.of(statuses), ...(chance.is(0.2) ? { bot: true as const } : {}) };
    case 'response':
      return { at, kind: 'response' };
    case 'message':
      return { at, kind: 'message' };
    case 'priority':
      return { at, kind: 'priority', priority: chance.of(priorities) };
    case 'team':
      return { at, kind: 'team', assigned: chance.is(0.8) };
    case 'policy':
      return {
        at,
        kind: 'policy',
        policy: chance.is(0.15) ? null : { id: 'slp_random', version: chance.between(1, policies) },
      };
    case 'acknowledged':
      return { at, kind: 'acknowledged', metric: chance.of(metrics), cycle: chance.of([1, 1, 2]) };
    default:
      return chance.is(0.15) ? { at, kind: 'merged' } : { at, kind: 'response' };
  }
};

/** A ticket's life of an hour or two, half of the time around an hour that the zone leaves out or has twice. */
export const world = (chance: Chance): World => {
  const [zone, change] = chance.is(0.5) ? chance.of(changes) : [chance.of(quiet), '2026-06-10T12:00:00Z'];
  const start = Date.parse(change) + chance.between(-100 * 60, 60 * 60) * second;
  const calendars = Array.from({ length: chance.between(1, 2) }, () => calendar(chance, zone, start));
  const policies = Array.from({ length: chance.between(1, 3) }, (_unused, index) =>
    policy(chance, index + 1, calendars.length),
  );
  const length = chance.between(60, 90 * 60);
  const instant = (): number => start + chance.between(0, length) * second;
  const instants = Array.from({ length: chance.between(0, 9) }, instant).sort((a, b) => a - b);
  const first: TimelineEntry[] = [
    { at: start, kind: 'policy', policy: chance.is(0.05) ? null : { id: 'slp_random', version: 1 } },
    {
      at: start,
      kind: 'created',
      status: chance.is(0.75) ? 'new' : chance.of(statuses),
      priority: chance.of(priorities),
      ...(chance.is(0.5) ? { team: true as const } : {}),
    },
  ];
  return {
    calendars,
    policies,
    timeline: [...first, ...instants.map((at) => entry(chance, at, policies.length))],
    looks: [...Array.from({ length: chance.between(0, 3) }, instant), start + length * second].sort((a, b) => a - b),
  };
};
