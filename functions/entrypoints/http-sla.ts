import { AlertLists, alertReadingRoutes, AlertStore } from '../alerts/index.ts';
import { acknowledgeAlert } from '../desk/index.ts';
import { onCallRoutes, OnCallRotas } from '../on-call/index.ts';
import { principalSource } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { slaRoutes, SlaStore } from '../sla/index.ts';
import { policyBooks, ticketPorts } from './desk.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';
import { policyPreviewer } from './policy-tickets.ts';

const environment = readEnvironment(environments['http-sla']);
const base = operations(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });
const ports = ticketPorts(base);
const alerts = new AlertStore(base);

const tickets = policyPreviewer(base, ports);

/** What was promised, who is on call, and the alerts of what was broken. Trigger: the HTTP API. While it fails, clocks and alerts go on. */
export const handler = httpHandler({
  routes: [
    ...alertReadingRoutes({
      ...base,
      once,
      alerts,
      lists: new AlertLists(base),
      acknowledge: (...acknowledgement) => acknowledgeAlert({ ...ports, alerts }, ...acknowledgement),
    }),
    ...slaRoutes({
      ...base,
      ...tickets,
      once,
      sla: new SlaStore(base),
      policies: policyBooks(base, ports.terms, environment.REPORTING_ZONE),
    }),
    ...onCallRoutes({ ...base, once, rotas: new OnCallRotas(base), people: ports.people.store }),
  ],
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
