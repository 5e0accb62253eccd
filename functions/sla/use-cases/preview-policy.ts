import { NotFound } from '../../platform/errors.ts';
import type { PolicyBook } from '../domain/book.ts';
import { Calendar } from '../domain/calendar.ts';
import type { TermsOf } from '../domain/cycles.ts';
import type { Terms } from '../domain/policy.ts';
import type { PolicyBooks } from '../policy-books.ts';
import { changeable } from './change-book.ts';
import { changedPolicy, type WantedPolicyFields } from './keep-policies.ts';
import { knownCalendars } from './known-calendars.ts';
import type { SlaPorts } from './ports.ts';

/**
 * The book by which a policy would be applied: the one of now, or the one that a change would make of it. Writes nothing.
 * @throws NotFound, ValidationFailed, and IllegalTransition for a change of an archived policy
 */
export const bookForPreview = async (
  ports: Pick<SlaPorts, 'sla' | 'clock'> & { readonly books: Pick<PolicyBooks, 'read' | 'current'> },
  policyId: string,
  change: WantedPolicyFields | undefined,
): Promise<PolicyBook> => {
  const read = await ports.sla.policy(policyId);
  if (read === null) throw new NotFound('SLA policy', policyId);
  const current = await ports.books.current();
  if (change === undefined) return current;
  changeable(read, { what: 'SLA policy', id: policyId, ifMatch: null });
  const now = ports.clock.now();
  const { policy, order } = await changedPolicy(ports, read, change, { book: await ports.books.read(), now });
  const calendarIds = Object.values(policy.targets).flatMap((byPriority) =>
    Object.values(byPriority ?? {}).flatMap((target) => (target === undefined ? [] : [target.calendar.id])),
  );
  const calendars = new Map(
    [...(await knownCalendars(ports, [...new Set(calendarIds)]))].map(([id, one]) => [
      id,
      new Calendar(one, one.rules),
    ]),
  );
  const wanted: Terms = {
    policy,
    calendarOf: ({ calendar: { id } }) => {
      const calendar = calendars.get(id);
      if (calendar === undefined) throw new RangeError(`${id} is not known`);
      return calendar;
    },
  };
  const termsOf: TermsOf = (ref) =>
    ref.id === policy.id && ref.version === policy.version ? wanted : current.termsOf(ref);
  const known = new Map(current.policies.map((one) => [one.id, one]));
  const policies = order.flatMap(({ id }) => (id === policy.id ? [policy] : (known.get(id) ?? [])));
  return { policies, termsOf };
};
