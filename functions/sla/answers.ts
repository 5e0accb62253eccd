import type * as z from 'zod';
import type { calendarAnswer, calendarVersionAnswer } from './calendar-routes.ts';
import type { Policy } from './domain/policy.ts';
import type { CalendarRecord, CalendarVersion } from './item-kinds.ts';
import type { policyAnswer, policyVersionAnswer } from './policy-routes.ts';
import { contentOf } from './store.ts';
import type { PlacedPolicy } from './use-cases/keep-policies.ts';

export type CalendarBody = z.input<typeof calendarAnswer>;
export type PolicyBody = z.input<typeof policyAnswer>;

export const calendarBody = (calendar: CalendarRecord): CalendarBody => {
  const { id, name, rules, archivedAt, version, createdAt, updatedAt } = calendar;
  return { id, name, ...rules, archivedAt, version, createdAt, updatedAt };
};

export const calendarVersionBody = ({
  id,
  version,
  rules,
}: CalendarVersion): z.input<typeof calendarVersionAnswer> => ({
  id,
  version,
  ...rules,
});

/** The names of calendars as a request has them, and the versions that count. */
export const policyVersionBody = (policy: Policy): z.input<typeof policyVersionAnswer> => ({
  ...policy,
  targets: Object.fromEntries(
    Object.entries(policy.targets).map(([metric, byPriority]) => [
      metric,
      Object.fromEntries(
        Object.entries(byPriority ?? {}).flatMap(([priority, target]) =>
          target === undefined
            ? []
            : [
                [
                  priority,
                  {
                    seconds: target.seconds,
                    calendarId: target.calendar.id,
                    calendarVersion: target.calendar.version,
                  },
                ],
              ],
        ),
      ),
    ]),
  ),
});

export const policyBody = ({ policy, position }: PlacedPolicy): PolicyBody => {
  const { archivedAt, createdAt, updatedAt } = policy;
  return { ...policyVersionBody(contentOf(policy)), position, archivedAt, createdAt, updatedAt };
};
