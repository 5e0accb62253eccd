import type { MeteredDesk } from '../capacity/desk.ts';
import { eventImage } from '../capacity/facts.ts';
import { seedBusyMonth } from './busy-month.ts';
import { type Expense, noExpense, plus, times } from './expense.ts';
import type { Prices } from './prices.ts';
import type { stopwatch } from './stopwatch.ts';
import { factsPerTicket, Traffic } from './traffic.ts';

/** The pace of hints has settled after so long. */
const settledMs = 5.5 * 60_000;
const measuredMs = 3 * 60_000;
const fewestFacts = 30;
/** Tickets of a busier month cost what those of a month cost in which so many facts come while it is measured. */
const mostFacts = 4_000;

export interface KpiExpense {
  readonly facts: Expense;
  readonly rollups: Expense;
  readonly runsPerTicket: number;
}

/** A message sent, taken and deleted. */
const hintCalls = 3;

/**
 * What KPIs cost a ticket in a month of so many: facts come one by one, by chance, at the rate of that month, to the real stream
 * function, whose hints wake the real rollup when they would, in virtual time. So a fact that is alone pays for a run of its
 * own, and those of a busy desk share it. After some minutes for the pace to settle, some are measured.
 */
export const measuredKpis = async (
  desk: MeteredDesk,
  run: ReturnType<typeof stopwatch>,
  tickets: number,
  prices: Prices,
): Promise<KpiExpense> => {
  const traffic = new Traffic(tickets, prices);
  await seedBusyMonth(desk, traffic);
  const gatherMs = prices.assumptions.streamGatherSeconds.value * 1000;
  const settling = Math.min(mostFacts, Math.max(10, traffic.rate * (settledMs / 1000)));
  const measuring = Math.min(mostFacts, Math.max(fewestFacts, traffic.rate * (measuredMs / 1000)));

  let wakings: number[] = [];
  let next = desk.time.now + traffic.gapMs();
  let seen = 0;
  let measured = 0;
  let runs = 0;
  let facts = noExpense;
  let rollups = noExpense;
  const rollUpUntil = async (until: number): Promise<void> => {
    for (const waking of wakings.filter((at) => at <= until)) {
      desk.time.now = waking;
      if (seen <= settling) {
        await desk.rollUp();
        continue;
      }
      const used = await run('job-rollup', () => desk.rollUp());
      runs += 1;
      rollups = plus(plus(rollups, used), { sqsCalls: hintCalls });
    }
    wakings = wakings.filter((at) => at > until);
  };
  while (measured < measuring) {
    const closes = next + gatherMs;
    const images: unknown[] = [];
    for (; next <= closes; next += traffic.gapMs()) {
      const fact = traffic.fact(next);
      images.push(eventImage(fact.ticketId, 1, [fact]));
    }
    await rollUpUntil(closes);
    desk.time.now = closes;
    const used = await run('stream-kpis', () => desk.deliver(images));
    wakings.push(...desk.takeWakings());
    seen += images.length;
    if (seen <= settling) continue;
    measured += images.length;
    facts = plus(facts, used);
  }
  await rollUpUntil(Number.POSITIVE_INFINITY);
  const perTicket = factsPerTicket / measured;
  // Facts share the invocations of all the changes of a ticket, which are counted with its rows.
  return {
    facts: { ...times(facts, perTicket), invocations: 0 },
    rollups: times(rollups, perTicket),
    runsPerTicket: runs * perTicket,
  };
};
