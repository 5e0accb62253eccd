import { milliseconds } from '../platform/clock.ts';
import { note } from '../platform/correlation.ts';
import { sweep } from '../platform/due/sweep.ts';
import { readEnvironment } from '../platform/environment.ts';
import { jobHandler } from '../platform/job/pipeline.ts';
import { logger } from '../platform/logger.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { sendHeartbeat } from '../platform/stream/heartbeat.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['job-sweep']);
const base = operations(environment);
const metrics = new DeskMetrics(environment.STAGE);

/** A heartbeat that was not sent is the next minute's: what is due must not wait for it. */
const heartbeat = async (): Promise<void> => {
  try {
    await sendHeartbeat(base);
  } catch (error) {
    logger.warn('heartbeat not sent', { error });
  }
};

/**
 * Sends the hints of what is due soon, and a heartbeat through the stream. Trigger: each minute. Its failure makes alerts late
 * until the next minute that works.
 */
export const handler = jobHandler({
  line: 'sweep',
  metrics,
  run: async () => {
    const [result] = await Promise.all([sweep(base), heartbeat()]);
    const { oldestDueAt } = result;
    metrics.add('OldestDue', oldestDueAt === null ? 0 : (base.clock.now() - milliseconds(oldestDueAt)) / 1000);
    note(result);
    return result;
  },
});
