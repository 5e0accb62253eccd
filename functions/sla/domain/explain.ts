import type { Calendar } from './calendar.ts';
import type { Clock } from './clock.ts';
import { type Interval, type Pause, stretches } from './pause.ts';
import type { Metric } from './timeline.ts';
import { type Weekday, addDays, localTime, weekdayOf } from './zone.ts';

const metricWords: Readonly<Record<Metric, string>> = {
  firstResponse: 'first response',
  nextResponse: 'next response',
  resolution: 'resolution',
  ola: 'team’s own',
  provider: 'provider’s',
};

const parts = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** 5400 -> `1 h 30 min`. */
export const duration = (seconds: number): string => {
  let rest = Math.max(0, Math.floor(seconds));
  const texts: string[] = [];
  for (const [size, unit] of parts) {
    const count = Math.floor(rest / size);
    if (count > 0) texts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return texts.length === 0 ? '0 s' : texts.join(' ');
};

/** As people count work: in hours, since a day of work has no fixed length. */
const worked = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = seconds % 3600;
  if (hours === 0) return duration(rest);
  return rest === 0 ? `${hours} h` : `${hours} h ${duration(rest)}`;
};

const dayNames: Readonly<Record<Weekday, string>> = {
  sun: 'Sun',
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `09:30`, with seconds where there are some. */
const clockFace = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const rest = seconds % 60;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}${rest === 0 ? '' : `:${two(rest)}`}`;
};

/** `Fri 2026-03-06 16:30`, on the clocks of the calendar. */
const day = (calendar: Calendar, at: number): string => {
  const { date, ms } = localTime(calendar.rules.timezone, at);
  return `${dayNames[weekdayOf(date)]} ${date} ${clockFace(ms)}`;
};

/** `Mon 09:00`, with the date when it is not within the week. */
const shortDay = (calendar: Calendar, at: number, since: number): string => {
  const { timezone } = calendar.rules;
  const { date, ms } = localTime(timezone, at);
  const near = date < addDays(localTime(timezone, since).date, 7);
  return near ? `${dayNames[weekdayOf(date)]} ${clockFace(ms)}` : day(calendar, at);
};

/** Pieces that are shown at each end of a long count. */
const shown = 3;

/** The stretches that were counted until the target was used up, those that touch at midnight as one. */
const countedUntil = (clock: Clock, end: number, pauses: readonly Interval[]): readonly Interval[] => {
  const pieces: Interval[] = [];
  for (const piece of clock.calendar.counted(clock.startedAt, end, pauses)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.to === piece.from) pieces[pieces.length - 1] = { from: last.from, to: piece.to };
    else pieces.push(piece);
  }
  return pieces;
};

/** `Fri 2026-03-06 16:30 + 30 min to closing, Mon 09:00 + 30 min = Mon 2026-03-09 09:30` */
const sum = (clock: Clock, pauses: readonly Interval[]): string => {
  const { calendar, dueAt } = clock;
  const pieces = countedUntil(clock, dueAt, pauses);
  const first = pieces[0]?.from ?? clock.startedAt;
  const begins = first === clock.startedAt ? '' : `starts ${day(calendar, clock.startedAt)}, while nothing counts; `;
  const texts = pieces.map(({ from, to }, index) => {
    const begin = index === 0 ? day(calendar, from) : shortDay(calendar, from, first);
    const ended = to === dueAt ? '' : pauses.some((pause) => pause.from === to) ? ' to the hold' : ' to closing';
    // Rounded, as the beginning is shown: 16:30:00.065 is 16:30, and then half an hour to 17:00.
    return `${begin} + ${worked(Math.round((to - from) / 1000) * 1000)}${ended}`;
  });
  const middle = pieces.slice(shown, -shown);
  const told =
    middle.length === 0
      ? texts
      : [
          ...texts.slice(0, shown),
          `${middle.length} more (${worked(middle.reduce((total, { from, to }) => total + to - from, 0))})`,
          ...texts.slice(-shown),
        ];
  return `${begins}${told.join(', ')} = ${day(calendar, dueAt)}`;
};

const always = (calendar: Calendar): boolean =>
  calendar.rules.holidays.length === 0 &&
  Object.keys(calendar.rules.overrides).length === 0 &&
  Object.values(calendar.rules.hours).filter((windows) => windows?.length === 1 && windows[0]?.join() === '00:00,24:00')
    .length === 7;

const holdLine = (clock: Clock, { from, to, reason }: Pause, end: number): string => {
  const { calendar } = clock;
  const why = reason.replaceAll('_', ' ');
  const counted = calendar.elapsed(Math.max(from, clock.startedAt), Math.min(to ?? end, end));
  if (to === null) return `On hold since ${day(calendar, from)} (${why}): ${worked(counted)} not counted so far.`;
  return `On hold from ${day(calendar, from)} to ${day(calendar, to)} (${why}): ${worked(counted)} of it were working time and are not counted.`;
};

const ending = (clock: Clock): string => {
  const counted = worked(clock.elapsedMs);
  const { calendar, stoppedAt } = clock;
  if (stoppedAt === null) {
    if (clock.state !== 'breached') return `${counted} have counted so far.`;
    return clock.elapsedMs > clock.targetSeconds * 1000
      ? `Still running after ${counted}: breached.`
      : `Breached under the target that held then; that stays. ${counted} have counted so far.`;
  }
  const stopped = day(calendar, stoppedAt);
  const over = clock.elapsedMs - clock.targetSeconds * 1000;
  switch (clock.state) {
    case 'breached':
      return over > 0
        ? `Stopped ${stopped} after ${counted}, ${worked(over)} too late: breached.`
        : `Stopped ${stopped} after ${counted}. Breached under the target that held then; that stays.`;
    case 'cancelled':
      return `Cancelled ${stopped} after ${counted}: ${cancelledBecause(clock)}, so it is not counted.`;
    case 'met':
    case 'paused':
    case 'running':
      return `Stopped ${stopped} after ${counted}: met.`;
  }
};

const cancelledBecause = ({ stoppedBy }: Clock): string => {
  switch (stoppedBy) {
    case 'merged':
      return 'the ticket was merged into another one';
    case 'released':
      return 'no policy promises it any more';
    default:
      return 'solved without a public reply';
  }
};

/** Why a clock stands where it stands at `now`, in sentences that a person can check by hand, on the clocks of its calendar. */
export const explainClock = (clock: Clock, now: number): readonly string[] => {
  const { calendar, policy, priority } = clock;
  const end = clock.stoppedAt ?? now;
  const pauses = stretches(clock.pauses, end);
  const hours = always(calendar) ? 'round the clock' : `in the hours of calendar ${calendar.id}`;
  return [
    `The ${metricWords[clock.metric]} target for priority ${priority} is ${worked(clock.targetSeconds * 1000)} ${hours} (${calendar.rules.timezone}), by policy "${policy.name}".`,
    ...clock.pauses.map((pause) => holdLine(clock, pause, end)),
    `${clock.state === 'paused' ? 'If it resumed now it would be due' : 'Due'}: ${sum(clock, pauses)}.`,
    ...(clock.claims.has('acknowledged') ? ['Acknowledged: no further level of it escalates.'] : []),
    ending(clock),
  ];
};
