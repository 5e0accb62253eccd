import type { FaultKind, FaultRequest, Faults, FaultTarget } from './faults.ts';

interface Entry extends FaultRequest {
  readonly id: string;
  applied: number;
}

/** A repeatable stream of numbers in [0, 1) (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The faults asked for and how often each has struck. The oldest fault that fits an opportunity strikes first; a used-up
 * fault stays listed until `clear`, so that a test can see that it was applied.
 */
export class FaultRegistry implements Faults {
  readonly #random: () => number;
  #entries: Entry[] = [];
  #issued = 0;

  /** @param seed makes the chances repeatable; without it they differ from run to run. */
  constructor(seed?: number) {
    this.#random = seed === undefined ? Math.random : seededRandom(seed);
  }

  add(request: FaultRequest): { readonly id: string } {
    const { target, fault, count, probability } = request;
    this.#issued += 1;
    const id = `flt_${this.#issued}`;
    this.#entries.push({ id, target, fault, count, probability, applied: 0 });
    return { id };
  }

  list(): readonly (FaultRequest & { readonly id: string; readonly applied: number })[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#entries = [];
  }

  take(target: FaultTarget, kinds: readonly FaultKind[]): FaultKind | null {
    for (const entry of this.#entries) {
      if (entry.target !== target || entry.applied >= entry.count || !kinds.includes(entry.fault)) continue;
      if (entry.probability < 1 && this.#random() >= entry.probability) continue;
      entry.applied += 1;
      return entry.fault;
    }
    return null;
  }
}
