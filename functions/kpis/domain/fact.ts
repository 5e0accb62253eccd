import { countsPriority, type KpiDefinition } from './definitions.ts';
import { dimensionOf, type Grouped, type GroupName, groupsOf } from './group.ts';

/** What one subject contributes to one KPI, in its latest version. */
export interface Fact extends Grouped {
  readonly subject: string;
  readonly ticketId: string;
  /** The version of the ticket's event that said so. */
  readonly version: number;
  readonly at: string;
  /** Whole seconds for durations, 1 for counts; null when excluded. */
  readonly value: number | null;
  readonly excluded: string | null;
  /** A tombstone: the subject counts nowhere here any more. */
  readonly retracted: boolean;
  /** What else is known of the subject: no figure looks at it, a recount compares it like the rest. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

export type Verdict =
  | { readonly kind: 'counted'; readonly value: number }
  | { readonly kind: 'excluded'; readonly reason: string }
  | { readonly kind: 'absent' };

/**
 * What a fact is in a group: the one rule that both the rollups and `explain` follow. A fact's own reason to be left out
 * goes before the question whether its priority is asked for.
 */
export const verdictIn = (definition: KpiDefinition, group: GroupName, fact: Fact): Verdict => {
  if (fact.retracted || !groupsOf(fact).includes(group)) return { kind: 'absent' };
  if (fact.excluded !== null) return { kind: 'excluded', reason: fact.excluded };
  if (fact.value === null) return { kind: 'excluded', reason: 'noValue' };
  if (!countsPriority(definition, dimensionOf(group), fact.priority))
    return { kind: 'excluded', reason: 'otherPriority' };
  return { kind: 'counted', value: fact.value };
};
