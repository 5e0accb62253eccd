import type { Metric, Priority, Status } from './timeline.ts';

/** Targets in seconds per metric and priority, and which statuses pause which metric. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly targets: Readonly<Record<Metric, Readonly<Record<Priority, number>>>>;
  readonly pausedBy: Readonly<Record<Metric, readonly Status[]>>;
}

const hour = 3600;

/** The first policy (DESIGN section 5, P-03, P-04): first response 1 h for all; resolution 4, 8, 24, 72 h by priority. */
export const defaultPolicy: Policy = {
  id: 'slp_default',
  version: 1,
  targets: {
    firstResponse: { critical: hour, high: hour, normal: hour, low: hour },
    resolution: { critical: 4 * hour, high: 8 * hour, normal: 24 * hour, low: 72 * hour },
  },
  pausedBy: { firstResponse: [], resolution: ['waiting_customer'] },
};
