import { AlertLists, alertReadingRoutes, AlertStore } from '../alerts/index.ts';
import { acknowledgeAlert } from '../desk/index.ts';
import { onCallRoutes, OnCallRotas } from '../on-call/index.ts';
import { principalSource } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { ticketPorts } from './desk.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['http-on-call']);
const base = operations(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });
const ports = ticketPorts(base);
const alerts = new AlertStore(base);

/** Alerts of what was promised and broken, who takes care of them, and who is on call. Trigger: the HTTP API. While it fails, alerts go out. */
export const handler = httpHandler({
  routes: [
    ...alertReadingRoutes({
      ...base,
      once,
      alerts,
      lists: new AlertLists(base),
      acknowledge: (...acknowledgement) => acknowledgeAlert({ ...ports, alerts }, ...acknowledgement),
    }),
    ...onCallRoutes({ ...base, once, rotas: new OnCallRotas(base), people: ports.people.store }),
  ],
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
