import type * as z from 'zod';
import { defaultPolicy, roundTheClock, type Timeline } from '../sla/index.ts';
import { clocksAt } from './domain/state.ts';
import type { getSla } from './routes.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** The clocks of a timeline at an instant, in the shape of the contract. Remaining seconds round down, so 0 is not yet overdue. */
export const slaAnswer = (timeline: Timeline, at: number): z.input<(typeof getSla)['success']['answer']> => ({
  clocks: clocksAt(timeline, at).map((clock) => ({
    metric: clock.metric,
    cycle: clock.cycle,
    state: clock.state,
    targetSeconds: clock.targetSeconds,
    startedAt: iso(clock.startedAt),
    dueAt: iso(clock.dueAt),
    stoppedAt: clock.stoppedAt === null ? null : iso(clock.stoppedAt),
    elapsedSeconds: Math.floor(clock.elapsedMs / 1000),
    remainingSeconds: Math.floor(clock.targetSeconds - clock.elapsedMs / 1000),
    pauses: clock.pauses.map((pause) => ({
      from: iso(pause.from),
      to: pause.to === null ? null : iso(pause.to),
      reason: pause.reason,
    })),
    warnings: [],
    levels: [],
    policy: { id: defaultPolicy.id, version: defaultPolicy.version },
    calendar: { id: roundTheClock.id, version: roundTheClock.version },
    explain: [...clock.explain],
  })),
});
