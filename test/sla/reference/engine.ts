import type { Calendar as CalendarClass } from '../../../functions/sla/domain/calendar.ts';
import type { evaluate } from '../../../functions/sla/domain/evaluate.ts';
import type { dueMilestones } from '../../../functions/sla/domain/milestones.ts';
import type { Terms } from '../../../functions/sla/domain/policy.ts';
import { type TimelineEntry, withEntries } from '../../../functions/sla/domain/timeline.ts';
import type { WatchReading } from './reference.ts';
import type { World } from './world.ts';

/** The parts of the engine that are compared with the reference; a planted fault brings its own. */
export interface Engine {
  readonly Calendar: typeof CalendarClass;
  readonly evaluate: typeof evaluate;
  readonly dueMilestones: typeof dueMilestones;
}

const order = ['firstResponse', 'nextResponse', 'resolution', 'ola', 'provider'];

export const inOrder = (readings: readonly WatchReading[]): readonly WatchReading[] =>
  [...readings].sort((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric) || a.cycle - b.cycle);

/** What the engine says of a world: at each look the desk tells what is due, as the due handler does. */
export const readings = (engine: Engine, { calendars, policies, timeline, looks }: World): readonly WatchReading[] => {
  const made = calendars.map((rules, index) => new engine.Calendar({ id: `cal_${index}`, version: 1 }, rules));
  const termsOf = ({ version }: { readonly version: number }): Terms => ({
    policy: policies[version - 1]!,
    calendarOf: ({ calendar }) => made[Number(calendar.id.slice('cal_'.length))]!,
  });
  let told = timeline;
  const names = new Map<string, string[]>();
  for (const look of looks) {
    const known = told.filter(({ at }) => at <= look);
    for (const { clock, milestone } of engine.dueMilestones(engine.evaluate(known, termsOf, look), look)) {
      const { metric, cycle } = clock;
      const at = Math.max(milestone.at, known.at(-1)!.at);
      const entry: TimelineEntry =
        milestone.kind === 'warning'
          ? { at, kind: 'warning', metric, cycle, share: milestone.share }
          : milestone.kind === 'level'
            ? { at, kind: 'level', metric, cycle, offsetSeconds: milestone.offsetSeconds }
            : { at, kind: 'breach', metric, cycle };
      told = withEntries(told, [entry]);
      const name = `${metric} ${cycle}`;
      names.set(name, [...(names.get(name) ?? []), milestone.claim]);
    }
  }
  return engine.evaluate(told, termsOf, looks.at(-1)!).map((clock) => ({
    metric: clock.metric,
    cycle: clock.cycle,
    state: clock.state,
    startedAt: clock.startedAt,
    stoppedAt: clock.stoppedAt,
    targetSeconds: clock.targetSeconds,
    elapsedSeconds: clock.elapsedMs / 1000,
    dueAt: clock.dueAt,
    told: [...(names.get(`${clock.metric} ${clock.cycle}`) ?? [])].sort(),
  }));
};

/** Whether engine and reference say the same of a world. */
export const agrees = (mine: readonly WatchReading[], theirs: readonly WatchReading[]): boolean =>
  JSON.stringify(inOrder(mine)) === JSON.stringify(inOrder(theirs));
