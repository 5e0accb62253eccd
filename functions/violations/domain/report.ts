import type { Cause, Violation } from './violation.ts';

/** A violation with whose it is. */
export interface FoundViolation extends Violation {
  readonly id: string;
  readonly ticketId: string;
  readonly priority: string;
  readonly teamId: string | null;
  readonly customerId: string | null;
}

/** What the violations of one kind come to. Those whose clock still runs count, and have no overrun yet. */
export interface ReportRow {
  readonly key: string;
  readonly n: number;
  readonly running: number;
  readonly tickets: number;
  /** Tickets with a violation for each hundred tickets that were created in the period; null without any. */
  readonly share: number | null;
  readonly medianOverrunSeconds: number | null;
  readonly worstOverrunSeconds: number | null;
}

/** The same promise broken again and again, to one customer or by one team. */
export interface Repetition {
  readonly scope: 'customer' | 'team';
  readonly key: string;
  readonly metric: string;
  readonly violationIds: readonly string[];
}

/** How many tickets were created in the period: all, and by group. */
export interface Volumes {
  readonly all: number;
  readonly priority: ReadonlyMap<string, number>;
  readonly team: ReadonlyMap<string, number>;
  readonly customer: ReadonlyMap<string, number>;
}

/** From how many on it is a repetition, for which a corrective action is required (S-51). */
export const repeatedFrom = 3;

const nobody = 'none';

/** The middle one; of an even number the lower middle, so that it is one that happened. */
const medianOf = (sorted: readonly number[]): number | null => sorted[Math.ceil(sorted.length / 2) - 1] ?? null;

const rowOf = (key: string, violations: readonly FoundViolation[], volume: number): ReportRow => {
  const overruns = violations
    .flatMap(({ overrunSeconds }) => (overrunSeconds === null ? [] : [overrunSeconds]))
    .sort((a, b) => a - b);
  const tickets = new Set(violations.map(({ ticketId }) => ticketId)).size;
  return {
    key,
    n: violations.length,
    running: violations.length - overruns.length,
    tickets,
    share: volume === 0 ? null : Math.round((tickets / volume) * 10_000) / 100,
    medianOverrunSeconds: medianOf(overruns),
    worstOverrunSeconds: overruns.at(-1) ?? null,
  };
};

/** Most first; of as many by name. */
const rowsBy = (
  violations: readonly FoundViolation[],
  keyOf: (violation: FoundViolation) => string,
  volumeOf: (key: string) => number,
): readonly ReportRow[] =>
  [...Map.groupBy(violations, keyOf)]
    .map(([key, some]) => rowOf(key, some, volumeOf(key)))
    .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));

export interface ViolationFigures {
  readonly totals: ReportRow;
  readonly byMetric: readonly ReportRow[];
  readonly byCause: readonly ReportRow[];
  readonly byPriority: readonly ReportRow[];
  readonly byTeam: readonly ReportRow[];
  readonly byCustomer: readonly ReportRow[];
}

export const figuresOf = (violations: readonly FoundViolation[], volumes: Volumes): ViolationFigures => {
  const ofAll = (): number => volumes.all;
  const of = (groups: ReadonlyMap<string, number>) => (key: string) => groups.get(key) ?? 0;
  return {
    totals: rowOf('all', violations, volumes.all),
    byMetric: rowsBy(violations, ({ metric }) => metric, ofAll),
    byCause: rowsBy(violations, ({ cause }): Cause => cause, ofAll),
    byPriority: rowsBy(violations, ({ priority }) => priority, of(volumes.priority)),
    byTeam: rowsBy(violations, ({ teamId }) => teamId ?? nobody, of(volumes.team)),
    byCustomer: rowsBy(violations, ({ customerId }) => customerId ?? nobody, of(volumes.customer)),
  };
};

/** Promises that were broken three times or more: to the same customer, and by the same team. */
export const repetitionsOf = (violations: readonly FoundViolation[]): readonly Repetition[] =>
  (['customer', 'team'] as const).flatMap((scope) => {
    const known = violations.flatMap((violation) => {
      const key = scope === 'customer' ? violation.customerId : violation.teamId;
      return key === null ? [] : [{ violation, key }];
    });
    return [...Map.groupBy(known, ({ violation, key }) => `${key} ${violation.metric}`).values()].flatMap((same) => {
      const [first] = same;
      if (first === undefined || same.length < repeatedFrom) return [];
      const violationIds = same.map(({ violation }) => violation.id);
      return [{ scope, key: first.key, metric: first.violation.metric, violationIds }];
    });
  });
