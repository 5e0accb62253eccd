import type { Activity } from './activity.ts';
import { ClockCells } from './clock-cells.ts';
import type { ClockFile } from './clock-file.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { WakeUps } from './wake-ups.ts';

/** Virtual time was asked to run backwards. */
export class BackwardsError extends Error {
  override readonly name = 'BackwardsError';
}

const saveEveryMs = 1000;
/** setTimeout cannot wait longer than 2^31 ms; it is armed again then. */
const longestTimerMs = 2_000_000_000;
/** After so much wall time in which nothing was finished an advance stops and says so. */
const patienceMs = 30_000;

const iso = (at: number): string => new Date(at).toISOString();

/** Virtual time of the desk: wall speed, except while it is advanced from wake-up to wake-up. */
export class DeskClock implements VirtualClock {
  readonly #cells = new ClockCells();
  readonly #wakeUps = new WakeUps();
  readonly #activity: Activity;
  readonly #file: ClockFile;
  readonly #start: number | null;
  #timer: NodeJS.Timeout | undefined;
  #saver: NodeJS.Timeout | undefined;
  #advancing: Promise<unknown> = Promise.resolve();

  /**
   * Goes on where the file says; `startAt` (ms) is the first instant of a fresh desk, wall time when null.
   * @throws BackwardsError when `startAt` is before the instant that the stored state has reached.
   */
  constructor(options: { activity: Activity; file: ClockFile; startAt: number | null }) {
    this.#activity = options.activity;
    this.#file = options.file;
    this.#start = options.startAt;
    const stored = this.#file.read();
    const reached = stored === null ? null : Math.max(stored.lastMs, Date.now() + stored.offsetMs);
    if (reached !== null && this.#start !== null && this.#start < reached) {
      throw new BackwardsError(`The stored desk has reached ${iso(reached)}; it cannot start at ${iso(this.#start)}.`);
    }
    this.#cells.runFrom(this.#start ?? reached ?? Date.now());
  }

  /** Begins to save what it reaches: not before the data folder is known to be ours. */
  keep(): void {
    this.#save();
    this.#saver = setInterval(() => this.#save(), saveEveryMs).unref();
  }

  get offset(): SharedArrayBuffer {
    return this.#cells.buffer;
  }

  now(): number {
    return this.#cells.now();
  }

  wakeAt(at: number, task: () => void): () => void {
    const cancel = this.#wakeUps.add(at, task);
    this.#arm();
    return cancel;
  }

  /**
   * Moves to `target`, stopping at each wake-up on the way until the desk is idle. Time stands still between the jumps.
   * Answers the names of what kept it from going on; empty when it arrived. One advance at a time, in the order asked.
   * @throws BackwardsError when `target` has passed.
   */
  advanceTo(target: (now: number) => number): Promise<readonly string[]> {
    const run = this.#advancing.then(() => this.#advance(target));
    this.#advancing = run.catch(() => {});
    return run;
  }

  /** Resolves when no advance is going on. */
  async still(): Promise<void> {
    await this.#advancing;
  }

  /** Back to the instant of a fresh start. What waits keeps the time it had left. */
  reset(): void {
    const before = this.now();
    this.#cells.runFrom(this.#start ?? Date.now());
    this.#wakeUps.shift(this.now() - before);
    this.#save();
    this.#arm();
  }

  /** Stops waking; the reached instant is saved. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#saver === undefined) return;
    clearInterval(this.#saver);
    this.#save();
  }

  async #advance(targetOf: (now: number) => number): Promise<readonly string[]> {
    const from = this.now();
    const target = targetOf(from);
    if (target < from) throw new BackwardsError(`Virtual time is ${iso(from)}; it cannot go back to ${iso(target)}.`);
    this.#cells.freeze(from);
    clearTimeout(this.#timer);
    try {
      for (;;) {
        const busy = await this.#activity.settled(patienceMs);
        if (busy.length > 0) return busy;
        const next = this.#wakeUps.next();
        if (next !== null && next <= target) {
          this.#jump(Math.max(next, this.now()));
          this.#runDue();
        } else if (this.now() < target) this.#jump(target);
        else return [];
      }
    } finally {
      this.#cells.runFrom(this.now());
      this.#save();
      this.#arm();
    }
  }

  #jump(to: number): void {
    if (to === this.now()) return;
    this.#cells.freeze(to);
    this.#save();
  }

  #runDue(): void {
    const now = this.now();
    for (let task = this.#wakeUps.take(now); task !== null; task = this.#wakeUps.take(now)) task();
  }

  /** While time runs, waits by the wall clock for the next wake-up. */
  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#wakeUps.next();
    if (this.#cells.frozen || next === null) return;
    this.#timer = setTimeout(
      () => {
        if (!this.#cells.frozen) this.#runDue();
        this.#arm();
      },
      Math.min(Math.max(0, next - this.now()), longestTimerMs),
    ).unref();
  }

  #save(): void {
    this.#file.write({ offsetMs: this.now() - Date.now(), lastMs: this.now() });
  }
}
