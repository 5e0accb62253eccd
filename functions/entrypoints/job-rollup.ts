import { rollupHandler, rollupPorts } from '../kpis/index.ts';
import { systemClock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';

const { KPIS_TABLE, STAGE } = readEnvironment(environments['job-rollup']);
const ports = rollupPorts({ client: documentClient(), table: KPIS_TABLE, clock: systemClock });

/** Brings KPI rollups up to date. Trigger: each minute, and hints of the KPI stream. While it fails, figures stay as they were. */
export const handler = rollupHandler(ports, new DeskMetrics(STAGE));
