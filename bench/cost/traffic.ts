import { randomFrom } from '../capacity/facts.ts';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import type { Prices } from './prices.ts';

const priorities = ['critical', 'high', 'normal', 'normal', 'low'];
const kpis = ['ticket-volume', 'first-response-time', 'resolution-time'] as const;

/** Facts that a life contributes: opened, answered, resolved, each at its own time, among those of other tickets. */
export const factsPerTicket = kpis.length;

export const secondsPerMonth = 30 * 24 * 3600;

/** Repeatable facts of a month of so many tickets: which KPI, team, customer and priority the next one has, and when it comes. */
export class Traffic {
  readonly #random = randomFrom(11);
  readonly #customers: number;
  readonly #teams: number;
  /** Facts a second. */
  readonly rate: number;
  #count = 0;

  constructor(tickets: number, { assumptions }: Pick<Prices, 'assumptions'>) {
    this.#customers = Math.max(5, Math.round(tickets / assumptions.ticketsPerCustomer.value));
    this.#teams = assumptions.teams.value;
    this.rate = (tickets * factsPerTicket) / secondsPerMonth;
  }

  #pick(from: number): number {
    return Math.floor(this.#random() * from);
  }

  fact(at: number): Contribution {
    this.#count += 1;
    const kpi = kpis[this.#count % kpis.length] ?? 'ticket-volume';
    const ticketId = `tkt_traffic_${this.#count}`;
    return {
      kpi,
      ticketId,
      subject: `${ticketId}#1`,
      at: new Date(at).toISOString(),
      value: kpi === 'ticket-volume' ? 1 : 60 + this.#pick(100_000),
      excluded: null,
      team: `tem_${String(this.#pick(this.#teams)).padStart(26, '0')}`,
      customer: `cus_${String(this.#pick(this.#customers)).padStart(26, '0')}`,
      priority: priorities[this.#pick(priorities.length)] ?? 'normal',
    };
  }

  /** Milliseconds until the next fact: they come one by one, by chance. */
  gapMs(): number {
    return (-Math.log(1 - this.#random()) / this.rate) * 1000;
  }
}
