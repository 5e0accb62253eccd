import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { FunctionModel } from '../model.ts';
import type { WorkerCredentials } from '../services/services.ts';
import { freezerCell, thaw } from './freezer.ts';
import type { FunctionLog } from './function-log.ts';
import { exited, failed, type Outcome } from './outcome.ts';
import type { InvocationMessage, WorkerMessage, WorkerStart } from './protocol.ts';
import { traceId } from './trace-id.ts';
import { environmentOf } from './worker-environment.ts';

export interface WorkerThreadOptions {
  readonly model: FunctionModel;
  readonly credentials: WorkerCredentials;
  readonly endpoint: string;
  readonly region: string;
  readonly clock: SharedArrayBuffer;
  readonly log: FunctionLog;
  /** Stands still between invocations, and fails those that leave work behind. */
  readonly freezes: boolean;
}

/** Lambda gives a start 10 s. A busy machine may take longer for what Lambda does in a tenth of a second, so a start is not judged here. */
const startTimeoutMs = 60_000;

/**
 * Each thread would take the types out of worker-main.ts and compile it anew, which costs more than loading a bundle: Node's
 * compile cache remembers both (https://nodejs.org/api/module.html#module-compile-cache).
 */
const boot = `
  require('node:module').enableCompileCache();
  import(${JSON.stringify(new URL('./worker-main.ts', import.meta.url))});
`;

/** One sandbox of a function: its bundle in a thread of its own. One invocation at a time. */
export class WorkerThread {
  readonly credentials: WorkerCredentials;
  /** Null once the bundle has loaded; else why it did not. */
  readonly started: Promise<Outcome | null>;
  readonly #worker: Worker;
  readonly #model: FunctionModel;
  readonly #freezer: SharedArrayBuffer | null;
  #alive = true;
  #invocations = 0;
  #finish: ((outcome: Outcome) => void) | null = null;
  #requestId = '';

  constructor(options: WorkerThreadOptions) {
    this.credentials = options.credentials;
    this.#model = options.model;
    this.#freezer = options.freezes ? freezerCell() : null;
    const { codeDir, handler } = options.model;
    const start: WorkerStart = { codeDir, handler, clock: options.clock, freezer: this.#freezer };
    this.#worker = new Worker(boot, {
      eval: true,
      workerData: start,
      env: environmentOf(options.model, options.credentials, { endpoint: options.endpoint, region: options.region }),
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // A larger young generation than a thread's default: collecting it cost a tenth of the desk's processor time.
      resourceLimits: { maxOldGenerationSizeMb: options.model.memoryMb, maxYoungGenerationSizeMb: 48 },
      stdout: true,
      stderr: true,
    });
    const print = (chunk: Buffer): void => options.log.write(chunk.toString());
    this.#worker.stdout.on('data', print);
    this.#worker.stderr.on('data', print);
    this.started = this.#whenStarted();
    this.#worker.on('message', (message: WorkerMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) =>
      options.log.write(`worker died: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    this.#worker.on('exit', (code) => this.#onExit(`with error: exit status ${code}`));
  }

  get alive(): boolean {
    return this.#alive;
  }

  get invocations(): number {
    return this.#invocations;
  }

  /** Runs the handler; on timeout the thread is stopped, as Lambda resets the sandbox. Never rejects. */
  async run(event: string): Promise<Outcome> {
    const failure = await this.started;
    if (failure !== null) return failure;
    if (!this.#alive) return exited(this.#requestId, 'before it was invoked');
    this.#invocations += 1;
    const requestId = randomUUID();
    this.#requestId = requestId;
    const timeoutMs = this.#model.timeoutSeconds * 1000;
    const message: InvocationMessage = {
      requestId,
      event,
      traceId: traceId(),
      timeoutMs,
      functionName: this.#model.name,
      functionArn: this.#model.arn,
      memoryMb: this.#model.memoryMb,
    };
    const timer = setTimeout(() => {
      this.#settle(
        failed(
          'Sandbox.Timedout',
          `RequestId: ${requestId} Error: Task timed out after ${this.#model.timeoutSeconds.toFixed(2)} seconds`,
        ),
      );
      void this.kill();
    }, timeoutMs);
    const outcome = await new Promise<Outcome>((resolve) => {
      this.#finish = resolve;
      // A thread, no window: there is no origin.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      this.#worker.postMessage(message);
      if (this.#freezer !== null) thaw(this.#freezer);
    });
    clearTimeout(timer);
    return outcome;
  }

  /** Stops the thread at once; an invocation in it fails with `Runtime exited`. */
  async kill(): Promise<void> {
    this.#onExit('with error: signal: killed');
    await this.#worker.terminate();
  }

  #onMessage(message: WorkerMessage): void {
    if (message.kind === 'answer' && message.requestId === this.#requestId)
      this.#settle({ kind: 'answered', payload: message.payload });
    if (message.kind === 'failure' && message.requestId === this.#requestId)
      this.#settle({ kind: 'failed', failure: message.failure });
  }

  #onExit(reason: string): void {
    this.#alive = false;
    this.#settle(exited(this.#requestId, reason));
  }

  #settle(outcome: Outcome): void {
    this.#finish?.(outcome);
    this.#finish = null;
  }

  async #whenStarted(): Promise<Outcome | null> {
    const ended = new AbortController();
    const first = new Promise<Outcome | null>((resolve) => {
      this.#worker.once('message', (message: WorkerMessage) => {
        resolve(message.kind === 'failed-start' ? { kind: 'failed', failure: message.failure } : null);
      });
      this.#worker.once('exit', (code) => resolve(exited('-', `with error: exit status ${code}`)));
    });
    const late = sleep(
      startTimeoutMs,
      failed('Sandbox.Timedout', `the function did not load within ${startTimeoutMs / 1000} seconds`),
      {
        signal: ended.signal,
        ref: false,
      },
    );
    const failure = await Promise.race([first, late]);
    ended.abort();
    late.catch(() => {});
    if (failure !== null) {
      this.#alive = false;
      void this.#worker.terminate();
    }
    return failure;
  }
}
