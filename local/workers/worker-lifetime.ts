import { chanceOf, wholeOf } from '../chance.ts';
import type { Strict } from '../strict.ts';

/** When a worker makes room for a fresh one, whose module state is empty. */
export interface WorkerLifetime {
  /** How many invocations the next worker serves. */
  readonly next: () => number;
  /** Whether a worker goes on after an invocation that failed. */
  readonly survivesFailure: boolean;
}

const comfortable = 5000;
const brief = { least: 1, most: 5 };
const longer = { least: 6, most: 60 };

/**
 * Lambda ends environments whenever it likes, and after failures of the runtime; the strict profile does so with every other one
 * after 1 to 5 invocations, with the rest after 60 at most, and after any failure.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const workerLifetime = (strict: Strict | null, functionId: string): WorkerLifetime => {
  if (strict === null) return { next: () => comfortable, survivesFailure: true };
  let started = 0;
  return {
    next: () => {
      started += 1;
      const words = ['lifetime', functionId, started] as const;
      return wholeOf(chanceOf(strict.seed, 'brief', ...words) < 0.5 ? brief : longer, strict.seed, ...words);
    },
    survivesFailure: false,
  };
};
