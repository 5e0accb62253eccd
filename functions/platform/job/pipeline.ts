import middy from '@middy/core';
import { inInvocation, ownCorrelation, recorded } from '../invocation.ts';
import { type DeskMetrics, flushing } from '../metrics.ts';

/**
 * The pipeline of functions that a schedule starts, and of those that only need to know that there is work, not which. They
 * may run late, twice or in parallel, and what a run throws shows in the function's error alarm.
 */
export const jobHandler = <Result>(options: {
  /** The message of the line at the end. */
  readonly line: string;
  readonly metrics: DeskMetrics;
  readonly run: (event: unknown) => Promise<Result>;
}) =>
  inInvocation(
    ownCorrelation,
    middy<unknown, Result>().use(recorded(options.line)).use(flushing(options.metrics)).handler(options.run),
  );
