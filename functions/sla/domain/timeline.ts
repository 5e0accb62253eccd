import * as z from 'zod';

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

export const metrics = ['firstResponse', 'resolution'] as const;
export const metricSchema = z.enum(metrics);
export type Metric = z.infer<typeof metricSchema>;

/** What moves clocks, in the order in which it happened. `at` is in milliseconds since the epoch. */
export type TimelineEntry =
  | { readonly at: number; readonly kind: 'created'; readonly status: Status; readonly priority: Priority }
  | { readonly at: number; readonly kind: 'status'; readonly status: Status }
  | { readonly at: number; readonly kind: 'priority'; readonly priority: Priority }
  /** A public reply by staff. */
  | { readonly at: number; readonly kind: 'response' }
  /** A breach that was recorded as an event: it is never recorded again, whatever the target becomes. */
  | { readonly at: number; readonly kind: 'breach'; readonly metric: Metric; readonly cycle: number };

export type Timeline = readonly TimelineEntry[];

export const isSolved = (status: Status): boolean => status === 'resolved' || status === 'closed';

const encodeEntry = (entry: TimelineEntry): string => {
  switch (entry.kind) {
    case 'created':
      return `${entry.at} created ${entry.status} ${entry.priority}`;
    case 'status':
      return `${entry.at} status ${entry.status}`;
    case 'priority':
      return `${entry.at} priority ${entry.priority}`;
    case 'response':
      return `${entry.at} response`;
    case 'breach':
      return `${entry.at} breach ${entry.metric} ${entry.cycle}`;
  }
};

const decodeEntry = (text: string): TimelineEntry => {
  const [instant = '', kind = '', first = '', second = ''] = text.split(' ');
  const at = Number(instant);
  switch (kind) {
    case 'created':
      return { at, kind, status: statusSchema.parse(first), priority: prioritySchema.parse(second) };
    case 'status':
      return { at, kind, status: statusSchema.parse(first) };
    case 'priority':
      return { at, kind, priority: prioritySchema.parse(first) };
    case 'response':
      return { at, kind };
    case 'breach':
      return { at, kind, metric: metricSchema.parse(first), cycle: Number(second) };
    default:
      throw new RangeError(`not an entry of a timeline: ${text}`);
  }
};

/** The compact form in which a ticket's head keeps its timeline: about 25 bytes an entry. */
export const encodeTimeline = (timeline: Timeline): string[] => timeline.map(encodeEntry);
export const decodeTimeline = (encoded: readonly string[]): Timeline => encoded.map(decodeEntry);
