import { kpiStream } from '../kpis/index.ts';
import { systemClock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';
import { rollupHint } from './rollup-hint.ts';

const { KPIS_TABLE, LISTS_TABLE, REPORTING_ZONE, ROLLUP_QUEUE_URL, STAGE } = readEnvironment(
  environments['stream-kpis'],
);

/** KPI facts and ticket rows. Trigger: the operations stream, event items and ticket heads. While it fails, figures and lists stand still. */
export const handler = kpiStream({
  client: documentClient(),
  table: KPIS_TABLE,
  listsTable: LISTS_TABLE,
  zone: REPORTING_ZONE,
  hint: rollupHint(ROLLUP_QUEUE_URL),
  clock: systemClock,
  metrics: new DeskMetrics(STAGE),
});
