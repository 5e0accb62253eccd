import type { Clock } from '../../platform/clock.ts';

/** A part of a scan that goes on page by page. */
export interface Task {
  done: boolean;
}

/** What is kept back of the time for the writing of what was read. */
const reserveMs = (whole: number): number => Math.min(15_000, Math.max(0, whole * 0.15));

/**
 * Works on several tasks at once until all are done or the time is over, at least one step in all, so that even a slice without
 * time comes further. What a step has done stays done when another one fails; only a slice that came nowhere is a failure.
 */
export const runTasks = async <One extends Task>(options: {
  readonly tasks: readonly One[];
  readonly atOnce: number;
  readonly clock: Clock;
  readonly until: number;
  /** Does one page, and marks its task as done after the last. */
  readonly step: (task: One) => Promise<void>;
}): Promise<void> => {
  const { clock, step } = options;
  const began = clock.now();
  const stopAt = options.until - reserveMs(options.until - began);
  const waiting = options.tasks.filter(({ done }) => !done);
  let steps = 0;
  let failure: unknown = null;
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      while (!task.done) {
        if (failure !== null || (clock.now() >= stopAt && steps > 0)) return;
        steps += 1;
        try {
          await step(task);
        } catch (error) {
          steps -= 1;
          failure ??= error;
          return;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.atOnce, waiting.length) }, work));
  if (failure !== null && steps === 0) throw failure;
};
