import { dayOfHour, monthOfDay } from '../domain/local-time.ts';
import type { Clock } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { type Lease, LeaseLost } from './lease.ts';
import type { Mark } from './mark.ts';
import { type RollUpPorts, rollUpMonth } from './roll-up.ts';

export interface RollupRunPorts extends RollUpPorts {
  readonly marks: RollUpPorts['marks'] & {
    list(atMost: number): Promise<{ readonly marks: readonly Mark[]; readonly more: boolean }>;
  };
  readonly lease: {
    take(): Promise<Lease | null>;
    release(lease: Lease): Promise<boolean>;
    abandon(lease: Lease): Promise<void>;
  };
  readonly clock: Clock;
  /** No new round begins after this many milliseconds; what is left is done by the next run. The first one always does. */
  readonly budgetMs: number;
  /** Dirty hours of one round. */
  readonly hoursPerRound: number;
}

export interface RollupResult {
  /** False when another run is at it; it has been asked to look once more. */
  readonly ran: boolean;
  /** Dirty hours brought up to date. */
  readonly hours: number;
  /** KPI months whose hours stay dirty because computing them failed. */
  readonly failed: number;
  /** The time was up before everything was done. */
  readonly more: boolean;
  /** Since when the oldest hour was dirty of those that were looked at first; null when there was none. */
  readonly dirtySince: string | null;
}

const nameOf = (mark: Mark): string => `${mark.kpi}#${monthOfDay(dayOfHour(mark.hour))}`;

const oldest = (marks: readonly Mark[]): string | null =>
  marks.flatMap(({ since }) => (since === null ? [] : [since])).sort()[0] ?? null;

/** One round: the marks of each month by themselves, so that one that cannot be computed does not hold up the others. */
const round = async (
  ports: RollupRunPorts,
  lease: Lease,
  failed: Set<string>,
): Promise<{ hours: number; again: boolean; dirtySince: string | null }> => {
  const listed = await ports.marks.list(ports.hoursPerRound);
  const marks = listed.marks.filter((mark) => !failed.has(nameOf(mark)));
  let hours = 0;
  for (const [name, ofMonth] of Map.groupBy(marks, nameOf)) {
    const unit = { kpi: ofMonth[0]?.kpi ?? '', marks: ofMonth };
    try {
      await rollUpMonth(ports, unit, { computedAt: ports.clock.now(), epoch: lease.epoch });
      hours += ofMonth.length;
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      failed.add(name);
      logger.error('rollup failed; its hours stay dirty', { name, error });
    }
  }
  return { hours, again: listed.more && hours > 0, dirtySince: oldest(listed.marks) };
};

/** Rounds until all that was marked is done, nobody asks for another look, or the time is up. */
const rounds = async (ports: RollupRunPorts, lease: Lease): Promise<RollupResult> => {
  const endsAt = ports.clock.now() + ports.budgetMs;
  const failed = new Set<string>();
  let hours = 0;
  let dirtySince: string | null = null;
  for (;;) {
    const done = await round(ports, lease, failed);
    dirtySince ??= done.dirtySince;
    hours += done.hours;
    const result = { ran: true, hours, failed: failed.size, dirtySince };
    if (!done.again && (await ports.lease.release(lease))) return { ...result, more: false };
    if (ports.clock.now() >= endsAt) {
      await ports.lease.abandon(lease);
      return { ...result, more: true };
    }
  }
};

/**
 * Brings dirty hours up to date. Runs each minute and on hints; may run late, twice and in parallel: one run holds the lease,
 * the others ask it to look once more and end. A run that dies keeps the lease until its end, and leaves its marks. With
 * nothing to do, which is most minutes of a quiet desk, it takes no lease and writes nothing.
 */
export const runRollup = async (ports: RollupRunPorts): Promise<RollupResult> => {
  const none = { hours: 0, failed: 0, more: false };
  const { marks } = await ports.marks.list(1);
  if (marks.length === 0) return { ran: true, ...none, dirtySince: null };
  const lease = await ports.lease.take();
  if (lease === null) return { ran: false, ...none, dirtySince: oldest(marks) };
  try {
    return await rounds(ports, lease);
  } catch (error) {
    await ports.lease.abandon(lease);
    throw error;
  }
};
