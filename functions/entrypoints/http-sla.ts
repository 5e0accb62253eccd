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

/** What is promised: calendars and SLA policies. Trigger: the HTTP API. While it fails, clocks and alerts go on by what holds. */
export const handler = httpHandler({
  routes: slaRoutes({
    ...base,
    ...policyPreviewer(base, ports),
    once,
    sla: new SlaStore(base),
    policies: policyBooks(base, ports.terms, environment.REPORTING_ZONE),
  }),
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
