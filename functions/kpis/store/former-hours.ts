import { createHash } from 'node:crypto';
import type { Aggregate } from '../domain/aggregate.ts';
import { isGroupName } from '../domain/group.ts';
import type { Item } from '../../platform/store/item-kind.ts';
import { formerHourKind, type StoredHour } from './items.ts';
import { hourPartOf } from './keys.ts';

/** The part of an hour that a group was in while parts came behind: `08#others`, `08#customers-3`. */
const formerPartOf = (group: string): string =>
  group.startsWith('customer:') ? `customers-${(createHash('sha256').update(group).digest()[0] ?? 0) % 8}` : 'others';

const partOf = (group: string): string => (isGroupName(group) ? hourPartOf(group) : 'others');

const isFormer = (SK: string): boolean => /^\d\d(#|$)/.test(SK);
const hourOf = (SK: string): string => (isFormer(SK) ? SK.slice(0, 2) : SK.slice(-2));

export interface StandingHour {
  /** `08` */
  readonly hour: string;
  readonly groups: ReadonlyMap<string, Aggregate>;
}

/**
 * Hours were once one item (`08`), then one and eight parts (`08#others`), and are now a part for each customer and one for
 * all else (`others#08`). A late fact writes some parts of such an hour anew; then the older item still has those groups, as
 * they were before, and adding both would count them twice. So a part replaces all that older items say of its groups.
 */
export const standingHours = (items: readonly StoredHour[]): readonly StandingHour[] => {
  const written = new Set(items.map(({ SK }) => SK));
  const stands = (SK: string, group: string): boolean => {
    const hour = hourOf(SK);
    if (!isFormer(SK)) return true;
    if (written.has(`${partOf(group)}#${hour}`)) return false;
    return SK.includes('#') || !written.has(`${SK}#${formerPartOf(group)}`);
  };
  return items
    .map(({ SK, groups }) => ({
      hour: hourOf(SK),
      groups: new Map([...groups].filter(([group]) => stands(SK, group))),
    }))
    .sort((one, other) => (one.hour < other.hour ? -1 : one.hour > other.hour ? 1 : 0));
};

/** The items that take the place of a former one: the parts that its groups are in now. */
export const partsOf = (item: Item): readonly Item[] => {
  const { SK, g } = formerHourKind.read(item);
  return [...Map.groupBy(Object.entries(g), ([group]) => partOf(group))].map(([part, groups]) => ({
    ...item,
    SK: `${part}#${hourOf(SK)}`,
    g: Object.fromEntries(groups),
  }));
};
