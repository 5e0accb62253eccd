import type { FunctionModel } from '../model.ts';
import type { FunctionLog } from './function-log.ts';
import { exited, type Outcome } from './outcome.ts';
import type { WorkerLifetime } from './worker-lifetime.ts';
import type { WorkerThread } from './worker-thread.ts';

/** Where in an invocation the worker is killed: before the handler runs, or after it finished but before anybody hears of it. */
export type CrashPoint = 'before' | 'after' | null;

export interface FunctionStatistics {
  readonly invocations: number;
  readonly failures: number;
  readonly running: number;
  readonly waiting: number;
  readonly workers: number;
  readonly meanMs: number;
}

/** Up to `size` workers of one function; invocations beyond that wait in order. */
export class FunctionPool {
  readonly model: FunctionModel;
  readonly log: FunctionLog;
  readonly #size: number;
  readonly #lifetime: WorkerLifetime;
  readonly #start: () => WorkerThread;
  /** Each with the number of invocations that it serves. */
  readonly #workers = new Map<WorkerThread, number>();
  readonly #idle: WorkerThread[] = [];
  readonly #waiting: ((worker: WorkerThread) => void)[] = [];
  #running = 0;
  #invocations = 0;
  #failures = 0;
  #totalMs = 0;

  constructor(options: {
    model: FunctionModel;
    log: FunctionLog;
    size: number;
    lifetime: WorkerLifetime;
    start: () => WorkerThread;
  }) {
    this.model = options.model;
    this.log = options.log;
    this.#size =
      options.model.reservedConcurrency === null
        ? options.size
        : Math.min(options.size, options.model.reservedConcurrency);
    this.#lifetime = options.lifetime;
    this.#start = options.start;
  }

  /** Starts a worker and waits until it has loaded; others come when invocations overlap. Answers why it could not. */
  async warm(): Promise<Outcome | null> {
    if (this.#workers.size === 0 && this.#size > 0) this.#idle.push(this.#startWorker());
    const [first] = this.#workers.keys();
    return first === undefined ? null : first.started;
  }

  async invoke(event: unknown, crash: CrashPoint): Promise<Outcome> {
    if (this.#size === 0) return { kind: 'throttled' };
    this.#invocations += 1;
    this.#running += 1;
    const began = performance.now();
    const worker = await this.#acquire();
    const outcome = await this.#runIn(worker, JSON.stringify(event), crash);
    if (outcome.kind === 'failed' && !this.#lifetime.survivesFailure) await worker.kill();
    this.#release(worker);
    this.#running -= 1;
    this.#totalMs += performance.now() - began;
    if (outcome.kind === 'failed') {
      this.#failures += 1;
      this.log.write(`invocation failed: ${outcome.failure.errorType}: ${outcome.failure.errorMessage}`);
    }
    return outcome;
  }

  /** Kills the worker with these credentials. Answers whether it was one of this function's. */
  kill(accessKeyId: string): boolean {
    const worker = [...this.#workers.keys()].find(({ credentials }) => credentials.accessKeyId === accessKeyId);
    if (worker === undefined) return false;
    void worker.kill();
    return true;
  }

  /** Kills all workers; the next invocation starts new ones. */
  async restart(): Promise<void> {
    const workers = [...this.#workers.keys()];
    this.#workers.clear();
    this.#idle.length = 0;
    await Promise.all(workers.map((worker) => worker.kill()));
  }

  statistics(): FunctionStatistics {
    return {
      invocations: this.#invocations,
      failures: this.#failures,
      running: this.#running - this.#waiting.length,
      waiting: this.#waiting.length,
      workers: this.#workers.size,
      meanMs: this.#invocations === 0 ? 0 : this.#totalMs / this.#invocations,
    };
  }

  async #runIn(worker: WorkerThread, event: string, crash: CrashPoint): Promise<Outcome> {
    if (crash === 'before') {
      await worker.kill();
      return exited('-', 'before the handler ran (fault)');
    }
    const outcome = await worker.run(event);
    if (crash === null) return outcome;
    await worker.kill();
    return exited('-', 'after the handler ran (fault)');
  }

  #startWorker(): WorkerThread {
    const worker = this.#start();
    this.#workers.set(worker, this.#lifetime.next());
    return worker;
  }

  #acquire(): Promise<WorkerThread> {
    for (let worker = this.#idle.shift(); worker !== undefined; worker = this.#idle.shift()) {
      if (worker.alive) return Promise.resolve(worker);
      this.#workers.delete(worker);
    }
    if (this.#workers.size < this.#size) return Promise.resolve(this.#startWorker());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Gives the worker to whoever waits; a dead, recycled or discarded one is replaced. */
  #release(worker: WorkerThread): void {
    const serves = this.#workers.get(worker);
    const known = serves !== undefined;
    const usable = known && worker.alive && worker.invocations < serves;
    if (!usable) {
      this.#workers.delete(worker);
      if (worker.alive) void worker.kill();
    }
    const next = this.#waiting.shift();
    if (next !== undefined) next(usable ? worker : this.#startWorker());
    else if (usable) this.#idle.push(worker);
    else if (known) this.#idle.push(this.#startWorker());
  }
}
