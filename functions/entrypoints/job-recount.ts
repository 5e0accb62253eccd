import { toldTicket } from '../alerts/told-ticket.ts';
import { recountHandler, recountPorts } from '../kpis/index.ts';
import { systemClock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';
import { rollupHint } from './rollup-hint.ts';

const { KPIS_TABLE, LISTS_TABLE, OPERATIONS_TABLE, REPORTING_ZONE, ROLLUP_QUEUE_URL, STAGE } = readEnvironment(
  environments['job-recount'],
);
const hint = rollupHint(ROLLUP_QUEUE_URL);

const ports = recountPorts({
  client: documentClient(),
  table: KPIS_TABLE,
  operationsTable: OPERATIONS_TABLE,
  listsTable: LISTS_TABLE,
  zone: REPORTING_ZONE,
  clock: systemClock,
  tells: toldTicket,
  hint: () => hint(1),
});

/** Counts KPIs and list rows again from the events. Trigger: each minute, and each night. While it fails, nothing lost is found. */
export const handler = recountHandler(ports, new DeskMetrics(STAGE));
