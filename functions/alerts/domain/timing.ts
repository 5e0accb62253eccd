import { addDays, instantOf, localTime, weekdayOf, weekdays } from '../../sla/domain/zone.ts';
import type { Severity } from './alert.ts';
import { type QuietHours, type Timing, usualDigestAt } from './wanted-times.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** `22:30` as milliseconds since midnight. */
const sinceMidnight = (time: string): number => Number(time.slice(0, 2)) * hourMs + Number(time.slice(3, 5)) * minuteMs;

/** The end of the quiet hours in which an instant lies, or null when it lies in none. */
const endOfQuiet = ({ timezone, days, ...hours }: QuietHours, at: number): number | null => {
  const from = sinceMidnight(hours.from);
  const to = sinceMidnight(hours.to);
  const today = localTime(timezone, at).date;
  const ends = [addDays(today, -1), today]
    .filter((date) => days.includes(weekdayOf(date)))
    .flatMap((date) => {
      const start = instantOf(timezone, { date, ms: from });
      const end = instantOf(timezone, { date: to > from ? date : addDays(date, 1), ms: to });
      return start <= at && at < end ? [end] : [];
    });
  return ends.length === 0 ? null : Math.max(...ends);
};

/** The first instant from `at` on that lies in no quiet hours: a weekend of whole quiet days ends on Monday. */
export const afterQuiet = (quiet: QuietHours | null | undefined, at: number): number => {
  if (quiet === null || quiet === undefined) return at;
  let free = at;
  for (let hops = 0; hops <= weekdays.length; hops += 1) {
    const end = endOfQuiet(quiet, free);
    if (end === null) return free;
    free = end;
  }
  return free;
};

/** Whether quiet hours hold nothing of this severity back. */
const unheld = ({ quietHours }: Timing, severity: Severity): boolean =>
  quietHours === null || quietHours === undefined || quietHours.except.includes(severity);

/** The next instant at which a digest goes out; `now` when there is none. */
const nextDigest = ({ digest, digestAt }: Timing, now: number): number => {
  if (digest === 'hourly') return (Math.floor(now / hourMs) + 1) * hourMs;
  if (digest !== 'daily') return now;
  const { time, timezone } = digestAt ?? usualDigestAt;
  const today = localTime(timezone, now).date;
  const days = [today, addDays(today, 1), addDays(today, 2)];
  return days.map((date) => instantOf(timezone, { date, ms: sinceMidnight(time) })).find((at) => at > now) ?? now;
};

/**
 * What is too much for one minute goes out at the end of such a window. A burst of 10,000 deadlines takes half a minute to be
 * claimed, and what of it is claimed just after a minute's end would wait for another whole one. At most four summaries a
 * minute for an address are far below the ten messages a second at which SNS suspends it.
 */
export const floodWindowMs = 15_000;

/** The end of the window in which an instant lies. */
export const endOfFloodWindow = (now: number): number => (Math.floor(now / floodWindowMs) + 1) * floodWindowMs;

/**
 * When something of this severity may go out that must not before `earliest`: at the end of quiet hours, or when the next
 * digest does. Of several subscriptions of one address, the one that wants it soonest decides: it is told once.
 */
export const releaseAt = (timings: readonly Timing[], severity: Severity, now: number, earliest = now): number => {
  const instants = timings.map((timing) => {
    const wanted = Math.max(earliest, nextDigest(timing, now));
    return unheld(timing, severity) ? wanted : afterQuiet(timing.quietHours, wanted);
  });
  return instants.length === 0 ? earliest : Math.min(...instants);
};

/** Until when quiet hours hold back what is ready to go: `now` when nothing does. Digests no longer matter to it. */
export const heldUntil = (timings: readonly Timing[], severity: Severity, now: number): number =>
  releaseAt(
    timings.map(({ quietHours = null }) => ({ quietHours })),
    severity,
    now,
  );

/** Whether it may go out in quiet hours too. */
export const goesAnyTime = (timings: readonly Timing[], severity: Severity): boolean =>
  timings.length === 0 || timings.some((timing) => unheld(timing, severity));
