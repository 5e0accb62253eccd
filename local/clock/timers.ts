import type { VirtualClock } from './virtual-clock.ts';

/** Wake-ups that can be forgotten together, and the work that they began. */
export class Timers {
  readonly #clock: VirtualClock;
  readonly #log: (message: string) => void;
  readonly #cancels = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();

  constructor(clock: VirtualClock, log: (message: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Runs the task at an instant, or at once when that has passed. */
  at(instant: number, task: () => void | Promise<void>): void {
    const cancel = this.#clock.wakeAt(instant, () => {
      this.#cancels.delete(cancel);
      const work: Promise<void> = this.#run(task).finally(() => this.#running.delete(work));
      this.#running.add(work);
    });
    this.#cancels.add(cancel);
  }

  async #run(task: () => void | Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#log(`${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  /** Forgets what is planned, and waits for what runs. */
  async rest(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    await Promise.all(this.#running);
  }
}
