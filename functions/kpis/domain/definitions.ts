import { type Dimension, priorities } from './group.ts';

/** Facts of a share are 1 or 0; its figure is their mean in percent. */
export type Unit = 'seconds' | 'count' | 'percent';
export type Comparator = '<' | '<=' | '>' | '>=';

/**
 * - `fixed`: the same number for every period.
 * - `byPriority`: the number that the group of a priority has; every other group has that of `headline`.
 * - `perMonth`: the number for a whole month; other periods get the share of their days.
 */
export type Target =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'byPriority'; readonly headline: string; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'perMonth'; readonly value: number };

/** A KPI as data (DESIGN section 7). A change of what is counted raises `version` and asks for a recompute. */
export interface KpiDefinition {
  readonly id: string;
  readonly title: string;
  /** In words, for people. */
  readonly formula: string;
  readonly unit: Unit;
  readonly version: number;
  readonly target: Target;
  readonly comparator: Comparator;
  readonly requirement: string;
  /**
   * The priorities that count in every group that is not itself a priority; facts of the others are counted there as
   * excluded, for the reason `otherPriority`. Facts of all priorities are kept, so this can be changed without loss.
   */
  readonly headlinePriorities: readonly string[];
}

export const definitions: readonly KpiDefinition[] = [
  {
    id: 'first-response-time',
    title: 'First response time',
    formula:
      'Mean of the counted seconds from the creation of a ticket to the first public reply by staff, in the period of that reply. Tickets resolved without one are excluded as noReply.',
    unit: 'seconds',
    version: 1,
    target: { kind: 'fixed', value: 3_600 },
    comparator: '<',
    requirement: 'P-03',
    headlinePriorities: priorities,
  },
  {
    id: 'resolution-time',
    title: 'Resolution time (critical)',
    formula:
      'Mean of the counted seconds from the creation of a ticket to the resolve that stands, without pauses and without time spent resolved, in the period of that resolve. Critical tickets only, others are excluded as otherPriority; grouped by priority, each priority has its own mean and target.',
    unit: 'seconds',
    version: 1,
    target: {
      kind: 'byPriority',
      headline: 'critical',
      values: { critical: 14_400, high: 28_800, normal: 86_400, low: 259_200 },
    },
    comparator: '<',
    requirement: 'P-04',
    headlinePriorities: ['critical'],
  },
  {
    id: 'resolution-rate',
    title: 'Ticket resolution rate',
    formula:
      'Share of the tickets resolved in the period whose resolution clock met its target, of all resolved in it that had a resolution target. Not the closure rate, which is tickets resolved by tickets created.',
    unit: 'percent',
    version: 1,
    target: { kind: 'fixed', value: 95 },
    comparator: '>=',
    requirement: 'P-07',
    headlinePriorities: priorities,
  },
  {
    id: 'ticket-volume',
    title: 'Ticket volume',
    formula:
      'Number of tickets created in the period; merged ones are excluded. The target is that of a month, other periods get the share of their days.',
    unit: 'count',
    version: 1,
    target: { kind: 'perMonth', value: 500 },
    comparator: '<=',
    requirement: 'P-17',
    headlinePriorities: priorities,
  },
  {
    id: 'sla-violations',
    title: 'SLA violations',
    formula:
      'Number of SLA clocks, one for each ticket, metric and cycle, that missed their deadline, in the period of that deadline, with the team and priority that the ticket has now. One whose target was changed so that it is no longer exceeded is taken back.',
    unit: 'count',
    version: 1,
    target: { kind: 'fixed', value: 0 },
    comparator: '<=',
    requirement: 'S-50',
    headlinePriorities: priorities,
  },
  {
    id: 'rpo',
    title: 'Recovery point, measured by restore drills',
    formula:
      'Mean of the seconds between the declared disaster of a drill and the newest record that its restored copy holds, in the period in which the drill was concluded. Drills that measured none are excluded as notMeasured. Whether each met its own objective stands with its fact.',
    unit: 'seconds',
    version: 1,
    target: { kind: 'fixed', value: 3_600 },
    comparator: '<=',
    requirement: 'S-03',
    headlinePriorities: priorities,
  },
  {
    id: 'rto',
    title: 'Recovery time, measured by restore drills',
    formula:
      'Mean of the seconds from the declared disaster of a drill to the first read and write that its restored copy served, in the period in which the drill was concluded. Drills that served none are excluded as notMeasured. Whether each met its own objective stands with its fact.',
    unit: 'seconds',
    version: 1,
    target: { kind: 'fixed', value: 14_400 },
    comparator: '<=',
    requirement: 'S-04',
    headlinePriorities: priorities,
  },
  {
    id: 'drills-passed',
    title: 'Restore drills passed',
    formula:
      'Share of the drills concluded in the period that passed: everything was checked, nothing failed, both objectives were met. Drills that failed or proved nothing count as not passed; cancelled ones are no drills.',
    unit: 'percent',
    version: 1,
    target: { kind: 'fixed', value: 100 },
    comparator: '>=',
    requirement: 'S-05',
    headlinePriorities: priorities,
  },
];

export const definitionOf = (id: string): KpiDefinition | undefined =>
  definitions.find((definition) => definition.id === id);

/** The target as the list of KPIs shows it: of a month for volumes, of the headline for the others. */
export const listedTarget = ({ target }: KpiDefinition): number | null =>
  target.kind === 'byPriority' ? (target.values[target.headline] ?? null) : target.value;

/** Whether a fact of this priority counts in a group of this dimension. */
export const countsPriority = (definition: KpiDefinition, dimension: Dimension, priority: string): boolean =>
  dimension === 'priority' || definition.headlinePriorities.includes(priority);
