import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { toldTicket } from '../alerts/told-ticket.ts';
import { recountHandler, recountPorts } from '../kpis/index.ts';
import { systemClock } from '../platform/clock.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { queueClient } from '../platform/queue/client.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { environments } from './environments.ts';

const { KPIS_TABLE, LISTS_TABLE, OPERATIONS_TABLE, REPORTING_ZONE, ROLLUP_QUEUE_URL, STAGE } = readEnvironment(
  environments['job-recount'],
);
const sqs = queueClient();
const hint = new SendMessageCommand({ QueueUrl: ROLLUP_QUEUE_URL, MessageBody: '{"trigger":"hint"}', DelaySeconds: 1 });

const ports = recountPorts({
  client: documentClient(),
  table: KPIS_TABLE,
  operationsTable: OPERATIONS_TABLE,
  listsTable: LISTS_TABLE,
  zone: REPORTING_ZONE,
  clock: systemClock,
  tells: toldTicket,
  hint: async () => void (await sqs.send(hint)),
});

/** Counts KPIs and list rows again from the events. Trigger: each minute, and each night. While it fails, nothing lost is found. */
export const handler = recountHandler(ports, new DeskMetrics(STAGE));
