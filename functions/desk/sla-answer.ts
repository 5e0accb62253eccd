import type * as z from 'zod';
import { type Clock, explainClock, milestonesOf, refOf } from '../sla/index.ts';
import { clocksAt, type TicketState } from './domain/state.ts';
import type { getSla } from './routes.ts';

type SlaBody = z.input<(typeof getSla)['success']['answer']>;

const iso = (at: number): string => new Date(at).toISOString();

/** Instants that a pause without end puts off have none yet. */
const isoOrNull = (at: number): string | null => (at === Infinity ? null : iso(at));

const marksOf = (clock: Clock): Pick<SlaBody['clocks'][number], 'warnings' | 'levels'> => {
  const milestones = milestonesOf(clock);
  return {
    warnings: milestones.flatMap((one) =>
      one.kind === 'warning' ? [{ share: one.share, at: isoOrNull(one.at), raised: one.told }] : [],
    ),
    levels: milestones.flatMap((one) =>
      one.kind === 'level'
        ? [
            {
              level: one.level,
              repetition: one.repetition,
              offsetSeconds: one.offsetSeconds,
              targets: [...one.targets],
              at: isoOrNull(one.at),
              raised: one.told,
            },
          ]
        : [],
    ),
  };
};

/** The clocks of a ticket at an instant, in the shape of the contract. Remaining seconds round down, so 0 is not yet overdue. */
export const slaAnswer = (state: TicketState, at: number): SlaBody => ({
  clocks: clocksAt(state, at).map((clock) => ({
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
    ...marksOf(clock),
    acknowledged: clock.claims.has('acknowledged'),
    policy: refOf(clock.policy),
    calendar: refOf(clock.calendar),
    explain: [...explainClock(clock, at)],
  })),
});
