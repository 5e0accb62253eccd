import { isGroupName } from '../domain/group.ts';
import type { Item } from '../../platform/store/item-kind.ts';
import { type StoredHour, wholeHourKind } from './items.ts';
import { hourPartOf } from './keys.ts';

/**
 * Hours were once one item (`08`) and are parts since (`08#others`). A late fact computes some parts of such an hour anew:
 * then the whole still has those groups, as they were before, and adding both would count them twice. A part replaces all
 * that the whole says of its groups, also of those that it no longer has.
 */
export const withoutReplaced = (hours: readonly StoredHour[]): readonly StoredHour[] => {
  const parts = new Set(hours.map(({ SK }) => SK));
  return hours.map(({ SK, groups }) =>
    SK.includes('#')
      ? { SK, groups }
      : { SK, groups: new Map([...groups].filter(([group]) => !parts.has(`${SK}#${partOf(group)}`))) },
  );
};

const partOf = (group: string): string => (isGroupName(group) ? hourPartOf(group) : 'others');

/** The items of the parts that a whole hour's item falls into, each with the groups that belong there. */
export const partsOf = (item: Item): readonly Item[] => {
  const { SK, g } = wholeHourKind.read(item);
  return [...Map.groupBy(Object.entries(g), ([group]) => partOf(group))].map(([part, groups]) => ({
    ...item,
    SK: `${SK}#${part}`,
    g: Object.fromEntries(groups),
  }));
};
