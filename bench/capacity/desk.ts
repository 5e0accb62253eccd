import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { deskRoutes, ticketDueHandler, TicketLists } from '../../functions/desk/index.ts';
import {
  kpiReaders,
  kpisRoutes,
  kpiStream,
  lanes,
  recountHandler,
  recountPorts,
  rollupHandler,
  rollupPorts,
} from '../../functions/kpis/index.ts';
import { policyBooks, ticketPorts } from '../../functions/entrypoints/desk.ts';
import { peopleRoutes, principalSource } from '../../functions/people/index.ts';
import { DueHints } from '../../functions/platform/due/hints.ts';
import { sweep } from '../../functions/platform/due/sweep.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import { DeskMetrics } from '../../functions/platform/metrics.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { ExternalIds } from '../../functions/platform/store/external-ids.ts';
import { OnceRecords } from '../../functions/platform/store/once.ts';
import { heartbeatKey, sendHeartbeat } from '../../functions/platform/stream/heartbeat.ts';
import type { Bench } from '../row.ts';
import { CapacityMeter } from './meter.ts';
import { countingQueue } from './queue.ts';
import { lambdaContext, type Request, requestEvent } from './requests.ts';
import { startTables } from './tables.ts';

const zone = 'Etc/UTC';
const createdSchema = z.object({ id: z.string() });

/** A refused request would be measured as a cheap one. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * The functions of the desk, wired as their entry points wire them, in this process: over a real engine, with a meter on the
 * client and a clock that stands where it is put. Hints are counted and thrown away; streams are delivered when asked.
 */
export const startMeteredDesk = async (bench: Pick<Bench, 'model'>) => {
  const tables = await startTables(bench);
  const { client, raw, names } = tables;
  const meter = new CapacityMeter(client);
  const queue = countingQueue();
  const time = { now: Date.parse('2026-03-02T09:00:00Z') };
  const clock = { now: () => time.now };
  const hints = new DueHints({
    sqs: queue.sqs,
    urls: { critical: 'https://queue/critical', rest: 'https://queue/rest' },
    clock,
  });
  const table = names.operations;
  const base = {
    client,
    clock,
    table,
    hints,
    committer: new Committer({ client, table, clock, hints }),
    cursors: new Cursors({ client, table }),
    externalIds: new ExternalIds({ client, table }),
  };
  const once = new OnceRecords({ ...base, table: names.idempotency });
  const ports = ticketPorts(base);
  const people = { ...base, once, ...ports.people };
  const policies = policyBooks(base, ports.terms, zone);
  const lists = new TicketLists({ client, operationsTable: table, listsTable: names.lists });
  const principalOf = principalSource({ client, table, clock, firstAdmin: 'admin' });
  const desk = httpHandler({
    routes: [...deskRoutes({ ...base, ...ports, once, people, policies, lists }), ...peopleRoutes(people)],
    principalOf,
    once,
  });
  const kpiTable = { client, table: names.kpis };
  const kpis = httpHandler({
    routes: kpisRoutes({ ...kpiReaders(kpiTable), lanes, cursors: base.cursors, clock, zone }),
    principalOf,
    once: null,
  });
  const metrics = new DeskMetrics('bench');
  let wakings: number[] = [];
  const hint = async (delaySeconds: number): Promise<void> => void wakings.push(time.now + delaySeconds * 1000);
  const project = kpiStream({ ...kpiTable, listsTable: names.lists, zone, hint, clock, metrics });
  const job = rollupHandler(rollupPorts({ ...kpiTable, clock }), metrics);
  const recounts = recountPorts({
    ...kpiTable,
    operationsTable: table,
    listsTable: names.lists,
    zone,
    clock,
    tells: { prefix: 'ALT#', of: () => null },
    hint: async () => {},
  });
  const recount = recountHandler(recounts, metrics);
  const attend = ticketDueHandler(ports);

  const call = async (request: Request): Promise<unknown> => {
    const handler = request.path.startsWith('/v1/kpis') ? kpis : desk;
    const answer = await handler(requestEvent(request), lambdaContext);
    if ((answer.statusCode ?? 500) >= 300)
      throw new Refused(`${request.method} ${request.path}: ${answer.statusCode} ${answer.body}`);
    return JSON.parse(answer.body ?? 'null');
  };
  const create = async (path: string, body: unknown, subject = 'admin', key?: string): Promise<string> =>
    createdSchema.parse(
      await call({ method: 'POST', path, body, subject, ...(key === undefined ? {} : { idempotencyKey: key }) }),
    ).id;

  let sequence = 0;
  const deliver = async (images: readonly unknown[]): Promise<void> => {
    const Records: DynamoDBRecord[] = images.map((image) => ({
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String((sequence += 1)), NewImage: JSON.parse(JSON.stringify(image)) },
    }));
    const { batchItemFailures } = await project({ Records }, lambdaContext);
    if (batchItemFailures.length > 0) throw new Error('the KPI stream refused a record');
  };

  const customerId = await create('/v1/customers', { name: 'Acme', tier: 'standard' });
  const teamId = await create('/v1/teams', { name: 'Support' });
  const agentId = await create('/v1/agents', {
    name: 'Agent',
    email: 'agent@desk.example',
    teamId,
    role: 'agent',
    subject: 'agent',
  });
  const contact = { customerId, name: 'Ada', email: 'ada@acme.example', phone: null, subject: 'requester' };
  await create('/v1/contacts', contact);
  meter.take();

  return {
    /** Client with the meter, clock and hints, as the functions have them. */
    base,
    names,
    raw,
    kpis: kpiTable,
    meter,
    time,
    customerId,
    teamId,
    agentId,
    hintCalls: queue.calls,
    call,
    create,
    deliver,
    /** A ticket as its customer writes it, less than 1 KB. */
    newTicket: {
      customerId,
      requester: { name: 'Ada', email: 'ada@acme.example', phone: null },
      subject: 'Checkout answers 502',
      description: 'Since 09:10 UTC, about every third request. '.repeat(8).trim(),
      type: 'incident',
      priority: 'high',
      channel: 'email',
      teamId,
    },
    /** The items of a ticket as a stream would bring them: its head, what is read with it, and its events. */
    images: async (ticketId: string) => {
      const found = await raw.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'PK = :pk',
          ExpressionAttributeValues: { ':pk': { S: `TKT#${ticketId}` } },
          ConsistentRead: true,
        }),
      );
      const items = found.Items ?? [];
      const events = items.filter((item) => item['SK']?.S?.startsWith('EV#'));
      const beside = items.filter((item) => item['SK']?.S?.startsWith('T#'));
      return { head: items.find((item) => item['SK']?.S === 'T') ?? {}, beside, events };
    },
    /** When the rollup hints that were sent since the last time wake a run; ms. */
    takeWakings: (): readonly number[] => {
      const taken = wakings;
      wakings = [];
      return taken;
    },
    rollUp: async () => (await job({ trigger: 'schedule' }, lambdaContext)).result,
    attend: (ticketId: string) => attend({ pk: `TKT#${ticketId}`, sk: 'T', dueAt: '' }),
    sweep: () => sweep(base),
    sendHeartbeat: () => sendHeartbeat(base),
    /** The heartbeat as the stream would bring it. */
    deliverHeartbeat: async () => {
      const Key = { PK: { S: heartbeatKey.PK }, SK: { S: heartbeatKey.SK } };
      const { Item } = await raw.send(new GetItemCommand({ TableName: table, Key }));
      await deliver([Item]);
    },
    /** A minute's run of the recount; mostly it finds nothing to do. */
    recount: () => recount({ trigger: 'schedule' }, lambdaContext),
    stop: async (): Promise<void> => {
      queue.sqs.destroy();
      await tables.stop();
    },
  };
};

export type MeteredDesk = Awaited<ReturnType<typeof startMeteredDesk>>;
