import type { Pause } from './pause.ts';
import type { Target, Terms } from './policy.ts';
import {
  isSolved,
  type Metric,
  metrics,
  type Priority,
  type Status,
  type Timeline,
  type TimelineEntry,
} from './timeline.ts';

/** What ended a clock. */
export interface Stop {
  readonly at: number;
  readonly how: 'answered' | 'solved' | 'handedOver' | 'left' | 'merged';
}

/** One run of a metric's clock, as the timeline tells it. */
export interface Cycle {
  readonly metric: Metric;
  readonly cycle: number;
  readonly startedAt: number;
  /** By what it is measured: the last terms and priority that had a target for it. Null: none had so far. */
  readonly measure: { readonly terms: Terms; readonly target: Target; readonly priority: Priority } | null;
  /** Since when nothing is promised any more; null: something is. */
  readonly releasedAt: number | null;
  readonly stop: Stop | null;
  readonly pauses: readonly Pause[];
  /** What was told of it, see `claimOf`. */
  readonly claims: ReadonlySet<string>;
  /** A breach was recorded while it ran. */
  readonly breached: boolean;
}

/** What a person would say of the ticket after an entry. */
interface Situation {
  readonly status: Status;
  readonly priority: Priority;
  readonly terms: Terms | null;
  readonly assigned: boolean;
  /** Nobody waits for the first response any more: it was given, or a person solved the ticket without one. */
  readonly firstSettled: boolean;
  readonly solvedByBot: boolean;
  readonly merged: boolean;
}

type Action = 'start' | 'resume' | { readonly stop: Stop['how'] };

/** The terms of a version of a policy. */
export type TermsOf = (policy: { readonly id: string; readonly version: number }) => Terms;

const unborn = (terms: Terms | null): Situation => ({
  status: 'new',
  priority: 'normal',
  terms,
  assigned: false,
  firstSettled: false,
  solvedByBot: false,
  merged: false,
});

const after = (before: Situation, entry: TimelineEntry, termsOf: TermsOf): Situation => {
  switch (entry.kind) {
    case 'created':
      return {
        ...before,
        status: entry.status,
        priority: entry.priority,
        assigned: entry.team === true,
        firstSettled: isSolved(entry.status),
      };
    case 'status': {
      const solvedNow = isSolved(entry.status) && !isSolved(before.status);
      const solvedByBot = solvedNow ? entry.bot === true : before.solvedByBot && isSolved(entry.status);
      return {
        ...before,
        status: entry.status,
        solvedByBot,
        firstSettled: before.firstSettled || (solvedNow && !solvedByBot),
      };
    }
    case 'priority':
      return { ...before, priority: entry.priority };
    case 'response':
      return { ...before, firstSettled: true };
    case 'team':
      return { ...before, assigned: entry.assigned };
    case 'policy':
      return { ...before, terms: entry.policy === null ? null : termsOf(entry.policy) };
    case 'merged':
      return { ...before, merged: true };
    default:
      return before;
  }
};

type Step = { readonly before: Situation; readonly after: Situation; readonly entry: TimelineEntry };

const solves = ({ before: was, after: is }: Step): boolean => isSolved(is.status) && !isSolved(was.status);
const reopens = ({ before: was, after: is }: Step): boolean => !isSolved(is.status) && isSolved(was.status);
const solvedAtBirth = ({ after: is, entry }: Step): boolean => entry.kind === 'created' && isSolved(is.status);

/** What an entry does to each clock. A start while one runs, and a stop while none does, are nothing. */
const actions: Readonly<Record<Metric, (step: Step) => readonly Action[]>> = {
  firstResponse: (step) => {
    const { before, entry } = step;
    if (entry.kind === 'created') return solvedAtBirth(step) ? ['start', { stop: 'solved' }] : ['start'];
    if (entry.kind === 'response') return [{ stop: 'answered' }];
    if (solves(step)) return [{ stop: 'solved' }];
    // A machine's resolve was no answer: who comes back waits for the first one, from the reopening (P-03).
    return reopens(step) && before.solvedByBot && !before.firstSettled ? ['start'] : [];
  },
  nextResponse: (step) => {
    const { before, entry } = step;
    if (entry.kind === 'message') return before.firstSettled ? ['start'] : [];
    if (entry.kind === 'response') return [{ stop: 'answered' }];
    return solves(step) ? [{ stop: 'solved' }] : [];
  },
  resolution: (step) => {
    if (step.entry.kind === 'created') return solvedAtBirth(step) ? ['start', { stop: 'solved' }] : ['start'];
    if (solves(step)) return [{ stop: 'solved' }];
    return reopens(step) ? ['resume'] : [];
  },
  ola: (step) => {
    const { after: is, entry } = step;
    if (entry.kind === 'team') return [{ stop: 'handedOver' }, ...startIf(is.assigned && !isSolved(is.status))];
    if (solves(step)) return [{ stop: 'solved' }];
    return startIf(is.assigned && !isSolved(is.status) && (entry.kind === 'created' || reopens(step)));
  },
  provider: ({ after: is, entry }) => {
    if (entry.kind !== 'created' && entry.kind !== 'status') return [];
    return is.status === 'waiting_vendor' ? ['start'] : [{ stop: 'left' }];
  },
};

const startIf = (condition: boolean): readonly Action[] => (condition ? ['start'] : []);

/** Ends the pause that lasts, and begins another one when there is a reason. */
const pausedFor = (pauses: readonly Pause[], reason: string | null, at: number): readonly Pause[] => {
  const last = pauses.at(-1);
  const lasting = last !== undefined && last.to === null ? last : null;
  if (lasting !== null && lasting.reason === reason) return pauses;
  const closed = lasting === null ? pauses : [...pauses.slice(0, -1), { ...lasting, to: at }];
  return reason === null ? closed : [...closed, { from: at, to: null, reason }];
};

/** Why a clock does not count in this situation, or null. A solved ticket pauses resolution, so that a reopen does not count it. */
const pauseReason = (cycle: Cycle, { status, terms }: Situation): string | null => {
  if (cycle.stop !== null) return cycle.metric === 'resolution' && cycle.stop.how === 'solved' ? 'solved' : null;
  const holding = terms ?? cycle.measure?.terms;
  return holding?.policy.pausedBy[cycle.metric]?.includes(status) === true ? status : null;
};

/** By what a running clock is measured from now on. */
const measured = (cycle: Cycle, { terms, priority }: Situation, at: number): Cycle => {
  const target = terms?.policy.targets[cycle.metric]?.[priority];
  if (terms !== null && target !== undefined)
    return { ...cycle, measure: { terms, target, priority }, releasedAt: null };
  return { ...cycle, releasedAt: cycle.releasedAt ?? at };
};

const running = (cycles: readonly Cycle[]): Cycle | null => {
  const last = cycles.at(-1);
  return last === undefined || last.stop !== null ? null : last;
};

const replaceLast = (cycles: readonly Cycle[], cycle: Cycle): readonly Cycle[] => [...cycles.slice(0, -1), cycle];

const started = (metric: Metric, cycle: number, at: number): Cycle => ({
  metric,
  cycle,
  startedAt: at,
  measure: null,
  releasedAt: null,
  stop: null,
  pauses: [],
  claims: new Set(),
  breached: false,
});

const act = (
  cycles: readonly Cycle[],
  action: Action,
  {
    metric,
    at,
    situation,
  }: {
    readonly metric: Metric;
    readonly at: number;
    readonly situation: Situation;
  },
): readonly Cycle[] => {
  const open = running(cycles);
  if (action === 'start') {
    return open === null ? [...cycles, measured(started(metric, cycles.length + 1, at), situation, at)] : cycles;
  }
  if (action === 'resume') {
    const last = cycles.at(-1);
    return last === undefined ? cycles : replaceLast(cycles, { ...last, stop: null });
  }
  return open === null ? cycles : replaceLast(cycles, { ...open, stop: { at, how: action.stop } });
};

type Claim = Extract<TimelineEntry, { readonly cycle: number }>;

const isClaim = (entry: TimelineEntry): entry is Claim => 'cycle' in entry;

/** What was told of a clock, as one word: `breach`, `acknowledged`, `warning 75`, `level 1800`. */
export const claimOf = (entry: Claim): string => {
  switch (entry.kind) {
    case 'warning':
      return `${entry.kind} ${entry.share}`;
    case 'level':
      return `${entry.kind} ${entry.offsetSeconds}`;
    case 'breach':
    case 'acknowledged':
      return entry.kind;
  }
};

const claimed = (cycle: Cycle, entry: Claim): Cycle =>
  cycle.cycle === entry.cycle
    ? {
        ...cycle,
        claims: new Set([...cycle.claims, claimOf(entry)]),
        breached: cycle.breached || (entry.kind === 'breach' && (cycle.stop === null || cycle.stop.at > entry.at)),
      }
    : cycle;

/** The cycles of one metric after an entry. */
const advance = (metric: Metric, cycles: readonly Cycle[], step: Step): readonly Cycle[] => {
  const { entry, after: situation } = step;
  const { at } = entry;
  const wanted: readonly Action[] =
    entry.kind === 'merged' ? [{ stop: 'merged' }] : situation.merged ? [] : actions[metric](step);
  const acted = wanted.reduce((list, action) => act(list, action, { metric, at, situation }), cycles);
  const last = acted.at(-1);
  if (last === undefined) return acted;
  const held = last.stop === null ? measured(last, situation, at) : last;
  return replaceLast(acted, { ...held, pauses: pausedFor(held.pauses, pauseReason(held, situation), at) });
};

/**
 * Reads a timeline up to `now`: each metric's cycles, the oldest first. Entries after `now` are not looked at, so what is read
 * for an instant never changes; finished cycles keep what they were measured by. `firstTerms` hold until the timeline names
 * others.
 */
export const readCycles = (
  timeline: Timeline,
  termsOf: TermsOf,
  firstTerms: Terms | null,
  now: number,
): readonly Cycle[] => {
  let situation = unborn(firstTerms);
  const cycles = new Map<Metric, readonly Cycle[]>();
  for (const entry of timeline) {
    if (entry.at > now) break;
    if (isClaim(entry)) {
      const told = (cycles.get(entry.metric) ?? []).map((cycle) => claimed(cycle, entry));
      cycles.set(entry.metric, told);
      continue;
    }
    const step = { before: situation, after: after(situation, entry, termsOf), entry };
    situation = step.after;
    for (const metric of metrics) cycles.set(metric, advance(metric, cycles.get(metric) ?? [], step));
  }
  return metrics.flatMap((metric) => cycles.get(metric) ?? []);
};
