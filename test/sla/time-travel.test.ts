import { Calendar } from '../../functions/sla/domain/calendar.ts';
import type { Clock } from '../../functions/sla/domain/clock.ts';
import { evaluate } from '../../functions/sla/domain/evaluate.ts';
import type { Terms } from '../../functions/sla/domain/policy.ts';
import { decodeTimeline, encodeTimeline } from '../../functions/sla/domain/timeline.ts';
import { Chance } from './reference/chance.ts';
import { world } from './reference/world.ts';

const seed = Math.floor(Math.random() * 1_000_000_000);
const lives = 2_000;

const termsIn = ({ calendars, policies }: ReturnType<typeof world>) => {
  const made = calendars.map((rules, index) => new Calendar({ id: `cal_${index}`, version: 1 }, rules));
  return ({ version }: { readonly version: number }): Terms => ({
    policy: policies[version - 1]!,
    calendarOf: ({ calendar }) => made[Number(calendar.id.slice('cal_'.length))]!,
  });
};

/** A clock without what was told of it: an acknowledgement may come when it is over. */
const measured = ({ claims: _claims, ...clock }: Clock): object => clock;

test(`time travel: what a timeline says of an instant never changes (seed ${seed}, ${lives} lives)`, () => {
  for (let index = 0; index < lives; index += 1) {
    const life = world(new Chance(seed + index * 7919));
    const { timeline, looks } = life;
    const termsOf = termsIn(life);
    for (const look of looks) {
      const known = timeline.filter(({ at }) => at <= look);
      const then = evaluate(known, termsOf, look);
      // Whatever happened later, and whenever it is asked.
      expect(evaluate(timeline, termsOf, look)).toEqual(then);
      // What was over stays as it was, unless a reopen takes it back.
      const later = evaluate(timeline, termsOf, looks.at(-1)!);
      for (const clock of then) {
        if (clock.stoppedAt === null || clock.stoppedBy === 'released' || clock.metric === 'resolution') continue;
        expect(later.map(measured)).toContainEqual(measured(clock));
      }
    }
  }
}, 240_000);

test('the compact form of a timeline says the same', () => {
  for (let index = 0; index < 500; index += 1) {
    const { timeline } = world(new Chance(seed + index));
    expect(decodeTimeline(encodeTimeline(timeline))).toEqual(timeline);
  }
  const told = [
    { at: 1, kind: 'breach', metric: 'ola', cycle: 2 },
    { at: 2, kind: 'warning', metric: 'nextResponse', cycle: 3, share: 75 },
    { at: 3, kind: 'level', metric: 'provider', cycle: 1, offsetSeconds: -1800 },
    { at: 4, kind: 'acknowledged', metric: 'resolution', cycle: 1 },
  ] as const;
  expect(decodeTimeline(encodeTimeline(told))).toEqual(told);
});
