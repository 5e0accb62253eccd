import type { Clock } from './clock.ts';
import type { Priority } from './timeline.ts';

const words = { firstResponse: 'first response', resolution: 'resolution' } as const;

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

const instant = (at: number): string => new Date(at).toISOString();

/** Why the clock stands where it stands, in sentences a person can check by hand. */
export const explainClock = (clock: Omit<Clock, 'explain'>, priority: Priority): readonly string[] => {
  const name = words[clock.metric];
  const lines = [
    `The ${name} target for priority ${priority} is ${duration(clock.targetSeconds)}, counted round the clock from ${instant(clock.startedAt)}.`,
    ...clock.pauses.map((pause) =>
      pause.to === null
        ? `Paused since ${instant(pause.from)} (${pause.reason}).`
        : `Paused from ${instant(pause.from)} to ${instant(pause.to)} (${pause.reason}): ${duration((pause.to - pause.from) / 1000)} not counted.`,
    ),
    `${clock.state === 'paused' ? 'If it resumed now it would be due' : 'Due'} at ${instant(clock.dueAt)}.`,
  ];
  const counted = duration(clock.elapsedMs / 1000);
  switch (clock.state) {
    case 'met':
      return [...lines, `Stopped at ${instant(clock.stoppedAt ?? clock.dueAt)} after ${counted}: met.`];
    case 'cancelled':
      return [
        ...lines,
        `Solved at ${instant(clock.stoppedAt ?? clock.dueAt)} without a public reply: cancelled, not counted.`,
      ];
    case 'breached':
      return [
        ...lines,
        clock.stoppedAt === null
          ? `Still running after ${counted}: breached.`
          : `Stopped at ${instant(clock.stoppedAt)} after ${counted}: breached.`,
      ];
    case 'paused':
    case 'running':
      return [...lines, `${counted} have counted so far.`];
  }
};
