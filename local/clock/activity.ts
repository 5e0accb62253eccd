import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/**
 * Knows whether the desk is idle: each part says by name whether it has something to do. Parts that only wait for a
 * later virtual instant are idle.
 */
export class Activity {
  readonly #parts = new Map<string, () => boolean>();
  #progress = 0;

  /** Adds a part. Returns a function that takes it out. */
  watch(name: string, busy: () => boolean): () => void {
    this.#parts.set(name, busy);
    return () => this.#parts.delete(name);
  }

  /** Takes every part out: the desk is put together anew. */
  forget(): void {
    this.#parts.clear();
  }

  /** Something was finished: whoever waits for idleness goes on waiting. */
  progress(): void {
    this.#progress += 1;
  }

  /** The names of the parts that have something to do now. */
  busy(): readonly string[] {
    return [...this.#parts].filter(([, busy]) => busy()).map(([name]) => name);
  }

  /**
   * Waits until nothing is busy, seen three times in a row with the event loop turned in between.
   * Gives up when nothing was finished for `patienceMs` of wall time, and says what was still busy; empty when idle.
   */
  async settled(patienceMs: number): Promise<readonly string[]> {
    let seen = this.#progress;
    let since = performance.now();
    for (let quiet = 0, turns = 0; quiet < 3; turns += 1) {
      if (turns < 20) await nextTurn();
      else await sleep(1);
      const busy = this.busy();
      quiet = busy.length === 0 ? quiet + 1 : 0;
      if (this.#progress !== seen) {
        seen = this.#progress;
        since = performance.now();
      } else if (busy.length > 0 && performance.now() - since > patienceMs) return busy;
    }
    return [];
  }
}
