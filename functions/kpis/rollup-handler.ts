import middy from '@middy/core';
import type { SQSBatchResponse } from 'aws-lambda';
import { logger } from '../platform/logger.ts';
import { type RollupResult, type RollupRunPorts, runRollup } from './use-cases/run-rollup.ts';

/** Some hours could not be computed. Their marks stay, and each run tries them again. */
export class RollupIncomplete extends Error {
  override readonly name = 'RollupIncomplete';
  constructor(failed: number) {
    super(`The rollups of ${failed} KPI months failed; see the errors logged before.`);
  }
}

/**
 * One rollup run for whatever triggered it: the schedule, or a batch of hints, however many. The answer is that of a batch
 * without failures, which the schedule ignores. @throws RollupIncomplete, so that it shows in the function's error alarm.
 */
export const rollupHandler = (ports: RollupRunPorts) =>
  middy<unknown, SQSBatchResponse & { readonly result: RollupResult }>().handler(async () => {
    const result = await runRollup(ports);
    if (result.hours > 0 || result.more) logger.info('rolled up', { ...result });
    if (result.failed > 0) throw new RollupIncomplete(result.failed);
    return { batchItemFailures: [], result };
  });
