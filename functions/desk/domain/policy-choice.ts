import { firstMatch, type PolicyBook, policyOf } from '../../sla/domain/book.ts';
import { refOf } from '../../sla/domain/clock.ts';
import type { Policy } from '../../sla/domain/policy.ts';
import type { Timeline } from '../../sla/domain/timeline.ts';
import type { Ticket } from './ticket.ts';

/** By what a ticket's policy is chosen: the policies that hold now, and what its customer pays for. */
export interface PolicyChoice {
  readonly book: PolicyBook;
  readonly tier: string | null;
}

/** What policies look at. Must be the fields of `PolicySubject`. */
export type Chosen = Pick<Ticket, 'customerId' | 'type' | 'priority' | 'serviceId' | 'teamId' | 'channel'>;

const matched = ({ book, tier }: PolicyChoice, ticket: Chosen, at: number) => firstMatch(book, { ...ticket, tier }, at);

const entryOf = (policy: Policy | null, at: number): Timeline => [
  { at, kind: 'policy', policy: policy === null ? null : refOf(policy) },
];

/** The entry with which a new ticket begins: the policy that holds for it, in its version of now. */
export const firstPolicy = (choice: PolicyChoice, ticket: Chosen, at: number): Timeline =>
  entryOf(matched(choice, ticket, at), at);

/**
 * The entry that a change of a ticket's fields makes: another policy, if another one is for it now. Of the same policy the
 * ticket keeps its version, for changed policies reach running clocks only when they are applied. Tickets of the time before
 * policies keep their terms until another policy than the default is for them.
 */
export const nextPolicy = (choice: PolicyChoice, timeline: Timeline, ticket: Chosen, at: number): Timeline => {
  const before = policyOf(timeline);
  const policy = matched(choice, ticket, at);
  const same = before === undefined ? policy?.isDefault === true : before?.id === policy?.id;
  return same ? [] : entryOf(policy, at);
};

/** The entry that applying a policy makes: what is for the ticket now, in its version of now; none when it has it. */
export const appliedPolicy = (choice: PolicyChoice, timeline: Timeline, ticket: Chosen, at: number): Timeline => {
  const before = policyOf(timeline);
  const policy = matched(choice, ticket, at);
  const same = before !== undefined && before?.id === policy?.id && before?.version === policy?.version;
  return same ? [] : entryOf(policy, at);
};
