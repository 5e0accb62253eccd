import { kpiReaders, kpisRoutes, lanes } from '../kpis/index.ts';
import { principalSource } from '../people/index.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { Cursors } from '../platform/store/cursor.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';

const {
  FIRST_ADMIN: firstAdmin,
  KPIS_TABLE,
  OPERATIONS_TABLE: table,
  REPORTING_ZONE: zone,
} = readEnvironment(environments['http-kpis']);
const client = documentClient();
const cursors = new Cursors({ client, table });

/** KPI figures and what is behind them. Trigger: the HTTP API. While it fails, nobody can read figures; none is lost. */
export const handler = httpHandler({
  routes: kpisRoutes({ ...kpiReaders({ client, table: KPIS_TABLE }), lanes, cursors, clock, zone }),
  principalOf: principalSource({ client, table, clock, firstAdmin }),
  once: null,
});
