import * as z from 'zod';
import type { VersionRef } from './calendar-rules.ts';

/** The words that clocks are about. */
export const priorities = ['critical', 'high', 'normal', 'low'] as const;
export const prioritySchema = z.enum(priorities);
export type Priority = z.infer<typeof prioritySchema>;

export const statuses = [
  'new',
  'open',
  'waiting_customer',
  'waiting_vendor',
  'waiting_internal',
  'resolved',
  'closed',
] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;

/**
 * What is promised (S-49): to the customer the first response, each next one, and the resolution; inside the company `ola`, from
 * an assignment to a team until it solves or hands over; by a supplier `provider`, while the ticket waits for the vendor.
 */
export const metrics = ['firstResponse', 'nextResponse', 'resolution', 'ola', 'provider'] as const;
export const metricSchema = z.enum(metrics);
export type Metric = z.infer<typeof metricSchema>;

/** One clock of a ticket: the metric, and the how manieth time that it runs. */
export interface ClockName {
  readonly metric: Metric;
  readonly cycle: number;
}

/** What moves clocks, in the order in which it happened. `at` is in milliseconds since the epoch. */
export type TimelineEntry = { readonly at: number } & (
  | {
      readonly kind: 'created';
      readonly status: Status;
      readonly priority: Priority;
      /** Whether it was assigned to a team at once. */
      readonly team?: true;
    }
  | {
      readonly kind: 'status';
      readonly status: Status;
      /** Whether a machine did it: a machine's resolve answers nobody. */
      readonly bot?: true;
    }
  | { readonly kind: 'priority'; readonly priority: Priority }
  /** A public reply by a person of the staff, on any channel. */
  | { readonly kind: 'response' }
  /** The customer's word, on any channel, whoever wrote it down. */
  | { readonly kind: 'message' }
  /** The ticket was assigned to another team, or taken from one. */
  | { readonly kind: 'team'; readonly assigned: boolean }
  /** From now on this policy holds; null: none. */
  | { readonly kind: 'policy'; readonly policy: VersionRef | null }
  /** The ticket goes on in another one. */
  | { readonly kind: 'merged' }
  /** What was told of a clock: once for ever, whatever the target becomes. */
  | ({ readonly kind: 'breach' } & ClockName)
  | ({ readonly kind: 'warning'; readonly share: number } & ClockName)
  | ({ readonly kind: 'level'; readonly offsetSeconds: number } & ClockName)
  /** Somebody takes care: no further level of this clock escalates. */
  | ({ readonly kind: 'acknowledged' } & ClockName)
);

export type Timeline = readonly TimelineEntry[];

export const isSolved = (status: Status): boolean => status === 'resolved' || status === 'closed';

/** A timeline with further entries, each behind those of its own instant: what is written down late stands where it happened. */
export const withEntries = (timeline: Timeline, entries: Timeline): Timeline =>
  entries.reduce<Timeline>((sorted, entry) => {
    const behind = sorted.findLastIndex(({ at }) => at <= entry.at) + 1;
    return [...sorted.slice(0, behind), entry, ...sorted.slice(behind)];
  }, timeline);

const encodeEntry = (entry: TimelineEntry): string => {
  const { at, kind } = entry;
  switch (entry.kind) {
    case 'created':
      return `${at} ${kind} ${entry.status} ${entry.priority}${entry.team === true ? ' team' : ''}`;
    case 'status':
      return `${at} ${kind} ${entry.status}${entry.bot === true ? ' bot' : ''}`;
    case 'priority':
      return `${at} ${kind} ${entry.priority}`;
    case 'response':
    case 'message':
    case 'merged':
      return `${at} ${kind}`;
    case 'team':
      return `${at} ${kind} ${entry.assigned ? 'assigned' : 'none'}`;
    case 'policy':
      return `${at} ${kind} ${entry.policy === null ? 'none' : `${entry.policy.id} ${entry.policy.version}`}`;
    case 'breach':
    case 'acknowledged':
      return `${at} ${kind} ${entry.metric} ${entry.cycle}`;
    case 'warning':
      return `${at} ${kind} ${entry.metric} ${entry.cycle} ${entry.share}`;
    case 'level':
      return `${at} ${kind} ${entry.metric} ${entry.cycle} ${entry.offsetSeconds}`;
  }
};

const decodeEntry = (text: string): TimelineEntry => {
  const [instant = '', kind = '', first = '', second = '', third = ''] = text.split(' ');
  const at = Number(instant);
  const clock = (): ClockName => ({ metric: metricSchema.parse(first), cycle: Number(second) });
  switch (kind) {
    case 'created': {
      const created = { at, kind, status: statusSchema.parse(first), priority: prioritySchema.parse(second) } as const;
      return third === 'team' ? { ...created, team: true } : created;
    }
    case 'status': {
      const status = { at, kind, status: statusSchema.parse(first) } as const;
      return second === 'bot' ? { ...status, bot: true } : status;
    }
    case 'priority':
      return { at, kind, priority: prioritySchema.parse(first) };
    case 'response':
    case 'message':
    case 'merged':
      return { at, kind };
    case 'team':
      return { at, kind, assigned: first === 'assigned' };
    case 'policy':
      return { at, kind, policy: first === 'none' ? null : { id: first, version: Number(second) } };
    case 'breach':
    case 'acknowledged':
      return { at, kind, ...clock() };
    case 'warning':
      return { at, kind, ...clock(), share: Number(third) };
    case 'level':
      return { at, kind, ...clock(), offsetSeconds: Number(third) };
    default:
      throw new RangeError(`not an entry of a timeline: ${text}`);
  }
};

/** The compact form in which a ticket's head keeps its timeline: about 25 bytes an entry. */
export const encodeTimeline = (timeline: Timeline): string[] => timeline.map(encodeEntry);
export const decodeTimeline = (encoded: readonly string[]): Timeline => encoded.map(decodeEntry);
