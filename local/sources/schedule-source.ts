import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { ScheduleModel } from '../model.ts';
import type { LocalState } from '../state/local-state.ts';
import type { Outcome } from '../workers/outcome.ts';
import type { Source } from './source.ts';

/** The expression of a schedule cannot be kept locally. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Interval of `rate(5 minutes)` in ms. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @throws ScheduleError for other expressions.
 */
export const intervalOf = (schedule: Pick<ScheduleModel, 'id' | 'expression'>): number => {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule.expression) ?? [];
  if (count !== undefined && (unit === 'minute' || unit === 'hour' || unit === 'day') && Number(count) > 0)
    return Number(count) * unitMs[unit];
  throw new ScheduleError(
    `${schedule.id}: the local desk keeps rate(n minutes|hours|days) schedules, not ${schedule.expression}`,
  );
};

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
  readonly #intervalMs: number;
  readonly #cancels = new Set<() => void>();
  readonly #inHand = new Set<Promise<void>>();
  #next = 0;
  #running = false;

  constructor(options: ScheduleSourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#intervalMs = intervalOf(options.schedule);
  }

  start(): void {
    this.#running = true;
    const { clock, state } = this.#options;
    const now = clock.now();
    const planned = Number(state.get(this.#key) ?? now + this.#intervalMs);
    // A clock that was set back by a reset must not leave the schedule waiting for what was its future.
    this.#plan(Math.min(Math.max(planned, now), now + this.#intervalMs));
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
    return `${this.#options.schedule.expression}, next ${new Date(this.#next).toISOString()}`;
  }

  get #key(): string {
    return `schedule ${this.#options.schedule.id}`;
  }

  #plan(at: number): void {
    this.#next = at;
    this.#options.state.set(this.#key, String(at));
    this.#wakeAt(at, () => {
      this.#run(0);
      this.#plan(Math.max(at + this.#intervalMs, this.#options.clock.now() + 1));
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
