/** The invocation is dead: it was killed, or froze and was given up. Everything that it asks for from then on throws this too. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A service did not answer well, also after the repetitions of the SDK. */
export class ServiceFailed extends Error {
  override readonly name = 'ServiceFailed';
}

/** What goes wrong at one call; `after`: it was done all the same. */
export type Mishap = { readonly what: 'kill' | 'fail'; readonly when: 'before' | 'after' } | null;

/** One run of a function, from its event to its end, whichever that is. */
export class Invocation {
  readonly id: number;
  readonly name: string;
  readonly startedAt: number;
  readonly timeoutMs: number;
  dead = false;
  calls = 0;
  /** The numbers of the calls at which something went wrong. */
  readonly struck: number[] = [];
  constructor(options: { id: number; name: string; startedAt: number; timeoutMs: number }) {
    ({ id: this.id, name: this.name, startedAt: this.startedAt, timeoutMs: this.timeoutMs } = options);
  }
  /** Whether anything went wrong at this call or after it. */
  struckFrom(call: number): boolean {
    return this.struck.some((at) => at >= call);
  }
}

interface Waiting {
  readonly invocation: Invocation;
  readonly since: number;
  readonly go: (mishap: Mishap) => void;
  readonly refuse: (error: Error) => void;
}

/** The calls that all running invocations wait for: one is made at a time, whichever chance picks. */
export class Turns {
  readonly #waiting: Waiting[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Makes a call when it is its turn. */
  call<Answer>(invocation: Invocation, act: () => Answer): Promise<Answer> {
    if (invocation.dead) return Promise.reject(new Killed('dead'));
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({
        invocation,
        since: this.#now(),
        refuse: reject,
        go: (mishap) => {
          invocation.calls += 1;
          if (mishap !== null) invocation.struck.push(invocation.calls);
          if (mishap?.what === 'kill') invocation.dead = true;
          const error = mishap?.what === 'kill' ? new Killed('killed') : new ServiceFailed('failed');
          if (mishap?.when === 'before') return reject(error);
          try {
            const answer = act();
            if (mishap === null) resolve(answer);
            else reject(error);
          } catch (thrown) {
            reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
          }
        },
      });
    });
  }

  /**
   * Makes one call: the one that waits longest when that is too long (nothing waits longer for a service than its clients do),
   * else one that chance picks. Calls of the dead are refused.
   */
  next(pick: (count: number) => number, mishapOf: (invocation: Invocation) => Mishap): void {
    const oldest = this.#waiting[0];
    if (oldest === undefined) return;
    const index = this.#now() - oldest.since > 4_000 ? 0 : pick(this.#waiting.length);
    const [one] = this.#waiting.splice(index, 1);
    if (one === undefined) return;
    const { invocation } = one;
    if (!invocation.dead && this.#now() - invocation.startedAt > invocation.timeoutMs) {
      invocation.dead = true;
      invocation.struck.push(invocation.calls + 1);
    }
    if (invocation.dead) one.refuse(new Killed('dead'));
    else one.go(mishapOf(invocation));
  }
}
