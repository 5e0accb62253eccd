import { CorrectiveActionStore, correctiveActionsRoutes } from '../corrective-actions/index.ts';
import { kpiReaders, kpisRoutes, lanes, localDay, recountRoutes, RecountStore } from '../kpis/index.ts';
import { agents, PeopleStore, principalSource, teams } from '../people/index.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { Committer } from '../platform/store/commit.ts';
import { Cursors } from '../platform/store/cursor.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { violationsRoutes } from '../violations/index.ts';
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
const readers = { ...kpiReaders(kpis), lanes, cursors, clock, zone };
/** Nothing that is committed here is due to a timer. */
const committer = new Committer({ client, table, clock, hints: { afterCommit: async () => {} } });
const people = new PeopleStore({ client, table, committer });
const actions = new CorrectiveActionStore({ client, table, committer });

/** KPI figures and what is behind them, violations and corrective actions. Trigger: the HTTP API. While it fails, nobody can read figures; none is lost. */
export const handler = httpHandler({
  routes: [
    ...kpisRoutes(readers),
    ...recountRoutes({ recounts: new RecountStore(kpis), once, cursors, clock, zone }),
    ...violationsRoutes({ ...readers, correctiveActions: actions }),
    ...correctiveActionsRoutes({
      actions,
      people: {
        agentExists: (id) => people.exists(agents, id),
        teamExists: (id) => people.exists(teams, id),
      },
      once,
      cursors,
      clock,
      today: () => localDay(zone, clock.now()),
    }),
  ],
  principalOf: principalSource({ client, table, clock, firstAdmin }),
  once,
});
