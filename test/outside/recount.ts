import type { Ticket, TimelineEvent } from './desk-reader.ts';
import { workingTime } from './working-hours.ts';

export const KPIS = ['ticket-volume', 'first-response-time', 'resolution-time'] as const;
export type Kpi = (typeof KPIS)[number];
export const GROUPINGS = ['all', 'team', 'customer', 'priority'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What one ticket adds to one KPI at one instant: a value (seconds; 1 for volume), or a reason why it is left out. */
export interface Contribution {
  kpi: Kpi;
  at: number;
  team: string;
  customer: string;
  priority: string;
  value: number | null;
  excluded: string | null;
}

const DONE = new Set(['resolved', 'closed']);
/** Time in these does not count as time to resolution. */
const NOT_COUNTED = new Set(['waiting_customer', 'resolved', 'closed']);

const has = (value: unknown, name: string): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && name in value;

/** The new value of a field in an event: `to.field`, `changes.field.to`, `field.to` or plain `field`; undefined when it says nothing. */
const changedTo = (data: Record<string, unknown>, name: string): unknown => {
  const to = data.to;
  if (has(to, name)) return to[name];
  const changes = data.changes;
  const change = has(changes, name) ? changes[name] : data[name];
  return has(change, 'to') ? change.to : change;
};

/** A public answer by staff. What staff notes on behalf of a contact is the customer's word, not an answer to it. */
const isStaffReply = ({ type, actor, data }: TimelineEvent): boolean =>
  type === 'ticket.replied' &&
  data.visibility === 'public' &&
  actor.role !== 'requester' &&
  data.author !== 'requester' &&
  (data.onBehalfOf ?? null) === null;

/** Counted time by priority under the default policy: critical round the clock, the others in working hours. */
export type CountedTime = (priority: string, from: number, to: number) => number;
export const countedIn = (zone: string): CountedTime => {
  const working = workingTime(zone);
  return (priority, from, to) => (priority === 'critical' ? to - from : working(from, to));
};

/** Folds one ticket's timeline (in order of version) into what it adds to the three KPIs. */
export const contributionsOf = (
  ticket: Ticket,
  events: readonly TimelineEvent[],
  countedTime: CountedTime,
): Contribution[] => {
  const createdAt = Date.parse(ticket.createdAt);
  const customer = ticket.customerId ?? 'none';
  const own = { customer, excluded: null };
  const found: Contribution[] = [
    { ...own, kpi: 'ticket-volume', at: createdAt, team: ticket.teamId ?? 'none', priority: ticket.priority, value: 1 },
  ];
  let team = 'none';
  let priority = ticket.priority;
  let status = 'new';
  let since = createdAt;
  const counted: (readonly [number, number])[] = [];
  let answered = false;
  let resolution: Contribution | null = null;

  const moveTo = (next: string, at: number) => {
    if (!NOT_COUNTED.has(status)) counted.push([since, at]);
    since = at;
    if (!DONE.has(next)) resolution = null;
    else if (!DONE.has(status)) {
      const spent = counted.reduce((sum, [from, to]) => sum + countedTime(priority, from, to), 0);
      resolution = { ...own, kpi: 'resolution-time', at, team, priority, value: Math.floor(spent / 1000) };
      if (!answered)
        found.push({ customer, kpi: 'first-response-time', at, team, priority, value: null, excluded: 'noReply' });
      answered = true;
    }
    status = next;
  };

  for (const event of events) {
    const { type, data } = event;
    const at = Date.parse(event.at);
    if (type === 'ticket.created' || type === 'ticket.assigned' || type === 'ticket.updated') {
      const nextTeam = changedTo(data, 'teamId');
      if (nextTeam !== undefined) team = nextTeam === null ? 'none' : String(nextTeam);
      const nextPriority = changedTo(data, 'priority');
      if (nextPriority !== undefined) priority = String(nextPriority);
    }
    if (type === 'ticket.created' && data.status !== undefined) moveTo(String(data.status), at);
    if (type === 'ticket.statusChanged' || type === 'ticket.reopened') moveTo(String(data.to), at);
    // A customer's reply may wake or reopen the ticket; the reply itself says so.
    if (type === 'ticket.replied' && has(data.status, 'to')) moveTo(String(data.status.to), at);
    if (isStaffReply(event) && !answered) {
      found.push({
        ...own,
        kpi: 'first-response-time',
        at,
        team,
        priority,
        value: Math.floor((at - createdAt) / 1000),
      });
      answered = true;
    }
  }
  return resolution === null ? found : [...found, resolution];
};

export interface Figure {
  value: number | null;
  n: number;
  numerator: number;
  denominator: number;
  excluded: Record<string, number>;
  p50: number | null;
  p90: number | null;
}

/** Nearest rank: the smallest value that at least this share of the values does not exceed. */
export const nearestRank = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(Math.ceil(share * sorted.length - 1e-9), 1) - 1] ?? null;

/** One figure over contributions of one KPI. Resolution time is over critical tickets, except where priorities are told apart (P-04). */
export const figureOf = (kpi: Kpi, grouping: Grouping, contributions: readonly Contribution[]): Figure => {
  const excluded: Record<string, number> = {};
  const values: number[] = [];
  for (const { value, priority, excluded: reason } of contributions) {
    const why =
      reason ??
      (kpi === 'resolution-time' && grouping !== 'priority' && priority !== 'critical' ? 'otherPriority' : null);
    if (why !== null) excluded[why] = (excluded[why] ?? 0) + 1;
    else if (value !== null) values.push(value);
  }
  values.sort((a, b) => a - b);
  const numerator = values.reduce((sum, value) => sum + value, 0);
  const n = values.length;
  return {
    value: n === 0 ? null : kpi === 'ticket-volume' ? n : numerator / n,
    n,
    numerator,
    denominator: n,
    excluded,
    p50: nearestRank(values, 0.5),
    p90: nearestRank(values, 0.9),
  };
};

/** The local calendar date of an instant, YYYY-MM-DD, by the rules of the zone at that instant. */
export const localDates = (zone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  };
};

/** Figures by `period group`, the period being its first local date. */
export const series = (
  kpi: Kpi,
  grouping: Grouping,
  granularity: 'day' | 'month',
  contributions: readonly Contribution[],
  dateOf: (at: number) => string,
): Map<string, Figure> => {
  const cells = Map.groupBy(contributions, (one) => {
    const date = dateOf(one.at);
    return `${granularity === 'day' ? date : `${date.slice(0, 7)}-01`} ${grouping === 'all' ? 'all' : one[grouping]}`;
  });
  return new Map([...cells].map(([cell, members]) => [cell, figureOf(kpi, grouping, members)]));
};
