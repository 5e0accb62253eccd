import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { ScheduleModel } from '../model.ts';
import type { LocalState } from '../state/local-state.ts';
import type { Outcome } from '../workers/outcome.ts';
import { type ScheduleTimes, timesOf } from './schedule-times.ts';
import type { Source } from './source.ts';

const retryAfterMs = 60_000;
/** Lambda tries an asynchronous invocation again twice: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const mostRetries = 2;

export interface ScheduleSourceOptions {
  readonly name: string;
  readonly schedule: ScheduleModel;
  readonly clock: VirtualClock;
  readonly state: LocalState;
  readonly invoke: (event: unknown) => Promise<Outcome>;
}

/** One schedule, on virtual time. A run that was missed while the desk was down is made up once, at the start. */
export class ScheduleSource implements Source {
  readonly name: string;
  readonly #options: ScheduleSourceOptions;
  readonly #times: ScheduleTimes;
  readonly #cancels = new Set<() => void>();
  readonly #inHand = new Set<Promise<void>>();
  /** Null: never again. */
  #next: number | null = null;
  #running = false;

  constructor(options: ScheduleSourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#times = timesOf(options.schedule);
  }

  start(): void {
    this.#running = true;
    const { clock, state } = this.#options;
    const now = clock.now();
    const first = this.#times.next(now);
    const planned = state.get(this.#key);
    // A clock that was set back by a reset must not leave the schedule waiting for what was its future.
    if (first === null || planned === null) this.#plan(first);
    else this.#plan(Math.min(Math.max(Number(planned), now), first));
  }

  async stop(): Promise<void> {
    this.#running = false;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    await Promise.all(this.#inHand);
  }

  /** Its invocations count as those of functions. */
  busy(): boolean {
    return false;
  }

  describe(): string {
    const { expression, timezone } = this.#options.schedule;
    const zone = timezone === 'UTC' ? '' : ` in ${timezone}`;
    return `${expression}${zone}, ${this.#next === null ? 'never again' : `next ${new Date(this.#next).toISOString()}`}`;
  }

  get #key(): string {
    return `schedule ${this.#options.schedule.id}`;
  }

  #plan(at: number | null): void {
    this.#next = at;
    if (at === null) return;
    this.#options.state.set(this.#key, String(at));
    this.#wakeAt(at, () => {
      this.#run(0);
      const next = this.#times.next(at);
      this.#plan(next === null ? null : Math.max(next, this.#options.clock.now() + 1));
    });
  }

  #wakeAt(at: number, task: () => void): void {
    const cancel = this.#options.clock.wakeAt(at, () => {
      this.#cancels.delete(cancel);
      task();
    });
    this.#cancels.add(cancel);
  }

  #run(attempt: number): void {
    const work: Promise<void> = this.#invoke(attempt).finally(() => this.#inHand.delete(work));
    this.#inHand.add(work);
  }

  async #invoke(attempt: number): Promise<void> {
    const { schedule, clock, invoke } = this.#options;
    const outcome = await invoke(JSON.parse(schedule.input));
    if (outcome.kind === 'answered' || !this.#running || attempt >= Math.min(mostRetries, schedule.retryAttempts))
      return;
    this.#wakeAt(clock.now() + retryAfterMs * (attempt + 1), () => this.#run(attempt + 1));
  }
}
