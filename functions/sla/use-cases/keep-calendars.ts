import { isoInstant } from '../../platform/clock.ts';
import { IllegalTransition, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { type CalendarRules, datesAtMost } from '../domain/calendar-rules.ts';
import type { Policy } from '../domain/policy.ts';
import { calendarsOfTerms, policyOfTerms, termsOfPolicy, unreachable } from '../domain/policy-terms.ts';
import type { CalendarRecord, PolicyRecord } from '../item-kinds.ts';
import { contentOf, type Read, type WantedPolicy } from '../store.ts';
import { changeable, changeBook, changedAt, differences } from './change-book.ts';
import { knownCalendars } from './known-calendars.ts';
import type { Asked, SlaPorts } from './ports.ts';

/** Policies that one change of a calendar may renew: three items each, and a transaction has a hundred. */
const policiesTogether = 30;

export type WantedCalendarFields = { readonly [Field in keyof CalendarRules]?: CalendarRules[Field] | undefined } & {
  readonly name?: string | undefined;
  readonly holidaysIcs?: string | undefined;
};

/** The rules with what a holiday file adds. @throws ValidationFailed */
const withFile = async (
  { holidaysOf, clock }: SlaPorts,
  rules: CalendarRules,
  holidaysIcs: string | undefined,
): Promise<CalendarRules> => {
  if (holidaysIcs === undefined) return rules;
  const dates = await holidaysOf(holidaysIcs, { timezone: rules.timezone, now: clock.now() });
  const holidays = [...new Set([...rules.holidays, ...dates])].sort();
  if (holidays.length <= datesAtMost) return { ...rules, holidays };
  const message = `makes ${holidays.length} holidays with those that are there; at most ${datesAtMost} are possible`;
  throw new ValidationFailed([{ path: 'holidaysIcs', message }]);
};

/** Makes a calendar that no policy counts by yet. @throws ValidationFailed */
export const createCalendar = async (
  ports: SlaPorts,
  { name, holidaysIcs, ...rules }: CalendarRules & { readonly name: string; readonly holidaysIcs?: string | undefined },
  { actor, remember }: Asked<CalendarRecord>,
): Promise<CalendarRecord> => {
  const now = ports.clock.now();
  const at = isoInstant(now);
  const kept = await withFile(ports, rules, holidaysIcs);
  const id = newId('cal', now);
  const next: CalendarRecord = { id, name, rules: kept, archivedAt: null, createdAt: at, updatedAt: at, version: 1 };
  const told = { at, actor, type: 'calendar.created', data: { id, name, rules: kept } };
  await ports.sla.write({ calendars: [{ next, read: null, told }], policies: [] }, null, remember?.(next));
  return next;
};

const countsBy = (policy: Policy, calendarId: string): boolean =>
  calendarsOfTerms(termsOfPolicy(policy)).includes(calendarId);

/** The next version of a policy, which counts by a calendar as it becomes. @throws ValidationFailed */
const renewed = async (
  ports: SlaPorts,
  policy: Read<PolicyRecord>,
  calendar: CalendarRecord,
  { at, actor, now }: { readonly at: string; readonly actor: Asked<never>['actor']; readonly now: number },
): Promise<WantedPolicy> => {
  const terms = termsOfPolicy(contentOf(policy));
  const known = await knownCalendars(ports, calendarsOfTerms(terms));
  const becoming = new Map(known).set(calendar.id, calendar);
  const flaws = unreachable(terms, becoming, now);
  if (flaws.length > 0)
    throw new ValidationFailed(
      flaws.map(({ path, message }) => ({
        path: 'hours',
        message: `${path} of the policy "${policy.name}" ${message}`,
      })),
    );
  // Only this calendar is taken anew: others are as they are pinned.
  const next = policyOfTerms({ ...policy, version: policy.version + 1 }, terms, becoming);
  return {
    next: { ...next, archivedAt: policy.archivedAt, createdAt: policy.createdAt, updatedAt: at },
    read: policy,
    told: {
      at,
      actor,
      type: 'slaPolicy.changed',
      data: {
        calendar: { id: calendar.id, version: calendar.version },
        changes: differences(policy, { ...policy, ...next }, ['targets']),
      },
    },
  };
};

/**
 * Changes a calendar, and with it, in one transaction, every policy of the book that counts by it: each gets a version that
 * does so by the calendar's new one. New tickets have it at once, running ones when the policy is applied.
 * @throws NotFound, StaleVersion, IllegalTransition, ValidationFailed
 */
export const changeCalendar = async (
  ports: SlaPorts,
  calendarId: string,
  { name, holidaysIcs, ...wanted }: WantedCalendarFields,
  { actor, ifMatch }: Asked<CalendarRecord>,
): Promise<CalendarRecord> =>
  changeBook(ports, async (book, now) => {
    const read = changeable(await ports.sla.calendar(calendarId), { what: 'calendar', id: calendarId, ifMatch });
    const { chain: _chain, ...before } = read;
    const at = changedAt(read, now);
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const rules = await withFile(ports, { ...read.rules, ...given }, holidaysIcs);
    const next: CalendarRecord = {
      ...before,
      name: name ?? read.name,
      rules,
      updatedAt: at,
      version: read.version + 1,
    };
    const changes = differences(before, next, ['name', 'rules']);
    if (changes === null) return { result: before, order: book.policies };
    const heads = await ports.sla.policies(book.policies.map(({ id }) => id));
    // A name moves no clock.
    const affected = 'rules' in changes ? heads.filter((policy) => countsBy(contentOf(policy), calendarId)) : [];
    if (affected.length > policiesTogether)
      throw new IllegalTransition(
        `${affected.length} policies count by this calendar; at most ${policiesTogether} can be renewed together. Make another calendar and give it to some of them first.`,
      );
    const policies: WantedPolicy[] = [];
    for (const policy of affected) policies.push(await renewed(ports, policy, next, { at, actor, now }));
    const versions = new Map(policies.map((one) => [one.next.id, one.next.version]));
    return {
      result: next,
      calendars: [{ next, read, told: { at, actor, type: 'calendar.changed', data: { changes } } }],
      policies,
      order: book.policies.map(({ id, version }) => ({ id, version: versions.get(id) ?? version })),
    };
  });

/**
 * Archives a calendar that no policy of the book counts by; clocks that count by it go on, since its versions stay.
 * @throws NotFound, StaleVersion, IllegalTransition naming the policies
 */
export const archiveCalendar = async (
  ports: SlaPorts,
  calendarId: string,
  { actor, ifMatch, remember }: Asked<CalendarRecord>,
): Promise<CalendarRecord> =>
  changeBook(ports, async (book, now) => {
    const read = changeable(await ports.sla.calendar(calendarId), { what: 'calendar', id: calendarId, ifMatch });
    const heads = await ports.sla.policies(book.policies.map(({ id }) => id));
    const using = heads.filter((policy) => countsBy(contentOf(policy), calendarId));
    if (using.length > 0)
      throw new IllegalTransition(
        `${calendarId} is what policies count by: ${using.map(({ id, name }) => `${id} (${name})`).join(', ')}. Give them another calendar first.`,
      );
    const { chain: _chain, ...before } = read;
    const at = changedAt(read, now);
    const next: CalendarRecord = { ...before, archivedAt: at, updatedAt: at, version: read.version + 1 };
    return {
      result: next,
      calendars: [{ next, read, told: { at, actor, type: 'calendar.archived', data: {} } }],
      order: book.policies,
      once: remember?.(next),
    };
  });
