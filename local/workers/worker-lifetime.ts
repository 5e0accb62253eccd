import { wholeOf } from '../chance.ts';
import type { Strict } from '../strict.ts';

/** When a worker makes room for a fresh one, whose module state is empty. */
export interface WorkerLifetime {
  /** How many invocations the next worker serves. */
  readonly next: () => number;
  /** Whether a worker goes on after an invocation that failed. */
  readonly survivesFailure: boolean;
}

const comfortable = 5000;
const strictly = { least: 1, most: 20 };

/**
 * Lambda ends environments whenever it likes, and after failures of the runtime; the strict profile does so after 1 to 20
 * invocations and after any failure.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const workerLifetime = (strict: Strict | null, functionId: string): WorkerLifetime => {
  if (strict === null) return { next: () => comfortable, survivesFailure: true };
  let started = 0;
  return {
    next: () => {
      started += 1;
      return wholeOf(strictly, strict.seed, 'lifetime', functionId, started);
    },
    survivesFailure: false,
  };
};
