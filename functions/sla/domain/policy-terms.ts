import { Calendar } from './calendar.ts';
import type { CalendarRules } from './calendar-rules.ts';
import type { Level, Policy } from './policy.ts';
import { type Metric, metrics, priorities, type Priority } from './timeline.ts';
import { dayMs } from './zone.ts';

/** Bounds of what is promised; they keep a policy's item small and its clocks meaningful. */
export const policiesAtMost = 100;
export const targetAtLeastSeconds = 60;
export const targetAtMostSeconds = 365 * 86_400;
export const repeatAtLeastSeconds = 300;
export const repeatAtMostSeconds = 7 * 86_400;
export const repeatsAtMost = 20;
const reachableYears = 2;

/** A promise as people ask for it: the policy's calendar counts unless it names its own. */
export interface TermTarget {
  readonly seconds: number;
  readonly calendarId?: string | undefined;
}
export type TermTargets = {
  readonly [M in Metric]?: { readonly [P in Priority]?: TermTarget | undefined } | undefined;
};

/** A policy as people ask for it: without version, and with calendars by their id. */
export interface PolicyTerms
  extends Pick<
    Policy,
    | 'name'
    | 'enabled'
    | 'conditions'
    | 'effectiveFrom'
    | 'effectiveUntil'
    | 'calendarId'
    | 'pausedBy'
    | 'warnings'
    | 'levels'
  > {
  readonly targets: TermTargets;
}

/** What a change asks for; what is left out stays. */
export type WantedTerms = { readonly [Field in keyof PolicyTerms]?: PolicyTerms[Field] | undefined };

/** A calendar as policies see it now. */
export interface KnownCalendar {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly rules: CalendarRules;
  readonly archivedAt: string | null;
}

interface Flaw {
  readonly path: string;
  readonly message: string;
}

interface Entry {
  readonly metric: Metric;
  readonly priority: Priority;
  readonly path: string;
  readonly calendarId: string;
  readonly target: TermTarget;
}

const entriesOf = ({ targets, calendarId }: Pick<PolicyTerms, 'targets' | 'calendarId'>): readonly Entry[] =>
  metrics.flatMap((metric) =>
    priorities.flatMap((priority) => {
      const target = targets[metric]?.[priority];
      if (target === undefined) return [];
      const path = `targets.${metric}.${priority}`;
      return [{ metric, priority, path, calendarId: target.calendarId ?? calendarId, target }];
    }),
  );

/** The calendars by which a policy counts. */
export const calendarsOfTerms = (terms: Pick<PolicyTerms, 'targets' | 'calendarId'>): readonly string[] => [
  ...new Set([terms.calendarId, ...entriesOf(terms).map(({ calendarId }) => calendarId)]),
];

/** A policy as it would have been asked for. */
export const termsOfPolicy = (policy: Policy): PolicyTerms => {
  const { id: _id, version: _version, isDefault: _isDefault, targets, ...terms } = policy;
  const plain = Object.fromEntries(
    Object.entries(targets).map(([metric, byPriority]) => [
      metric,
      Object.fromEntries(
        Object.entries(byPriority ?? {}).flatMap(([priority, target]) => {
          if (target === undefined) return [];
          const own = target.calendar.id === policy.calendarId ? {} : { calendarId: target.calendar.id };
          return [[priority, { seconds: target.seconds, ...own }]];
        }),
      ),
    ]),
  );
  return { ...terms, targets: plain };
};

export const changedTerms = (terms: PolicyTerms, wanted: WantedTerms): PolicyTerms => {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return { ...terms, ...Object.fromEntries(given) };
};

const inOrder = (levels: readonly Level[]): Level[] => levels.toSorted((a, b) => a.offsetSeconds - b.offsetSeconds);

/** How many hours a calendar is open in the year from an instant on, in words. */
const openHours = (calendar: Calendar, now: number): number =>
  Math.round(calendar.elapsed(now, now + 365 * dayMs) / 3_600_000);

/** What a calendar that is or becomes this lets nobody reach within two years. */
export const unreachable = (
  terms: Pick<PolicyTerms, 'targets' | 'calendarId'>,
  known: ReadonlyMap<string, KnownCalendar>,
  now: number,
): readonly Flaw[] => {
  const calendars = new Map<string, { readonly calendar: Calendar; readonly open: number; readonly name: string }>();
  for (const id of calendarsOfTerms(terms)) {
    const found = known.get(id);
    if (found === undefined) continue;
    const calendar = new Calendar(found, found.rules);
    calendars.set(id, { calendar, open: calendar.elapsed(now, now + reachableYears * 365 * dayMs), name: found.name });
  }
  return entriesOf(terms).flatMap(({ path, calendarId, target }) => {
    const found = calendars.get(calendarId);
    if (found === undefined || found.open >= target.seconds * 1000) return [];
    const message = `must be reachable within ${reachableYears} years: the calendar "${found.name}" is open ${openHours(found.calendar, now)} hours a year`;
    return [{ path: `${path}.seconds`, message }];
  });
};

const unknownCalendars = (terms: PolicyTerms, known: ReadonlyMap<string, KnownCalendar>): readonly Flaw[] => {
  const flaw = (path: string, id: string): readonly Flaw[] => {
    const found = known.get(id);
    if (found === undefined) return [{ path, message: 'is no calendar here' }];
    return found.archivedAt === null ? [] : [{ path, message: 'is a calendar that was archived' }];
  };
  return [
    ...flaw('calendarId', terms.calendarId),
    ...entriesOf(terms).flatMap(({ path, target }) =>
      target.calendarId === undefined || target.calendarId === terms.calendarId
        ? []
        : flaw(`${path}.calendarId`, target.calendarId),
    ),
  ];
};

/** What is wrong with a policy that somebody asks for; nothing, when it may hold. */
export const flawsOf = (
  terms: PolicyTerms,
  known: ReadonlyMap<string, KnownCalendar>,
  { isDefault, now }: { readonly isDefault: boolean; readonly now: number },
): readonly Flaw[] => {
  const { conditions, enabled, effectiveFrom, effectiveUntil } = terms;
  const forAll = Object.values(conditions).every((values) => values.length === 0);
  return [
    ...(enabled && forAll && !isDefault
      ? [
          {
            path: 'conditions',
            message:
              'must name something: a policy for every ticket would leave the default policy none; disable it, or change the default one',
          },
        ]
      : []),
    ...(effectiveFrom !== null && effectiveUntil !== null && effectiveFrom >= effectiveUntil
      ? [{ path: 'effectiveUntil', message: 'must be after `effectiveFrom`' }]
      : []),
    ...(entriesOf(terms).length === 0 ? [{ path: 'targets', message: 'must have at least one target' }] : []),
    ...unknownCalendars(terms, known),
    ...unreachable(terms, known, now),
  ];
};

/** The version of a policy that terms make, which counts by the calendars as they are now. Without flaws only. */
export const policyOfTerms = (
  { id, version, isDefault }: Pick<Policy, 'id' | 'version' | 'isDefault'>,
  terms: PolicyTerms,
  known: ReadonlyMap<string, KnownCalendar>,
): Policy => {
  const { targets: _targets, ...fields } = terms;
  const pinned: Policy['targets'] = {};
  for (const { metric, priority, calendarId, target } of entriesOf(terms)) {
    const calendar = known.get(calendarId);
    if (calendar === undefined) throw new RangeError(`${calendarId} is not known`);
    const { seconds } = target;
    pinned[metric] = {
      ...pinned[metric],
      [priority]: { seconds, calendar: { id: calendarId, version: calendar.version } },
    };
  }
  return {
    id,
    version,
    isDefault,
    ...fields,
    warnings: terms.warnings.toSorted((a, b) => a - b),
    levels: inOrder(terms.levels),
    targets: pinned,
  };
};
