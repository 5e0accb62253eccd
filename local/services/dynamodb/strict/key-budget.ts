/**
 * What each key has used within the last second. No burst and no adaptive capacity: AWS gives both when it can, and promises
 * neither. What is used is known when a request is done, so that the one that crosses the limit still passes, and the next
 * does not. (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html)
 */
export class KeyBudget {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #used = new Map<string, { at: number; units: number }[]>();
  #swept = 0;

  /** @param limit units a second @param now passing ms (`PassingTime`) */
  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  isSpent(key: string): boolean {
    const used = this.#used.get(key);
    if (used === undefined) return false;
    const since = this.#now() - 1000;
    while (used[0] !== undefined && used[0].at <= since) used.shift();
    if (used.length === 0) this.#used.delete(key);
    return used.reduce((sum, { units }) => sum + units, 0) >= this.#limit;
  }

  spend(key: string, units: number): void {
    const at = this.#now();
    this.#sweep(at);
    const used = this.#used.get(key);
    if (used === undefined) this.#used.set(key, [{ at, units }]);
    else used.push({ at, units });
  }

  /** Forgets now and then the keys that nobody has used for a second. */
  #sweep(now: number): void {
    if (now < this.#swept + 10_000) return;
    this.#swept = now;
    for (const [key, used] of this.#used) if ((used.at(-1)?.at ?? 0) <= now - 1000) this.#used.delete(key);
  }
}
