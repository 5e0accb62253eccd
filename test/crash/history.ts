import { change } from '../../functions/desk/use-cases/change.ts';
import { open } from '../../functions/desk/use-cases/open.ts';
import { reply } from '../../functions/desk/use-cases/reply.ts';
import { setStatus } from '../../functions/desk/use-cases/set-status.ts';
import type { Ticket } from '../../functions/desk/domain/ticket.ts';
import type { Principal } from '../../functions/platform/actor.ts';
import { priorities, statuses } from '../../functions/sla/domain/timeline.ts';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Chance } from '../sla/reference/chance.ts';
import { customerId, furnish, type Plan, planOf, teamId } from './desk-setup.ts';
import type { Item } from './expressions.ts';
import { Invocation, type Mishap, Turns } from './invocation.ts';
import { MemoryTable } from './memory-table.ts';
import { type Sandbox, sandboxOf } from './sandbox.ts';
import { idsFrom } from './seeded-ulid.ts';
import { fairWeather, type Message, type Publication, type Weather } from './services.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const customer: Principal = { id: 'ctc_00000000000000000000000001', role: 'requester', customerId, teamId: null };
const staff: Principal = { id: 'agt_00000000000000000000000002', role: 'agent', customerId: null, teamId };

/** One shard of the stream as its reader sees it. */
interface Shard {
  readonly records: { readonly item: Item; readonly readableAt: number }[];
  busy: boolean;
  failures: number;
  /** Not read again before. */
  restsUntil: number;
}

/** What a history leaves behind. */
export interface Outcome {
  readonly seed: number;
  readonly plan: Plan;
  readonly table: MemoryTable;
  readonly publications: readonly Publication[];
  /** Tickets as callers were answered them. */
  readonly answers: readonly Ticket[];
  /** From when on nothing went wrong any more. */
  readonly calmFrom: number;
  readonly endedAt: number;
  readonly counts: {
    calls: number;
    kills: number;
    failures: number;
    invocations: number;
    repeatedMessages: number;
    repeatedBatches: number;
    givenUp: number;
  };
}

/** Nothing came to an end: an item is due again and again. */
export class NeverDone extends Error {
  override readonly name = 'NeverDone';
}

const weatherOf = (chance: Chance): Weather => {
  const rough = chance.of([0, 1, 1, 3]);
  const some = (probability: number): number => (chance.is(0.6) ? probability * rough : 0);
  return {
    kill: some(0.01),
    fail: some(0.01),
    conflict: some(0.05),
    lost: some(0.1),
    late: some(0.1),
    twice: some(0.1),
    behind: some(0.2),
    slow: some(0.01),
    again: some(0.1),
    givenUp: some(0.1),
    crowd: some(0.08),
  };
};

/** One history: a desk, hours in which people work and functions die, then days in which nothing goes wrong. */
export class History {
  readonly #chance: Chance;
  readonly #plan: Plan;
  readonly #table: MemoryTable;
  readonly #turns: Turns;
  readonly #weather: Weather;
  readonly #publications: Publication[] = [];
  readonly #queue: Message[] = [];
  readonly #shards: Shard[];
  readonly #sandboxes: Sandbox[] = [];
  readonly #tickets: string[] = [];
  readonly #answers: Ticket[] = [];
  readonly #counts: Outcome['counts'] = {
    calls: 0,
    kills: 0,
    failures: 0,
    invocations: 0,
    repeatedMessages: 0,
    repeatedBatches: 0,
    givenUp: 0,
  };
  readonly #seed: number;
  #now: number;
  #live = 0;
  /** The last minute in which the sweep was called. */
  #sweptMinute = 0;
  #sweeping = false;
  #queueInvocations = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#chance = new Chance(seed);
    idsFrom(new Chance(seed + 1));
    this.#now = Date.parse('2026-03-02T00:00:00Z') + this.#chance.between(0, day);
    this.#table = new MemoryTable(() => this.#now);
    this.#turns = new Turns(() => this.#now);
    this.#weather = weatherOf(this.#chance);
    this.#plan = planOf(this.#chance);
    this.#shards = Array.from({ length: this.#chance.between(1, 3) }, () => ({
      records: [],
      busy: false,
      failures: 0,
      restsUntil: 0,
    }));
    furnish(this.#table, this.#plan);
    this.#table.listen((item, isNew) => {
      if (isNew && String(item['SK']).startsWith('EV#') && item['alertId'] !== undefined) this.#record(item);
      if (isNew && item['SK'] === 'T') this.#tickets.push(String(item['id']));
    });
  }

  async run(): Promise<Outcome> {
    await this.#goOn(this.#deeds());
    const calmFrom = this.#now;
    Object.assign(this.#weather, fairWeather);
    for (const message of this.#queue.splice(0)) if (this.#chance.is(0.5)) this.#queue.push(message);
    await this.#goOn([]);
    return {
      seed: this.#seed,
      plan: this.#plan,
      table: this.#table,
      publications: this.#publications,
      answers: this.#answers,
      calmFrom,
      endedAt: this.#now,
      counts: this.#counts,
    };
  }

  /** What people do, and when: some of it in bursts. */
  #deeds(): { readonly at: number; readonly act: (desk: Sandbox['desk']) => Promise<unknown> }[] {
    const chance = this.#chance;
    const span = chance.between(1, 6) * hour;
    const start = this.#now;
    const burst = chance.is(0.25) ? chance.between(4, 8) : 0;
    const opened = Array.from({ length: chance.between(1, 3) + burst }, (_unused, index) => ({
      at: start + (index < burst ? chance.between(0, 20_000) : chance.between(0, span / 2)),
      act: (desk: Sandbox['desk']) => this.#open(desk),
    }));
    const others = Array.from({ length: chance.between(0, 8) }, () => ({
      at: start + chance.between(0, span),
      act: (desk: Sandbox['desk']) => this.#deed(desk),
    }));
    // Nobody does anything in the last hours, but things still go wrong.
    const last = { at: start + span + chance.between(0, 3 * hour), act: async () => undefined };
    return [...opened, ...others, last].sort((a, b) => a.at - b.at);
  }

  /** Notes what a caller was told: it must be true for ever. */
  async #answered(deed: Promise<unknown>): Promise<void> {
    const ticket = await deed;
    if (ticket !== null && typeof ticket === 'object') this.#answers.push(ticket as Ticket);
  }

  #open(desk: Sandbox['desk']): Promise<unknown> {
    const command = {
      customerId,
      requester: null,
      subject: 'Checkout answers 502',
      description: '',
      type: 'incident' as const,
      priority: this.#chance.of(priorities),
      channel: 'email' as const,
      serviceId: null,
      teamId: this.#chance.is(0.5) ? teamId : null,
      tags: [],
    };
    return open(desk, customer, command, () => undefined);
  }

  async #deed(desk: Sandbox['desk'], on?: string): Promise<unknown> {
    if (this.#tickets.length === 0) return;
    const chance = this.#chance;
    const ticketId = on ?? chance.of(this.#tickets);
    const ifMatch = null;
    const text = { ticketId, ifMatch, body: 'We look.', channel: 'email' as const, onBehalfOf: null, automatic: false };
    switch (chance.between(0, 5)) {
      case 0:
        return reply(desk, staff, { ...text, visibility: 'public' }, () => undefined);
      case 1:
        return reply(desk, customer, { ...text, visibility: 'public' }, () => undefined);
      case 2:
        return reply(desk, staff, { ...text, visibility: 'internal' }, () => undefined);
      case 3:
        return change(desk, staff, { ticketId, ifMatch, changes: { priority: chance.of(priorities) } });
      default: {
        const status = chance.of(statuses.filter((one) => one !== 'new'));
        return setStatus(desk, staff, { ticketId, ifMatch, status, reason: null, note: null }, () => undefined);
      }
    }
  }

  /** Goes on until the deeds are done, and with fair weather until nothing is left to do. */
  async #goOn(
    deeds: { readonly at: number; readonly act: (desk: Sandbox['desk']) => Promise<unknown> }[],
  ): Promise<void> {
    const calm = deeds.length === 0;
    const begun = this.#now;
    for (let steps = 0; ; steps += 1) {
      if (steps > 400_000 || this.#now > begun + 20 * day) throw new NeverDone(this.#stuck());
      while (deeds[0] !== undefined && deeds[0].at <= this.#now) {
        const { act } = deeds.shift() ?? { act: async () => undefined };
        this.#start('http-desk', 15_000, (sandbox) => this.#answered(act(sandbox.desk)));
      }
      this.#feed();
      if (this.#live > 0) {
        await this.#step();
        continue;
      }
      const next = this.#nextInstant(deeds[0]?.at ?? Number.POSITIVE_INFINITY);
      if (next === Number.POSITIVE_INFINITY) return;
      if (!calm && deeds.length === 0) return;
      this.#now = Math.max(this.#now, next);
    }
  }

  #stuck(): string {
    return JSON.stringify(this.#table.due().slice(0, 3));
  }

  async #step(): Promise<void> {
    // All that the running code does by itself is done before the next call is made.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#live === 0) return;
    if (this.#turns.length === 0) throw new NeverDone('an invocation waits for nothing');
    const chance = this.#chance;
    this.#counts.calls += 1;
    this.#now += chance.is(this.#weather.slow) ? chance.between(500, 3_500) : chance.between(1, 12);
    this.#turns.next(
      (count) => chance.between(0, count - 1),
      () => this.#mishap(),
    );
  }

  #mishap(): Mishap {
    const { kill, fail } = this.#weather;
    const drawn = this.#chance.next();
    if (drawn >= kill + fail) return null;
    const what = drawn < kill ? 'kill' : 'fail';
    this.#counts[what === 'kill' ? 'kills' : 'failures'] += 1;
    return { what, when: this.#chance.is(0.5) ? 'before' : 'after' };
  }

  /** Starts an invocation in a sandbox that is free, or in a new one; `then` hears whether it went well. */
  #start(
    name: string,
    timeoutMs: number,
    run: (sandbox: Sandbox) => Promise<unknown>,
    then: (well: boolean) => void = () => undefined,
  ): void {
    const reused = this.#chance.is(0.8) ? this.#sandboxes.pop() : undefined;
    const sandbox =
      reused ??
      sandboxOf(
        {
          table: this.#table,
          turns: this.#turns,
          chance: this.#chance,
          weather: this.#weather,
          publications: this.#publications,
          queue: this.#queue,
          now: () => this.#now,
        },
        this.#plan.stage,
      );
    this.#counts.invocations += 1;
    const invocation = new Invocation({ id: this.#counts.invocations, name, startedAt: this.#now, timeoutMs });
    sandbox.use(invocation);
    this.#live += 1;
    const ended = (well: boolean): void => {
      this.#live -= 1;
      if (!invocation.dead) this.#sandboxes.push(sandbox);
      then(well && !invocation.dead);
    };
    run(sandbox).then(
      () => ended(true),
      () => ended(false),
    );
  }

  #feed(): void {
    const thisMinute = Math.floor(this.#now / minute);
    if (thisMinute > this.#sweptMinute && this.#now >= this.#sweepIn(thisMinute) && !this.#sweeping) {
      this.#sweptMinute = thisMinute;
      this.#sweep();
    }
    this.#feedQueue();
    for (const shard of this.#shards) this.#feedShard(shard);
  }

  /** Somewhere within each minute, as EventBridge has it. */
  #sweepIn(thisMinute: number): number {
    return thisMinute * minute + ((thisMinute * 7_919 + this.#seed * 104_729) % minute);
  }

  /** A sweep of an index in which nothing is due is left out. */
  #sweep(): void {
    const until = new Date(this.#now + 150_000).toISOString();
    if (!this.#table.due().some(({ dueAt }) => String(dueAt) <= until)) return;
    this.#sweeping = true;
    this.#start(
      'job-sweep',
      50_000,
      (sandbox) => sandbox.sweep(),
      () => {
        this.#sweeping = false;
      },
    );
  }

  #feedQueue(): void {
    const chance = this.#chance;
    const ready = this.#queue.filter(({ visibleAt }) => visibleAt <= this.#now);
    if (ready.length === 0 || this.#queueInvocations >= 3) return;
    // No order.
    const batch: Message[] = [];
    for (let size = Math.min(10, ready.length); size > 0; size -= 1) {
      const [one] = ready.splice(chance.between(0, ready.length - 1), 1);
      if (one === undefined) break;
      batch.push(one);
      if (chance.is(this.#weather.twice)) {
        // Delivered to somebody else too.
        this.#counts.repeatedMessages += 1;
        this.#queue.push({ ...one, visibleAt: this.#now + chance.between(0, 2_000) });
      }
    }
    for (const one of batch) {
      one.received += 1;
      one.visibleAt = this.#now + 180_000;
    }
    this.#crowd(batch);
    const gone = new Set<Message>();
    this.#queueInvocations += 1;
    this.#start(
      'queue-due',
      30_000,
      (sandbox) =>
        Promise.all(
          batch.map(async (message) => {
            try {
              await sandbox.attend(message.body);
              gone.add(message);
            } catch {
              // It comes again.
            }
          }),
        ),
      (well) => {
        this.#queueInvocations -= 1;
        for (const message of batch) {
          if ((well && gone.has(message)) || message.received >= 5) this.#queue.splice(this.#queue.indexOf(message), 1);
        }
      },
    );
  }

  /** Somebody does something to a ticket at the moment at which it is looked at: a race for its version. */
  #crowd(batch: readonly Message[]): void {
    for (const { body } of batch) {
      const ticketId = /"TKT#(tkt_\w+)"/.exec(body)?.[1];
      if (ticketId === undefined || !this.#chance.is(this.#weather.crowd)) continue;
      // Two who read the same version, now and then.
      for (let people = this.#chance.between(1, 2); people > 0; people -= 1) {
        this.#start('http-desk', 15_000, (sandbox) => this.#answered(this.#deed(sandbox.desk, ticketId)));
      }
    }
  }

  #record(item: Item): void {
    const shard =
      this.#shards[
        [...String(item['PK'])].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % this.#shards.length
      ];
    const late = this.#chance.is(this.#weather.late) ? this.#chance.between(0, 150_000) : this.#chance.between(50, 800);
    shard?.records.push({ item, readableAt: this.#now + late });
  }

  /** In order, a batch at a time; after a failure from the record that failed on, until it is given up. */
  #feedShard(shard: Shard): void {
    const first = shard.records[0];
    if (shard.busy || first === undefined || first.readableAt > this.#now || shard.restsUntil > this.#now) return;
    const chance = this.#chance;
    const batch = shard.records.slice(0, chance.between(1, 10)).filter(({ readableAt }) => readableAt <= this.#now);
    shard.busy = true;
    let done = 0;
    this.#start(
      'stream-alerts',
      30_000,
      async (sandbox) => {
        for (const { item } of batch) {
          const newImage = unmarshall(marshall(item));
          await sandbox.project({ sequenceNumber: '1', newImage });
          done += 1;
        }
      },
      (well) => {
        shard.busy = false;
        if (well) {
          shard.failures = 0;
          if (chance.is(this.#weather.again)) this.#counts.repeatedBatches += 1;
          else shard.records.splice(0, batch.length);
          return;
        }
        shard.records.splice(0, chance.is(0.5) ? done : 0);
        shard.failures += 1;
        shard.restsUntil = this.#now + Math.min(60_000, 500 * 2 ** shard.failures);
        if (shard.failures > 10 || chance.is(this.#weather.givenUp)) {
          this.#counts.givenUp += 1;
          shard.records.shift();
          shard.failures = 0;
        }
      },
    );
  }

  #nextInstant(deed: number): number {
    const dueAt = this.#table.due()[0]?.['dueAt'];
    const never = Number.POSITIVE_INFINITY;
    // Sweeps that would find nothing are passed over, up to the first that sees what is due next.
    const seenFrom = Math.floor((Date.parse(String(dueAt)) - 150_000) / minute);
    const sweepAt =
      dueAt === undefined
        ? never
        : this.#sweepIn(Math.max(seenFrom, this.#sweptMinute + 1, Math.floor(this.#now / minute)));
    return Math.min(
      deed,
      sweepAt,
      ...this.#queue.map(({ visibleAt }) => visibleAt),
      ...this.#shards.map(({ records, restsUntil }) => Math.max(restsUntil, records[0]?.readableAt ?? never)),
    );
  }
}
