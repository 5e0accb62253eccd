import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../running-desk.ts';
import type { Load } from './load.ts';
import type { Chance } from './seeded.ts';

/** Moves time while the clients hold still, again and again until the desk dies. */
export class TimeMover {
  /** Whether the desk is moving time at this moment, over minutes in which deadlines may pass. */
  moving = false;
  #dead = false;
  readonly #url: string;
  readonly #load: Load;
  readonly #tokens: Record<string, string>;
  readonly #done: Promise<void>;

  /** `near` first comes near to the deadlines of what the clients have written so far. */
  constructor(url: string, load: Load, tokens: Record<string, string>, chance: Chance, near: boolean) {
    this.#url = url;
    this.#load = load;
    this.#tokens = tokens;
    this.#done = this.#run(chance, near);
  }

  /** Waits until time is being moved, for so many ms at most. */
  async started(patienceMs: number): Promise<void> {
    for (const deadline = Date.now() + patienceMs; !this.moving && Date.now() < deadline; ) await pause(2);
  }

  async end(): Promise<void> {
    this.#dead = true;
    await this.#done;
  }

  async #run(chance: Chance, near: boolean): Promise<void> {
    if (near) {
      await this.#move(52);
      await this.#slow();
    }
    while (!this.#dead) {
      await pause(chance.between(20, near ? 100 : 700));
      await this.#hold();
      this.moving = !this.#dead;
      await this.#move(Math.ceil(chance.between(2, 12)));
      this.moving = false;
    }
  }

  /** Some calls take longer: more kills fall between breach, claim, publish and mark. */
  async #slow(): Promise<void> {
    for (const [target, probability] of Object.entries({ sns: 1, dynamodb: 0.04 })) {
      const body = { target, fault: 'delay', count: 100_000, probability };
      await send(this.#url, null, '/_local/faults', { body }).catch(() => null);
    }
  }

  async #hold(): Promise<void> {
    this.#load.hold();
    await this.#load.quiet();
  }

  async #move(minutes: number): Promise<void> {
    if (this.#dead) return;
    await this.#hold();
    await send(this.#url, null, '/_local/clock', { body: { advance: `PT${minutes}M` } }).catch(() => null);
    if (!this.#dead) this.#load.resume(this.#url, this.#tokens);
  }
}
