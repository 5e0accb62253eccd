/** A pause this long makes a desk quiet again. */
const quietAfterMs = 10_000;
const shortest = 1;
const longest = 30;
/** A desk that has been busy for so many seconds gathers for one second more. */
const busyPerSecond = 10;

/**
 * How long facts are gathered before a rollup is woken. A rollup writes the same rows for one fact as for a hundred of the same
 * groups, so a busy desk gathers for a tenth of the time that it has been busy, from one second up to half a minute; a quiet one is
 * told at once. What comes while a hint is under way needs no other: the run that it wakes begins later, and sees it.
 * The memory is that of one function instance: another one sends hints of its own, and a lost hint is made good by the schedule.
 */
export class HintPace {
  /** When the last hint wakes its run, and since when there was no pause; ms. */
  #wakesAt = Number.NEGATIVE_INFINITY;
  #busySince = 0;

  /** Delay in whole seconds of the hint to send for what was marked before `now`; null when one is under way. */
  next(now: number): number | null {
    if (now < this.#wakesAt) return null;
    if (now - this.#wakesAt >= quietAfterMs) this.#busySince = now;
    const delay = Math.min(longest, shortest + Math.floor((now - this.#busySince) / 1000 / busyPerSecond));
    this.#wakesAt = now + delay * 1000;
    return delay;
  }

  /** The hint could not be sent: the next mark sends one. */
  forget(): void {
    this.#wakesAt = Number.NEGATIVE_INFINITY;
  }
}
