import type { VirtualClock } from '../../../local/clock/virtual-clock.ts';

/** Virtual time that stands still until a test moves it. */
export class ManualClock implements VirtualClock {
  readonly offset = new SharedArrayBuffer(8);
  #now: number;
  #planned: { at: number; task: () => void }[] = [];

  constructor(now = Date.parse('2026-03-02T09:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  wakeAt(at: number, task: () => void): () => void {
    const entry = { at, task };
    this.#planned.push(entry);
    return () => {
      this.#planned = this.#planned.filter((one) => one !== entry);
    };
  }

  get planned(): number {
    return this.#planned.length;
  }

  /** Moves time, running what is due on the way in order. */
  async advance(seconds: number): Promise<void> {
    const end = this.#now + seconds * 1000;
    for (;;) {
      const next = this.#planned.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#planned = this.#planned.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }
}
