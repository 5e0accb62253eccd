/** Who a promise was broken by: the desk, a vendor it waited for, or the customer it waited for. */
export const causes = ['us', 'vendor', 'customer'] as const;
export type Cause = (typeof causes)[number];

/** A policy or calendar in the version that a clock was measured by. */
export interface Terms {
  readonly id: string;
  readonly version: number;
}

/** One clock of a ticket, in one of its cycles, that missed its deadline (S-50). Metrics are names: a new clock is a new name. */
export interface Violation {
  readonly metric: string;
  readonly cycle: number;
  readonly targetSeconds: number;
  /** The deadline as it stood when it was missed. It does not move with what happens to the ticket later. */
  readonly dueAt: string;
  /** Null while the clock runs. */
  readonly actualSeconds: number | null;
  readonly overrunSeconds: number | null;
  /** As far as is known while the clock runs; final when it has stopped. */
  readonly cause: Cause;
  readonly causeSeconds: Readonly<Record<Cause, number>>;
  readonly policy: Terms;
  readonly calendar: Terms;
}

/** What a violation is counted by: one for each ticket, metric and cycle. */
export const subjectOf = (ticketId: string, { metric, cycle }: Pick<Violation, 'metric' | 'cycle'>): string =>
  [ticketId, metric, cycle].join('#');

const textOf = ({ id, version }: Terms): string => `${id}@${version}`;

/**
 * A violation as the `detail` of its KPI contribution. The breach event that brings it has to stay below 1 KB, beyond which
 * its transaction costs two write units more: metric and cycle stand in the subject, the deadline in `at`, the overrun follows
 * from target and actual, and seconds that nobody took are left out. `readViolation` turns it back.
 */
export const detailOf = ({ targetSeconds, actualSeconds, cause, causeSeconds, policy, calendar }: Violation) => ({
  target: targetSeconds,
  ...(actualSeconds === null ? {} : { actual: actualSeconds }),
  cause,
  ...Object.fromEntries(causes.flatMap((who) => (causeSeconds[who] === 0 ? [] : [[who, causeSeconds[who]]]))),
  policy: textOf(policy),
  calendar: textOf(calendar),
});
