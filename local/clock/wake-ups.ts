interface WakeUp {
  at: number;
  readonly order: number;
  readonly task: () => void;
}

/** Tasks in order of their instant; those of one instant in the order they came. */
export class WakeUps {
  readonly #sorted: WakeUp[] = [];
  #order = 0;

  /** Returns a function that takes the task out again. */
  add(at: number, task: () => void): () => void {
    this.#order += 1;
    const wakeUp: WakeUp = { at, order: this.#order, task };
    this.#sorted.splice(this.#positionAfter(at), 0, wakeUp);
    return () => {
      const index = this.#sorted.indexOf(wakeUp);
      if (index >= 0) this.#sorted.splice(index, 1);
    };
  }

  /** The earliest instant, or null. */
  next(): number | null {
    return this.#sorted[0]?.at ?? null;
  }

  /** Takes out the earliest task that is due by `now`. */
  take(now: number): (() => void) | null {
    const first = this.#sorted[0];
    if (first === undefined || first.at > now) return null;
    this.#sorted.shift();
    return first.task;
  }

  /** Moves every instant, so that what was left to wait stays the same when time is set back. */
  shift(byMs: number): void {
    for (const wakeUp of this.#sorted) wakeUp.at += byMs;
  }

  #positionAfter(at: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
