import type { PolicyChoice } from '../../functions/desk/domain/policy-choice.ts';
import { firstTerms } from '../../functions/sla/domain/policy.ts';

/** One policy for every ticket, round the clock: first response 1 h, resolution 4, 8, 24 and 72 h. */
export const roundTheClockPolicies: PolicyChoice = {
  book: { policies: [firstTerms.policy], termsOf: () => firstTerms },
  tier: null,
};
