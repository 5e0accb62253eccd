import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from '../clock/activity.ts';
import type { Faults } from '../faults/faults.ts';
import type { CloudModel, FunctionModel } from '../model.ts';
import type { Services } from '../services/services.ts';
import type { Strict } from '../strict.ts';
import { FunctionLog } from './function-log.ts';
import { type CrashPoint, FunctionPool } from './function-pool.ts';
import { failed, type Outcome } from './outcome.ts';
import { fittingOutcome, type InvocationType, refusedEvent } from './payload-limits.ts';
import { workerLifetime } from './worker-lifetime.ts';
import { WorkerThread } from './worker-thread.ts';

/** Hears of every invocation and of every line that a function prints. */
export interface FunctionObserver {
  readonly invoked: (of: FunctionModel, event: unknown, outcome: Outcome, ms: number) => void;
  readonly printed: (line: string) => void;
}

export interface FunctionHostOptions {
  readonly model: CloudModel;
  readonly services: Pick<Services, 'endpoint' | 'credentialsFor'>;
  readonly clock: SharedArrayBuffer;
  readonly activity: Activity;
  readonly faults: Faults;
  readonly dataDir: string | null;
  readonly verbose: boolean;
  readonly strict: Strict | null;
  /** Workers a function. */
  readonly workers: number;
  readonly observer: FunctionObserver;
}

const faultDelayMs = 1000;

/** Runs the functions of the assembly. */
export class FunctionHost {
  readonly #pools: ReadonlyMap<string, FunctionPool>;
  readonly #activity: Activity;
  readonly #faults: Faults;
  readonly #strict: Strict | null;
  readonly #observer: FunctionObserver;
  #started = 0;
  #inFlight = 0;

  constructor(options: FunctionHostOptions) {
    this.#activity = options.activity;
    this.#faults = options.faults;
    const { model, services, clock, strict } = options;
    this.#strict = strict;
    this.#observer = options.observer;
    this.#pools = new Map(
      model.functions.map((of) => {
        const log = new FunctionLog({
          name: of.name,
          logDir: options.dataDir === null ? null : join(options.dataDir, 'logs'),
          verbose: options.verbose,
          onLine: options.observer.printed,
        });
        const start = (): WorkerThread => {
          this.#started += 1;
          const credentials = services.credentialsFor(of.id, `${of.name}-${this.#started}`);
          return new WorkerThread({
            model: of,
            credentials,
            endpoint: services.endpoint,
            region: model.region,
            clock,
            log,
            freezes: strict !== null,
          });
        };
        return [
          of.id,
          new FunctionPool({ model: of, log, size: options.workers, lifetime: workerLifetime(strict, of.id), start }),
        ];
      }),
    );
    options.activity.watch('functions', () => this.#inFlight > 0);
  }

  pools(): readonly FunctionPool[] {
    return [...this.#pools.values()];
  }

  /**
   * Invokes a function and waits for its end. Never rejects: errors, timeouts, crashes and throttles are outcomes.
   * `crash` kills the worker at that point, for the faults of event sources; faults of the target `worker` strike here.
   */
  async invoke(
    functionId: string,
    event: unknown,
    crash: CrashPoint = null,
    type: InvocationType = 'request',
  ): Promise<Outcome> {
    this.#inFlight += 1;
    try {
      if (this.#strict === null) return await this.#invoke(functionId, event, crash);
      return refusedEvent(event, type) ?? fittingOutcome(await this.#invoke(functionId, event, crash));
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #invoke(functionId: string, event: unknown, crash: CrashPoint): Promise<Outcome> {
    const pool = this.#pools.get(functionId);
    if (pool === undefined) return failed('ResourceNotFoundException', `Function not found: ${functionId}`);
    const began = performance.now();
    const outcome = await this.#invokeIn(pool, event, crash);
    this.#observer.invoked(pool.model, event, outcome, performance.now() - began);
    return outcome;
  }

  async #invokeIn(pool: FunctionPool, event: unknown, crash: CrashPoint): Promise<Outcome> {
    const fault =
      crash === null ? this.#faults.take('worker', ['throttle', 'delay', 'crash-before', 'crash-after']) : null;
    if (fault === 'throttle') return { kind: 'throttled' };
    if (fault === 'delay') await sleep(faultDelayMs);
    const point: CrashPoint = fault === 'crash-before' ? 'before' : fault === 'crash-after' ? 'after' : crash;
    const outcome = await pool.invoke(event, point);
    if (outcome.kind === 'answered') this.#activity.progress();
    return outcome;
  }

  /** Starts a worker of each of these functions and waits until all have loaded. @throws when a bundle does not load. */
  async warm(functionIds: readonly string[]): Promise<void> {
    for (const problem of await Promise.all(
      functionIds.map(async (id) => ({ id, outcome: await this.#pools.get(id)?.warm() })),
    )) {
      if (problem.outcome?.kind === 'failed') {
        throw new Error(`The function ${problem.id} does not load: ${problem.outcome.failure.errorMessage}`);
      }
    }
  }

  /** Kills the worker with these credentials at once. */
  killWorker(accessKeyId: string): void {
    this.pools().some((pool) => pool.kill(accessKeyId));
  }

  /** Throws all workers away, with what they hold in memory. */
  async restart(): Promise<void> {
    await Promise.all(this.pools().map((pool) => pool.restart()));
  }

  async stop(): Promise<void> {
    await this.restart();
    for (const pool of this.pools()) pool.log.close();
  }
}
