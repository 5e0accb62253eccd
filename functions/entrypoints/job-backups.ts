import { readEnvironment } from '../platform/environment.ts';
import { jobHandler } from '../platform/job/pipeline.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['job-backups']);
const base = operations(environment);

/** Looks after backups. Trigger: each minute. While it fails, nobody notices that copies grow old. */
export const handler = jobHandler({
  line: 'backups',
  metrics: new DeskMetrics(environment.STAGE),
  run: async () => ({ table: base.table }),
});
