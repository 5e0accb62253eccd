/** By what figures are kept besides the total. */
export const dimensions = ['team', 'customer', 'priority'] as const;
export type GroupBy = (typeof dimensions)[number];
export type Dimension = 'all' | GroupBy;

export const priorities = ['critical', 'high', 'normal', 'low'] as const;

/** Key of the tickets without a team or customer. */
export const nobody = 'none';

/** `all`, `team:tem_...`, `customer:cus_...`, `priority:high`: how a group is named in keys and marks. */
export type GroupName = 'all' | `${GroupBy}:${string}`;

export interface Grouped {
  readonly team: string | null;
  readonly customer: string | null;
  readonly priority: string;
}

/** Every group that a fact belongs to. */
export const groupsOf = (fact: Grouped): readonly GroupName[] => [
  'all',
  `team:${fact.team ?? nobody}`,
  `customer:${fact.customer ?? nobody}`,
  `priority:${fact.priority}`,
];

export const dimensionOf = (group: GroupName): Dimension =>
  group === 'all' ? 'all' : (dimensions.find((dimension) => group.startsWith(`${dimension}:`)) ?? 'all');

/** The group's name inside its dimension: `tem_...`, `high`, `all`. */
export const keyOf = (group: GroupName): string => group.slice(group.indexOf(':') + 1);

export const isGroupName = (text: string): text is GroupName =>
  text === 'all' ||
  dimensions.some((dimension) => text.startsWith(`${dimension}:`) && text.length > dimension.length + 1);

/** Reads a group as callers write it: a full name, or only the id of a team or customer, or a priority. Null when it is none. */
export const parseGroup = (text: string): GroupName | null => {
  if (isGroupName(text)) return text;
  if (text.startsWith('tem_')) return `team:${text}`;
  if (text.startsWith('cus_')) return `customer:${text}`;
  return priorities.some((priority) => priority === text) ? `priority:${text}` : null;
};
