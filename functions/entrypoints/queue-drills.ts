import { attend } from '../platform/due/attend.ts';
import { hintSchema } from '../platform/due/hints.ts';
import { pushBack } from '../platform/due/push-back.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { queueHandler } from '../platform/queue/pipeline.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['queue-drills']);
const base = operations(environment);
const metrics = new DeskMetrics(environment.STAGE);

/** Performs drills. Trigger: hints of the lane `drills`, and what AWS Backup tells of its jobs. Its failure leaves drills standing. */
export const handler = queueHandler(
  async (body) => attend({}, hintSchema.parse(body), pushBack({ ...base, metrics })),
  metrics,
);
