import { definitionOf } from '../domain/definitions.ts';
import type { Fact } from '../domain/fact.ts';
import { type GroupName, groupsOf } from '../domain/group.ts';
import { localHour } from '../domain/local-time.ts';
import { logger } from '../../platform/logger.ts';
import type { Contribution } from '../../platform/store/contribution.ts';
import type { DirtyHour } from './mark.ts';

export interface FactPorts {
  readonly zone: string;
  readonly facts: { put(kpi: string, hour: string, fact: Fact): Promise<readonly GroupName[]> };
}

/** The dirty hours of one batch: each (KPI, hour) once, with all groups that its facts touched. */
export class DirtyHours {
  readonly #groups = new Map<
    string,
    { readonly kpi: string; readonly hour: string; readonly groups: Set<GroupName> }
  >();

  add(kpi: string, hour: string, groups: readonly GroupName[]): void {
    const key = `${kpi}#${hour}`;
    const dirty = this.#groups.get(key) ?? { kpi, hour, groups: new Set() };
    for (const group of groups) dirty.groups.add(group);
    this.#groups.set(key, dirty);
  }

  /** Hands over what was collected and forgets it. */
  take(): readonly DirtyHour[] {
    const taken = [...this.#groups.values()].map(({ kpi, hour, groups }) => ({ kpi, hour, groups: [...groups] }));
    this.#groups.clear();
    return taken;
  }
}

/**
 * Where an event takes a subject back and says it anew in the same hour, only the latter is left to do: both are one item, of
 * which the event has one version.
 */
const oneForEachPlace = (zone: string, contributions: readonly Contribution[]): readonly Contribution[] => {
  const placeOf = ({ kpi, subject, at }: Contribution): string => [kpi, localHour(zone, at), subject].join(' ');
  const said = new Set(contributions.filter(({ retracted }) => retracted !== true).map(placeOf));
  return contributions.filter((one) => one.retracted !== true || !said.has(placeOf(one)));
};

/**
 * Keeps an event's contributions as facts and notes which hours are out of date. The hour is noted before the fact is put,
 * and with all groups of the subject after it, applied or not: whatever a crash or a retry leaves out, the next try marks.
 * May run twice, late and out of order: the version decides. About 1 WRU a contribution.
 */
export const projectFacts = async (
  { zone, facts }: FactPorts,
  event: { readonly version: number; readonly contributions: readonly Contribution[] },
  dirty: DirtyHours,
): Promise<void> => {
  for (const { kpi, at, value, retracted, ...rest } of oneForEachPlace(zone, event.contributions)) {
    const hour = localHour(zone, at);
    const fact: Fact = {
      ...rest,
      at,
      value: value === null ? null : Math.max(0, Math.round(value)),
      version: event.version,
      retracted: retracted === true,
    };
    const known = definitionOf(kpi) !== undefined;
    if (known) dirty.add(kpi, hour, groupsOf(fact));
    else logger.error('fact of an unknown KPI kept, but in no rollup', { kpi });
    const groups = await facts.put(kpi, hour, fact);
    if (known) dirty.add(kpi, hour, groups);
  }
};
