import { rollupHandler, rollupPorts } from '../kpis/index.ts';
import { systemClock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';

const { KPIS_TABLE } = readEnvironment(environments['job-rollup']);

/** Brings KPI rollups up to date. Trigger: each minute, and hints of the KPI stream. While it fails, figures stay as they were. */
export const handler = rollupHandler(rollupPorts({ client: documentClient(), table: KPIS_TABLE, clock: systemClock }));
