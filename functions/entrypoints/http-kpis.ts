import { kpiReaders, kpisRoutes, lanes, recountRoutes, RecountStore } from '../kpis/index.ts';
import { principalSource } from '../people/index.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { Cursors } from '../platform/store/cursor.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { environments } from './environments.ts';

const {
  FIRST_ADMIN: firstAdmin,
  IDEMPOTENCY_TABLE,
  KPIS_TABLE,
  OPERATIONS_TABLE: table,
  REPORTING_ZONE: zone,
} = readEnvironment(environments['http-kpis']);
const client = documentClient();
const cursors = new Cursors({ client, table });
const once = new OnceRecords({ client, clock, table: IDEMPOTENCY_TABLE });
const kpis = { client, table: KPIS_TABLE };

/** KPI figures and what is behind them. Trigger: the HTTP API. While it fails, nobody can read figures; none is lost. */
export const handler = httpHandler({
  routes: [
    ...kpisRoutes({ ...kpiReaders(kpis), lanes, cursors, clock, zone }),
    ...recountRoutes({ recounts: new RecountStore(kpis), once, cursors, clock, zone }),
  ],
  principalOf: principalSource({ client, table, clock, firstAdmin }),
  once,
});
