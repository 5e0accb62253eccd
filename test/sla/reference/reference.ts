import { Temporal } from 'temporal-polyfill';
import type { CalendarRules } from '../../../functions/sla/domain/calendar-rules.ts';
import type { Policy } from '../../../functions/sla/domain/policy.ts';
import type { Metric, Priority, Status, Timeline } from '../../../functions/sla/domain/timeline.ts';
import type { World } from './world.ts';

/**
 * The obvious way to run SLA clocks: go through the ticket's life second by second, with a stop watch for each promise, and
 * look at a wall calendar each second. Slow, and nothing to think about. It shares no code with the engine, and has its time
 * zones from Temporal.
 */
export interface WatchReading {
  readonly metric: Metric;
  readonly cycle: number;
  readonly state: string;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly targetSeconds: number;
  readonly elapsedSeconds: number;
  readonly dueAt: number;
  /** What was told of it until now, sorted. */
  readonly told: readonly string[];
}

/** Nobody waits longer than this for an answer here. */
const daysAtMost = 12;
const pageSeconds = 4 * 3600;

/** The seconds from `origin` on as 1 (open) or 0; a page for a few hours, written when it is first turned to. */
class WallCalendar {
  readonly #pages: (Uint8Array | undefined)[] = [];
  readonly #rules: CalendarRules;
  readonly #origin: number;

  constructor(rules: CalendarRules, origin: number) {
    this.#rules = rules;
    this.#origin = origin;
  }

  isOpen(s: number): boolean {
    const number = (s / pageSeconds) | 0;
    const page = (this.#pages[number] ??= writtenPage(this.#rules, this.#origin + number * pageSeconds));
    return page[s - number * pageSeconds] === 1;
  }
}

const seconds = new Map<string, number>();

/** The second since the epoch at which a wall clock shows a time; as there are few dates here, each is looked up once. */
const secondOf = (zone: string, date: string, time: string): number => {
  const key = `${zone} ${date} ${time}`;
  const known = seconds.get(key);
  if (known !== undefined) return known;
  const day = Temporal.PlainDate.from(date);
  const plain =
    time === '24:00' ? day.add({ days: 1 }).toPlainDateTime() : Temporal.PlainDateTime.from(`${date}T${time}`);
  const found = plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds / 1000;
  seconds.set(key, found);
  return found;
};

/** The seconds of a page that begins at `origin`. */
const writtenPage = (rules: CalendarRules, origin: number): Uint8Array => {
  const open = new Uint8Array(pageSeconds);
  const first = Temporal.Instant.fromEpochMilliseconds(origin * 1000)
    .toZonedDateTimeISO(rules.timezone)
    .toPlainDate();
  for (let days = -1; days <= 2; days += 1) {
    const date = first.add({ days });
    const name = date.toString();
    const weekday = (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const)[date.dayOfWeek - 1]!;
    const windows = rules.overrides[name] ?? (rules.holidays.includes(name) ? [] : (rules.hours[weekday] ?? []));
    for (const window of windows) {
      const [from, to] = window.map((time) => secondOf(rules.timezone, name, time) - origin);
      if (from! < to!) open.fill(1, Math.max(0, from!), Math.max(0, to!));
    }
  }
  return open;
};

interface Watch {
  readonly metric: Metric;
  readonly cycle: number;
  readonly startedAt: number;
  stoppedAt: number | null;
  how: string | null;
  /** The last promise that held for it, and since when none does. */
  promise: { seconds: number; calendar: WallCalendar; policy: Policy; priority: Priority } | null;
  unpromisedAt: number | null;
  /** Each second of the life as 1, when the watch was held. */
  readonly held: Uint8Array;
  holding: boolean;
  readonly told: Set<string>;
  breached: boolean;
  acknowledged: boolean;
}

const solved = (status: Status): boolean => status === 'resolved' || status === 'closed';

export const reference = ({ calendars, policies, timeline, looks }: World): readonly WatchReading[] => {
  const origin = timeline[0]!.at / 1000;
  const walls = calendars.map((rules) => new WallCalendar(rules, origin));
  const end = looks.at(-1)! / 1000 - origin;

  // What is written on the ticket now.
  let status: Status = 'new';
  let priority: Priority = 'normal';
  let policy: Policy | null = null;
  let assigned = false;
  let over = false;
  let firstGiven = false;
  let botSolved = false;
  const watches: Watch[] = [];

  const ticking = (metric: Metric): Watch | undefined =>
    watches.find((watch) => watch.metric === metric && watch.stoppedAt === null);
  const isHeld = (watch: Watch): boolean => {
    if (watch.stoppedAt !== null) return watch.metric === 'resolution' && watch.how === 'solved';
    const holding = policy ?? watch.promise?.policy ?? null;
    return holding?.pausedBy[watch.metric]?.includes(status) ?? false;
  };
  const begin = (metric: Metric, s: number): void => {
    if (over || ticking(metric) !== undefined) return;
    const cycle = watches.filter((watch) => watch.metric === metric).length + 1;
    watches.push({
      metric,
      cycle,
      startedAt: s,
      stoppedAt: null,
      how: null,
      promise: null,
      unpromisedAt: null,
      held: new Uint8Array(end + 1),
      holding: false,
      told: new Set(),
      breached: false,
      acknowledged: false,
    });
    lookAtPromises(s);
  };
  const stop = (metric: Metric, how: string, s: number): void => {
    const watch = ticking(metric);
    if (watch === undefined) return;
    watch.stoppedAt = s;
    watch.how = how;
  };
  const lookAtPromises = (s: number): void => {
    for (const watch of watches) {
      if (watch.stoppedAt !== null) continue;
      const target = policy?.targets[watch.metric]?.[priority];
      if (policy !== null && target !== undefined) {
        const calendar = walls[Number(target.calendar.id.slice('cal_'.length))]!;
        watch.promise = { seconds: target.seconds, calendar, policy, priority };
        watch.unpromisedAt = null;
      } else watch.unpromisedAt ??= s;
    }
  };
  const lookAtHolds = (): void => {
    for (const watch of watches) watch.holding = isHeld(watch);
  };

  const write = (entry: Timeline[number], s: number): void => {
    const wasSolved = solved(status);
    switch (entry.kind) {
      case 'policy':
        policy = entry.policy === null ? null : policies[entry.policy.version - 1]!;
        break;
      case 'created':
        ({ status, priority } = entry);
        assigned = entry.team === true;
        begin('firstResponse', s);
        begin('resolution', s);
        if (solved(status)) {
          firstGiven = true;
          stop('firstResponse', 'solved', s);
          stop('resolution', 'solved', s);
        } else {
          if (assigned) begin('ola', s);
          if (status === 'waiting_vendor') begin('provider', s);
        }
        break;
      case 'priority':
        priority = entry.priority;
        break;
      case 'response':
        stop('firstResponse', 'answered', s);
        stop('nextResponse', 'answered', s);
        firstGiven = true;
        break;
      case 'message':
        if (firstGiven) begin('nextResponse', s);
        break;
      case 'team':
        assigned = entry.assigned;
        stop('ola', 'handedOver', s);
        if (assigned && !solved(status)) begin('ola', s);
        break;
      case 'status':
        status = entry.status;
        if (status === 'waiting_vendor') begin('provider', s);
        else stop('provider', 'left', s);
        if (!wasSolved && solved(status)) {
          botSolved = entry.bot === true;
          for (const metric of ['firstResponse', 'nextResponse', 'resolution', 'ola'] as const)
            stop(metric, 'solved', s);
          if (!botSolved) firstGiven = true;
        }
        if (wasSolved && !solved(status)) {
          const resolution = watches.find((watch) => watch.metric === 'resolution')!;
          if (!over) resolution.stoppedAt = resolution.how = null;
          if (botSolved && !firstGiven) begin('firstResponse', s);
          if (assigned) begin('ola', s);
        }
        break;
      case 'merged':
        for (const watch of watches) stop(watch.metric, 'merged', s);
        over = true;
        break;
      case 'acknowledged':
        for (const watch of watches)
          if (watch.metric === entry.metric && watch.cycle === entry.cycle) watch.acknowledged = true;
        break;
      default:
        throw new Error('what was told follows from the looks');
    }
    lookAtPromises(s);
    lookAtHolds();
  };

  /** Reads a stop watch: how much it has counted, when it is due, and what it has to tell. */
  const reading = (watch: Watch, now: number) => {
    const { promise } = watch;
    if (promise === null) return null;
    const stoppedAt = watch.stoppedAt ?? watch.unpromisedAt;
    const until = stoppedAt ?? now;
    const heldNow = stoppedAt === null && isHeld(watch);
    let counted = 0;
    let elapsed = 0;
    let dueAt: number | null = null;
    const waiting = [
      ...promise.policy.warnings.map((share) => ({
        name: `warning ${share}`,
        at: (promise.seconds * share) / 100,
        ahead: true,
      })),
      ...promise.policy.levels
        .filter(({ metrics }) => metrics.includes(watch.metric))
        .flatMap(({ offsetSeconds, repeat }) => {
          const seconds = [offsetSeconds];
          for (let rung = 0; rung < (repeat?.times ?? 0); rung += 1)
            seconds.push(seconds.at(-1)! + repeat!.everySeconds);
          return seconds;
        })
        .map((seconds) => ({ name: `level ${seconds}`, at: promise.seconds + seconds, ahead: seconds < 0 }))
        .filter(({ at }) => at > 0),
    ].sort((a, b) => a.at - b.at);
    /** By repetition: those of the same level that come after it. */
    const later = new Map<string, readonly string[]>();
    for (const { offsetSeconds, repeat } of promise.policy.levels) {
      const rungs: string[] = [];
      for (let rung = 1; rung <= (repeat?.times ?? 0); rung += 1)
        rungs.push(`level ${offsetSeconds + rung * repeat!.everySeconds}`);
      rungs.forEach((name, index) => later.set(name, rungs.slice(index + 1)));
    }
    const ahead = new Set(waiting.filter((one) => one.ahead).map(({ name }) => name));
    const past = new Set<string>();
    for (let s = watch.startedAt; s < daysAtMost * 86_400; s += 1) {
      if (s === until) elapsed = counted;
      if (counted === promise.seconds && dueAt === null) dueAt = s;
      // A hold that lasts ends now, as far as the due date is asked for.
      const counts = promise.calendar.isOpen(s) && !(s < until && watch.held[s] === 1);
      if (counts && s < now) {
        while (waiting.length > 0 && waiting[0]!.at <= counted) past.add(waiting.shift()!.name);
      }
      if (s > until && dueAt !== null) break;
      if (counts) counted += 1;
    }
    if (dueAt === null) throw new Error('the model does not look so far');
    const overdue = until > dueAt;
    const cancelled =
      watch.how === 'merged' ||
      (watch.stoppedAt === null && watch.unpromisedAt !== null) ||
      (watch.how === 'solved' && (watch.metric === 'firstResponse' || watch.metric === 'nextResponse'));
    const state =
      overdue || watch.breached
        ? 'breached'
        : cancelled
          ? 'cancelled'
          : stoppedAt !== null
            ? 'met'
            : heldNow
              ? 'paused'
              : 'running';
    const missed = state === 'breached';
    const tell = [
      ...(overdue ? ['breach'] : []),
      ...(stoppedAt === null ? [...past].filter((name) => !(ahead.has(name) && missed)) : []),
    ].filter(
      (name) =>
        !watch.told.has(name) &&
        (name !== 'breach' || missed) &&
        !(watch.acknowledged && name.startsWith('level ')) &&
        !later.get(name)?.some((other) => past.has(other) || watch.told.has(other)),
    );
    return { state, stoppedAt, until, elapsed, dueAt, tell, targetSeconds: promise.seconds };
  };

  let next = 0;
  let look = 0;
  for (let s = 0; s <= end; s += 1) {
    while (next < timeline.length && timeline[next]!.at / 1000 - origin === s) write(timeline[next++]!, s);
    for (const watch of watches) if (watch.holding) watch.held[s] = 1;
    for (; looks[look]! / 1000 - origin === s; look += 1) {
      for (const watch of watches) {
        for (const name of reading(watch, s)?.tell ?? []) {
          watch.told.add(name);
          if (name === 'breach' && watch.stoppedAt === null) watch.breached = true;
        }
      }
    }
  }

  return watches.flatMap((watch) => {
    const read = reading(watch, end);
    if (read === null) return [];
    const instant = (s: number): number => (s + origin) * 1000;
    return [
      {
        metric: watch.metric,
        cycle: watch.cycle,
        state: read.state,
        startedAt: instant(watch.startedAt),
        stoppedAt: read.stoppedAt === null ? null : instant(read.stoppedAt),
        targetSeconds: read.targetSeconds,
        elapsedSeconds: read.elapsed,
        dueAt: instant(read.dueAt),
        told: [...watch.told].sort(),
      },
    ];
  });
};
