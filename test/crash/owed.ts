import type { Policy } from '../../functions/sla/domain/policy.ts';
import type { Metric, Priority } from '../../functions/sla/domain/timeline.ts';
import type { Item } from './expressions.ts';

/**
 * What a desk owes its people, told from what happened to a ticket and from its policy alone, in the simplest way: between
 * two things that happened nothing changes, so it is known from when to when each watch ran. All calendars are open all the
 * time here. It shares no code with the product.
 */
export interface Owed {
  readonly metric: Metric;
  readonly cycle: number;
  /** `breach`, `warning 75`, `level 300` */
  readonly claim: string;
  /** The instant of the milestone itself. */
  readonly at: number;
  readonly deadline: number;
  /** Whether it must be an event: whoever looked late has left it out, which is right of what warns ahead or was told again since. */
  readonly must: boolean;
  /** The window in which it may be recorded: the version of the thing that happened before it, and when the next one did. */
  readonly segment: number;
  readonly ahead: boolean;
  readonly priority: Priority;
}

interface Watch {
  readonly metric: Metric;
  readonly cycle: number;
  readonly startedAt: number;
  running: boolean;
  /** Stretches that do not count. */
  readonly held: { from: number; to: number }[];
  readonly told: Set<string>;
  missed: boolean;
}

const text = (value: unknown): string => String(value);
const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;
const isSolved = (status: string): boolean => status === 'resolved' || status === 'closed';

/** The instant at which so much time has been counted, or Infinity while it is held. */
const instantAt = ({ startedAt, held }: Watch, countedMs: number): number => {
  let at = startedAt + countedMs;
  for (const { from, to } of held) {
    if (from < at) at += to - from;
  }
  return at;
};

const milestones = (policy: Policy, watch: Watch, seconds: number) => [
  ...policy.warnings.map((share) => ({
    claim: `warning ${share}`,
    after: (seconds * share) / 100,
    ahead: true,
    later: [],
  })),
  { claim: 'breach', after: seconds, ahead: false, later: [] },
  ...policy.levels
    .filter(({ metrics }) => metrics.includes(watch.metric))
    .flatMap(({ offsetSeconds, repeat }) => {
      const offsets = [offsetSeconds];
      for (let rung = 0; rung < (repeat?.times ?? 0); rung += 1)
        offsets.push((offsets.at(-1) ?? 0) + (repeat?.everySeconds ?? 0));
      // The level itself is always told; of its repetitions that are past only the last one.
      return offsets.map((offset, rung) => ({ offset, later: rung === 0 ? [] : offsets.slice(rung + 1) }));
    })
    .map(({ offset, later }) => ({ claim: `level ${offset}`, after: seconds + offset, ahead: offset < 0, later }))
    .filter(({ after }) => after > 0),
];

/** Pushed back after failures, an item is looked at again within this time, and from then on on time. */
const restMs = 20 * 60_000;
/** A look comes this soon, at the latest with the second sweep. */
const lookMs = 150_000;

/** `events`: those of one ticket, in order. `endedAt`: until when everything was looked at, `calmFrom`: from when on in time. */
export const owedBy = (
  policy: Policy,
  events: readonly Item[],
  { calmFrom, endedAt }: { readonly calmFrom: number; readonly endedAt: number },
): readonly Owed[] => {
  const owed: Owed[] = [];
  const watches: Watch[] = [];
  let status = 'new';
  let priority: Priority = 'normal';
  let settledFirst = false;
  const running = (metric: Metric): Watch | undefined => watches.find((one) => one.metric === metric && one.running);
  const start = (metric: Metric, at: number): void => {
    if (policy.targets[metric] === undefined || running(metric) !== undefined) return;
    const cycle = watches.filter((one) => one.metric === metric).length + 1;
    watches.push({ metric, cycle, startedAt: at, running: true, held: [], told: new Set(), missed: false });
  };
  const stop = (metric: Metric): void => {
    const watch = running(metric);
    if (watch !== undefined) watch.running = false;
  };
  const become = (next: string, at: number): void => {
    const [was, is] = [isSolved(status), isSolved(next)];
    status = next;
    const resolution = watches.find(({ metric }) => metric === 'resolution');
    if (!was && is) {
      for (const metric of ['firstResponse', 'nextResponse', 'resolution'] as const) stop(metric);
      settledFirst = true;
    }
    if (was && !is && resolution !== undefined) resolution.running = true;
    const last = resolution?.held.at(-1);
    const lasts = last?.to === Number.POSITIVE_INFINITY;
    const holds = is || next === 'waiting_customer';
    if (last !== undefined && lasts && !holds) last.to = at;
    if (holds && !lasts) resolution?.held.push({ from: at, to: Number.POSITIVE_INFINITY });
  };
  const happen = (event: Item): void => {
    const at = Date.parse(text(event['at']));
    const data = event['data'];
    switch (event['type']) {
      case 'ticket.created':
        priority = field(data, 'priority') as Priority;
        start('firstResponse', at);
        start('resolution', at);
        return;
      case 'ticket.updated': {
        const to = field(field(field(data, 'changes'), 'priority'), 'to');
        if (to !== undefined) priority = to as Priority;
        return;
      }
      case 'ticket.replied': {
        if (field(data, 'visibility') !== 'public') return;
        if (field(event['actor'], 'role') === 'requester') {
          if (settledFirst) start('nextResponse', at);
        } else {
          stop('firstResponse');
          stop('nextResponse');
          settledFirst = true;
        }
        const to = field(field(data, 'status'), 'to');
        if (to !== undefined) become(text(to), at);
        return;
      }
      case 'ticket.statusChanged':
      case 'ticket.reopened':
        become(text(field(data, 'to')), at);
        return;
      default:
        throw new Error(`the model does not know ${text(event['type'])}`);
    }
  };
  const deeds = events.filter(({ type }) => !text(type).startsWith('sla.'));
  deeds.forEach((deed, segment) => {
    happen(deed);
    const next = deeds[segment + 1];
    const until = next === undefined ? endedAt : Date.parse(text(next['at']));
    for (const watch of watches.filter((one) => one.running)) {
      const seconds = policy.targets[watch.metric]?.[priority]?.seconds;
      if (seconds === undefined) continue;
      const deadline = instantAt(watch, seconds * 1000);
      const missed = watch.missed;
      for (const { claim, after, ahead, later } of milestones(policy, watch, seconds)) {
        const at = instantAt(watch, after * 1000);
        if (watch.told.has(claim) || at >= until || (ahead && missed)) continue;
        if (later.some((offset) => watch.told.has(`level ${offset}`))) continue;
        // What had nothing to say any more when the segment began is never told; else whoever looks in time tells it.
        const [again = Infinity] = later.map((offset) => instantAt(watch, (seconds + offset) * 1000));
        const ends = Math.min(ahead ? deadline : Infinity, again);
        const must = ends >= until || (at > calmFrom + restMs && ends - at > lookMs);
        const looked = Math.max(at, Date.parse(text(deed['at'])));
        if (ends < looked) continue;
        owed.push({ metric: watch.metric, cycle: watch.cycle, claim, at, deadline, must, segment, ahead, priority });
        if (must) watch.told.add(claim);
        else if (toldIn(events, deed, next, watch, claim)) watch.told.add(claim);
        if (claim === 'breach') watch.missed = true;
      }
    }
  });
  return owed;
};

/** Of what may be left out the events say whether it was told between two deeds: then it is not owed again. */
const toldIn = (events: readonly Item[], deed: Item, next: Item | undefined, watch: Watch, claim: string): boolean =>
  events.some(
    (event) =>
      Number(event['version']) > Number(deed['version']) &&
      (next === undefined || Number(event['version']) < Number(next['version'])) &&
      claimOf(event) === `${watch.metric} ${watch.cycle} ${claim}`,
  );

/** What an event tells, as the model names it; null for what is no telling. */
export const claimOf = (event: Item): string | null => {
  const data = event['data'];
  const clock = `${text(field(data, 'metric'))} ${text(field(data, 'cycle'))}`;
  switch (event['type']) {
    case 'sla.breached':
      return `${clock} breach`;
    case 'sla.warned':
      return `${clock} warning ${text(field(data, 'share'))}`;
    case 'sla.escalated':
      return `${clock} level ${text(field(data, 'offsetSeconds'))}`;
    default:
      return null;
  }
};
