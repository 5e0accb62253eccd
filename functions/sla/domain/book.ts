import type { VersionRef } from './calendar-rules.ts';
import type { TermsOf } from './cycles.ts';
import { matchesPolicy, type Policy, type PolicySubject } from './policy.ts';
import type { Timeline } from './timeline.ts';

/** The policies that hold now, in their order: the first one that matches is taken. */
export interface PolicyBook {
  readonly policies: readonly Policy[];
  readonly termsOf: TermsOf;
}

/** The policy for such a ticket at an instant, or null when none is for it. */
export const firstMatch = ({ policies }: PolicyBook, subject: PolicySubject, at: number): Policy | null =>
  policies.find((policy) => matchesPolicy(policy, subject, at)) ?? null;

/** Which policy a timeline names last: null when it took the ticket's policy away, undefined when it never named one. */
export const policyOf = (timeline: Timeline): VersionRef | null | undefined => {
  const last = timeline.findLast((entry) => entry.kind === 'policy');
  return last?.kind === 'policy' ? last.policy : undefined;
};

/** Every version of a policy that a timeline names. */
export const policiesOf = (timeline: Timeline): readonly VersionRef[] =>
  timeline.flatMap((entry) => (entry.kind === 'policy' && entry.policy !== null ? [entry.policy] : []));
