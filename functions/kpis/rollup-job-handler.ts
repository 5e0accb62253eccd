import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { milliseconds } from '../platform/clock.ts';
import { note } from '../platform/correlation.ts';
import { jobHandler } from '../platform/job/pipeline.ts';
import type { DeskMetrics } from '../platform/metrics.ts';
import { type RollupResult, type RollupRunPorts, runRollup } from './use-cases/run-rollup.ts';

/** Some hours could not be computed. Their marks stay, and each run tries them again. */
export class RollupIncomplete extends Error {
  override readonly name = 'RollupIncomplete';
  constructor(failed: number) {
    super(`The rollups of ${failed} KPI months failed; see the errors logged before.`);
  }
}

const scheduledSchema = z.object({ trigger: z.literal('schedule') });

/**
 * One rollup run for whatever triggered it: the schedule, or a batch of hints, however many. The answer is that of a batch
 * without failures, which the schedule ignores. The scheduled runs, one a minute, say how long the oldest hour has been dirty.
 * @throws RollupIncomplete, so that it shows in the function's error alarm.
 */
export const rollupHandler = (ports: RollupRunPorts, metrics: DeskMetrics) =>
  jobHandler({
    line: 'rolled up',
    metrics,
    run: async (event): Promise<SQSBatchResponse & { readonly result: Omit<RollupResult, 'dirtySince'> }> => {
      const { dirtySince, ...result } = await runRollup(ports);
      note(result);
      if (scheduledSchema.safeParse(event).success) {
        const age = dirtySince === null ? 0 : (ports.clock.now() - milliseconds(dirtySince)) / 1000;
        metrics.add('OldestDirtyHour', age);
      }
      if (result.failed > 0) throw new RollupIncomplete(result.failed);
      return { batchItemFailures: [], result };
    },
  });
