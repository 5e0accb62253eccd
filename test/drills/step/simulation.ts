import type { Action, Observation } from '../../../functions/drills/domain/action.ts';
import type { Drill } from '../../../functions/drills/domain/drill.ts';
import { Chance } from '../../sla/reference/chance.ts';
import type { Engine } from './engine.ts';
import { faultsOf } from './truth.ts';
import { start, World } from './world.ts';

const second = 1000;
const hour = 3600 * second;
/** A restore may take 24 h, and one that hangs is waited for until it can be removed. */
const endOfTime = start + 120 * hour;

interface Event {
  readonly at: number;
  readonly run: (now: number) => void;
}

/** The drill as it is stored: read from a text, and written only over the version that was read. */
class Store {
  #drill: Drill;
  #version = 0;
  readonly #engine: Engine;

  constructor(engine: Engine, drill: Drill) {
    this.#engine = engine;
    this.#drill = this.#stored(drill);
  }

  read(): Drill {
    return this.#drill;
  }

  #stored(drill: Drill): Drill {
    return this.#engine.drillSchema.parse(JSON.parse(JSON.stringify(drill)));
  }

  save(drill: Drill, read: number): boolean {
    if (read !== this.#version) return false;
    this.#version += 1;
    this.#drill = this.#stored({ ...drill, version: this.#version });
    return true;
  }
}

export interface Outcome {
  readonly drill: Drill;
  readonly world: World;
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** The longest that a drill meant to wait for its next look. */
  readonly longestWaitMs: number;
}

/** A drill from its begin to its end, and whatever can happen on the way; everything follows from the seed. */
export class Simulation {
  readonly #chance: Chance;
  readonly #engine: Engine;
  readonly #world: World;
  readonly #store: Store;
  readonly #events: Event[] = [];
  readonly #crashes: number;
  readonly #late: { readonly observation: Observation; readonly turn: number; readonly from: number }[] = [];
  readonly counts = { crashes: 0, conflicts: 0, late: 0, events: 0, saves: 0, wakes: 0 };
  #pendingWakes = 0;
  #longestWaitMs = 0;
  #longestTurnMs = 0;

  constructor(seed: number, engine: Engine) {
    const chance = new Chance(seed);
    this.#chance = chance;
    this.#engine = engine;
    const own = chance.is(0.7);
    const method = chance.is(0.65) ? ('backup' as const) : ('pitr' as const);
    this.#world = new World(chance, { own, method });
    this.#crashes = chance.is(0.5) ? 0 : chance.next() * 0.3;
    const order = {
      id: 'drl_1',
      planId: null,
      serviceId: null,
      table: own ? 'operations' : 'orders',
      method,
      recoveryPoint: chance.is(0.6) ? ('newest' as const) : ('fresh' as const),
      atRest: this.#world.atRest,
      objectives: {
        rpoSeconds: chance.of([60, 600, 3600, 24 * 3600, 48 * 3600]),
        rtoSeconds: chance.of([600, 3600, 4 * 3600, 12 * 3600]),
      },
      costCeiling: chance.is(0.5) ? null : chance.of([1, 5, 50]),
      requestedBy: { id: 'agt_1', role: 'manager' },
      scratchTable: 'desk-drill-drl_1',
    };
    this.#store = new Store(engine, engine.begin(order, start));
    this.#wakeAt(start);
    this.#disturb();
  }

  /** Cancellations, events of AWS (late, twice, or none), and executors that wake up for no reason. */
  #disturb(): void {
    const chance = this.#chance;
    const within = () => start + Math.floor(chance.next() ** 3 * 3 * hour);
    if (chance.is(0.25)) this.#schedule(within(), (now) => this.#cancel(now));
    for (let left = chance.between(0, 3); left > 0; left -= 1) this.#schedule(within(), (now) => this.#hint(now));
    for (let left = chance.between(0, 4); left > 0; left -= 1) this.#schedule(within(), (now) => this.#wake(now));
  }

  run(): Outcome {
    let now = start;
    for (;;) {
      const event = this.#next();
      if (event === undefined || event.at > endOfTime) break;
      now = event.at;
      event.run(now);
    }
    const drill = this.#store.read();
    const counts = { ...this.counts, ...this.#world.counts, restores: this.#world.restores.length };
    const longestWaitMs = this.#longestWaitMs;
    const faults = faultsOf({
      drill,
      world: this.#world,
      engine: this.#engine,
      longestWaitMs,
      longestTurnMs: this.#longestTurnMs,
    });
    return { drill, world: this.#world, faults, counts, longestWaitMs };
  }

  #schedule(at: number, run: (now: number) => void): void {
    this.#events.push({ at, run });
  }

  #next(): Event | undefined {
    let first = 0;
    for (let index = 1; index < this.#events.length; index += 1)
      if (this.#events[index]!.at < this.#events[first]!.at) first = index;
    return this.#events.splice(first, 1)[0];
  }

  /** The due index: as long as the drill is not over somebody will take it up, a little late. */
  #wakeAt(at: number): void {
    this.#pendingWakes += 1;
    const late = this.#chance.is(0.8) ? 0 : this.#chance.between(0, 60) * second;
    this.#schedule(at + late, (now) => {
      this.#pendingWakes -= 1;
      this.#wake(now);
    });
  }

  #goOn(now: number): void {
    if (this.#pendingWakes > 0) return;
    const drill = this.#store.read();
    if (this.#engine.isOver(drill)) return;
    const { at } = this.#engine.wanted(drill, now);
    this.#longestWaitMs = Math.max(this.#longestWaitMs, at - now);
    if (drill.state !== 'cleaning')
      this.#longestTurnMs = Math.max(this.#longestTurnMs, now - Date.parse(drill.wantedSince));
    this.#wakeAt(Math.max(now, at));
  }

  #crashed(now: number): boolean {
    if (!this.#chance.is(this.#crashes)) return false;
    this.counts.crashes += 1;
    // The message comes again.
    if (this.#pendingWakes === 0) this.#wakeAt(now + this.#chance.between(1, 120) * second);
    return true;
  }

  #hint(now: number): void {
    const drill = this.#store.read();
    this.counts.events += 1;
    this.#save(this.#engine.sooner(drill, now), drill);
    this.#wake(now);
  }

  #cancel(now: number): void {
    const drill = this.#store.read();
    this.#save(this.#engine.requestCancel(drill, now, 'agt_2'), drill);
    this.#goOn(now);
  }

  #save(next: Drill, read: Drill): boolean {
    if (next === read) return true;
    const saved = this.#store.save(next, read.version);
    this.counts[saved ? 'saves' : 'conflicts'] += 1;
    return saved;
  }

  #wake(now: number): void {
    this.counts.wakes += 1;
    const drill = this.#store.read();
    if (this.#engine.isOver(drill)) return;
    const late = this.#chance.is(0.2) ? this.#late.pop() : undefined;
    const { observation = null, turn = drill.turn, from = now } = late ?? {};
    if (late !== undefined) this.counts.late += 1;
    const next = this.#engine.step(drill, now, observation, { turn, from });
    if (this.#crashed(now) || !this.#save(next, drill)) return this.#goOn(now);
    const read = this.#store.read();
    const { action } = this.#engine.wanted(read, now);
    if (action === null) return this.#goOn(now);
    this.#perform(read, action, now);
  }

  /** The call takes place at some instant of the invocation, which ends within 120 s; others may run meanwhile. */
  #perform(read: Drill, action: Action, now: number): void {
    const slow = () => {
      if (this.#world.fast) return this.#chance.between(0, 300);
      return (this.#chance.is(0.85) ? this.#chance.between(0, 2) : this.#chance.between(0, 50)) * second;
    };
    const from = now + slow();
    this.#schedule(from, () => {
      if (this.#crashed(from)) return;
      const at = from + this.#chance.between(0, 500);
      this.#schedule(at, () => {
        const observation = this.#world.perform(action, at);
        const answered = at + slow();
        if (action.do === 'rearm') this.#world.rearmCallMs += answered - from;
        this.#schedule(answered, () => this.#learn(read, observation, from, answered));
      });
    });
  }

  #learn(read: Drill, observation: Observation, from: number, now: number): void {
    if (this.#chance.is(0.03)) this.#late.push({ observation, turn: read.turn, from });
    if (this.#crashed(now)) return;
    const made = { turn: read.turn, from };
    if (!this.#save(this.#engine.step(read, now, observation, made), read) && this.#chance.is(0.5)) {
      // Whoever finds another version may drop what was observed, or see whether it still fits.
      const there = this.#store.read();
      this.#save(this.#engine.step(there, now, observation, made), there);
    }
    this.#goOn(now);
  }
}

export interface Report {
  readonly seed: number;
  readonly runs: number;
  readonly totals: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly seed: number; readonly faults: readonly string[] }[];
}

/** Many drills; ends at the `most`th that is wrong. */
export const simulate = (engine: Engine, seed: number, runs: number, most = 5): Report => {
  const totals: Record<string, number> = {};
  const add = (name: string, value = 1) => (totals[name] = (totals[name] ?? 0) + value);
  const failures: { seed: number; faults: readonly string[] }[] = [];
  for (let run = 0; run < runs && failures.length < most; run += 1) {
    const { drill, faults, counts } = new Simulation(seed + run, engine).run();
    add(drill.state === 'cancelled' ? 'cancelled' : (drill.verdict ?? 'no verdict'));
    for (const [name, value] of Object.entries(counts)) add(name, value);
    if (faults.length > 0) failures.push({ seed: seed + run, faults });
  }
  return { seed, runs, totals, failures };
};
