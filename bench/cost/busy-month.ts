import { aggregateOf } from '../../functions/kpis/domain/aggregate.ts';
import { definitions } from '../../functions/kpis/domain/definitions.ts';
import type { Fact } from '../../functions/kpis/domain/fact.ts';
import { type GroupName, dimensionOf, groupsOf } from '../../functions/kpis/domain/group.ts';
import { RollupStore } from '../../functions/kpis/store/rollup-store.ts';
import type { MeteredDesk } from '../capacity/desk.ts';
import { eventImage } from '../capacity/facts.ts';
import { secondsPerMonth, type Traffic } from './traffic.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Rollups that stand there already belong to no lease. */
const stamp = { computedAt: 0, epoch: 0 };
/** A distribution of so many values has all its buckets: more make it no larger. */
const factsOfADayAtMost = 3_000;

const byGroup = (facts: readonly Fact[]): ReadonlyMap<GroupName, readonly Fact[]> => {
  const groups = new Map<GroupName, Fact[]>();
  for (const fact of facts) for (const group of groupsOf(fact)) groups.set(group, [...(groups.get(group) ?? []), fact]);
  return groups;
};

const isShared = ([group]: readonly [GroupName, readonly Fact[]]): boolean => dimensionOf(group) !== 'customer';

const factsOf = (traffic: Traffic, count: number, at: number): readonly Fact[] =>
  Array.from({ length: count }, () => ({ ...traffic.fact(at), version: 1, retracted: false }));

/**
 * The middle of a month of such traffic, for rollups to work on: half an hour of facts, the hours of the day before it, and the
 * days of the month, for the groups that many tickets share (a customer's hours and days are one read unit, many or few).
 */
export const seedBusyMonth = async (desk: MeteredDesk, traffic: Traffic): Promise<void> => {
  const middle = Date.parse('2026-03-16T12:30:00Z');
  const store = new RollupStore({ client: desk.kpis.client, table: desk.kpis.table });
  desk.time.now = middle;
  const aDay = Math.round((traffic.rate * secondsPerMonth) / 30);
  for (const definition of definitions) {
    const hour = [...byGroup(factsOf(traffic, Math.round(aDay / 24 / definitions.length), middle))];
    const hours = new Map(
      hour.filter(isShared).map(([group, facts]) => [group, aggregateOf(definition, group, facts)]),
    );
    for (let before = 1; before <= 12 && hours.size > 0; before += 1) {
      const at = new Date(middle - before * hourMs).toISOString().slice(0, 13);
      await store.putHour(definition.id, at, hours, [...hours.keys()], stamp);
    }
    const day = byGroup(factsOf(traffic, Math.min(factsOfADayAtMost, Math.round(aDay / definitions.length)), middle));
    for (let before = 1; before <= 15; before += 1) {
      const at = new Date(middle - before * dayMs).toISOString().slice(0, 10);
      for (const [group, facts] of [...day].filter(isShared))
        await store.putDay(definition.id, at, group, aggregateOf(definition, group, facts), stamp);
    }
  }
  const already = Array.from({ length: Math.round(aDay / 48) }, () => traffic.fact(middle - hourMs / 4));
  for (let index = 0; index < already.length; index += 100) {
    const batch = already.slice(index, index + 100);
    await desk.deliver(batch.map((fact) => eventImage(fact.ticketId, 1, [fact])));
  }
  for (let more = true; more; ) more = (await desk.rollUp()).more;
  desk.takeWakings();
};
