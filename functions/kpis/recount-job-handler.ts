import * as z from 'zod';
import { type Clock, isoInstant } from '../platform/clock.ts';
import { note } from '../platform/correlation.ts';
import { newId } from '../platform/ids.ts';
import { jobHandler } from '../platform/job/pipeline.ts';
import type { DeskMetrics } from '../platform/metrics.ts';
import type { RecountStore } from './store/recount-store.ts';
import { newRecount, type RecountJob } from './use-cases/recount-job.ts';
import type { RecountPorts } from './use-cases/recount-ports.ts';
import { type RecountResult, runRecount } from './use-cases/run-recount.ts';
import { driftOf } from './domain/recount.ts';

/** Some tickets could not be examined. The recount went on without them. */
export class RecountIncomplete extends Error {
  override readonly name = 'RecountIncomplete';
  constructor(failed: number) {
    super(`${failed} tickets could not be examined; see the errors logged before.`);
  }
}

const nightlySchema = z.object({ trigger: z.literal('nightly') });

/** A night that does not run is made up by the next. */
const nightlyMs = 48 * 3_600_000;

export type RecountRunPorts = Omit<RecountPorts, 'report'> & { readonly jobs: RecountStore };

const nightly = (clock: Clock): RecountJob => {
  const now = clock.now();
  return newRecount({
    id: newId('rcm', now),
    reason: 'nightly',
    slot: 'nightly',
    from: now - nightlyMs,
    to: null,
    requestedBy: null,
    requestedAt: isoInstant(now),
  });
};

/**
 * Each minute: goes on with the recount that is asked for, if any. Each night: asks for one of the last 48 hours, which has to
 * find nothing. The night may come twice; while one waits or runs, no other is added.
 * @throws RecountIncomplete, so that it shows in the function's error alarm.
 */
export const recountHandler = (ports: RecountRunPorts, metrics: DeskMetrics) =>
  jobHandler({
    line: 'recounted',
    metrics,
    run: async (event): Promise<RecountResult> => {
      if (nightlySchema.safeParse(event).success) await ports.jobs.start(nightly(ports.clock));
      const result = await runRecount({ ...ports, report: (drift) => metrics.add('KpiDrift', driftOf(drift)) });
      const { ran, tickets, failed, more } = result;
      note({ ran, tickets, failed, more, drift: driftOf(result.drift) });
      if (failed > 0) throw new RecountIncomplete(failed);
      return result;
    },
  });
