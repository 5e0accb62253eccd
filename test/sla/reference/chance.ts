/** Numbers that look like chance and come again with the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= value < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends possible. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.between(0, values.length - 1)]!;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  some<Value>(values: readonly Value[], probability: number): Value[] {
    return values.filter(() => this.is(probability));
  }
}
