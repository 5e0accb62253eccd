import { alertDueHandler, parcelDueHandler } from '../alerts/index.ts';
import { ticketDueHandler } from '../desk/index.ts';
import { attend } from '../platform/due/attend.ts';
import { hintSchema } from '../platform/due/hints.ts';
import { pushBack } from '../platform/due/push-back.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { queueHandler } from '../platform/queue/pipeline.ts';
import { applicationDueHandler } from '../sla/index.ts';
import { alertDelivery } from './alert-topic.ts';
import { ticketPorts } from './desk.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';
import { policyApplier } from './policy-tickets.ts';

const environment = readEnvironment(environments['queue-due']);
const base = operations(environment);
const metrics = new DeskMetrics(environment.STAGE);

const tickets = ticketPorts(base);
const delivery = { ...base, ...alertDelivery(environment), metrics };

/** Each kind of due item has one handler. */
const handlers = {
  TKT: ticketDueHandler(tickets),
  ALT: alertDueHandler(delivery),
  PCL: parcelDueHandler(delivery),
  SLA: applicationDueHandler(policyApplier(base, tickets, environment.REPORTING_ZONE)),
};

/** Attends to what is due. Trigger: hints of both due queues. Its failure stops breaches and certain delivery of alerts. */
export const handler = queueHandler(
  async (body) => attend(handlers, hintSchema.parse(body), pushBack({ ...base, metrics })),
  metrics,
);
