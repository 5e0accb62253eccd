import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { kpiReaders, kpisRoutes, kpiStream, lanes, rollupHandler, rollupPorts } from '../../functions/kpis/index.ts';
import { getKpi } from '../../functions/kpis/routes.ts';
import type { Role } from '../../functions/platform/actor.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { InvocationFailed } from '../../functions/platform/invocation.ts';
import { DeskMetrics } from '../../functions/platform/metrics.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { eventKey } from '../../functions/platform/store/event.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';

export class InjectedCrash extends Error {
  override readonly name = 'InjectedCrash';
}

/** What escapes a function says no more than the class of what was thrown. */
const crashing = async <Answer>(invocation: Promise<Answer>): Promise<Answer> => {
  try {
    return await invocation;
  } catch (error) {
    if (error instanceof InvocationFailed && error.message.startsWith('InjectedCrash')) throw new InjectedCrash();
    throw error;
  }
};

export type Engine = Awaited<ReturnType<typeof startEngine>>;

const key = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });

/** The real engine, for all tests of a file. */
export const startEngine = async () => {
  const database = await startDatabase({ dataDir: null });
  const opened: DynamoDBClient[] = [];
  const open = () => {
    const client = new DynamoDBClient({
      endpoint: database.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    opened.push(client);
    return client;
  };
  const base = open();
  let tables = 0;
  return {
    open,
    /** Tables of their own for one test. */
    tables: async () => {
      tables += 1;
      const names = { kpis: `kpis-${tables}`, lists: `lists-${tables}`, operations: `operations-${tables}` };
      for (const name of Object.values(names)) {
        await base.send(
          new CreateTableCommand({
            TableName: name,
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: [
              key('PK'),
              key('SK'),
              ...(name === names.lists ? [key('listKey'), key('listSort')] : []),
              ...(name === names.operations ? [key('queue'), key('queueSort')] : []),
            ],
            KeySchema: [
              { AttributeName: 'PK', KeyType: 'HASH' },
              { AttributeName: 'SK', KeyType: 'RANGE' },
            ],
            ...(name === names.operations && {
              GlobalSecondaryIndexes: [
                {
                  IndexName: 'queue',
                  KeySchema: [
                    { AttributeName: 'queue', KeyType: 'HASH' },
                    { AttributeName: 'queueSort', KeyType: 'RANGE' },
                  ],
                  Projection: { ProjectionType: 'ALL' as const },
                },
              ],
            }),
            ...(name === names.lists && {
              GlobalSecondaryIndexes: [
                {
                  IndexName: 'updated',
                  KeySchema: [
                    { AttributeName: 'listKey', KeyType: 'HASH' },
                    { AttributeName: 'listSort', KeyType: 'RANGE' },
                  ],
                  Projection: { ProjectionType: 'ALL' as const },
                },
              ],
            }),
          }),
        );
      }
      return names;
    },
    stop: async () => {
      for (const client of opened) client.destroy();
      await database.stop();
    },
  };
};

export interface Consumed {
  operation: string;
  units: number;
}

/** A KPI desk over real tables: stream, rollup and API, with a clock, capacity figures and injected crashes. */
export const kpiDesk = async (engine: Engine, zone = 'Europe/Berlin') => {
  const names = await engine.tables();
  const control = {
    now: Date.parse('2016-06-15T10:00:00Z'),
    /** Writes until one crashes; each write crashes before or after it reaches the table. */
    crash: null as { after: number; applied: boolean } | null,
    /** Runs before each write: what happens in between. */
    between: null as (() => Promise<void>) | null,
    consumed: [] as Consumed[],
    hints: 0,
    hintsFail: false,
  };
  const clock = { now: () => control.now };
  const client = DynamoDBDocumentClient.from(engine.open(), { marshallOptions: { removeUndefinedValues: true } });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = context.commandName ?? '';
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const writes = /Put|Update|Delete|Write/.test(operation);
      const between = control.between;
      if (writes && between !== null) {
        control.between = null;
        await between();
      }
      const crash = writes && control.crash !== null && (control.crash.after -= 1) < 0 ? control.crash : null;
      if (crash !== null && !crash.applied) {
        control.crash = null;
        throw new InjectedCrash('before the write');
      }
      const result = await next(args);
      const output = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      control.consumed.push({ operation, units: output.ConsumedCapacity?.CapacityUnits ?? 0 });
      if (crash !== null) {
        control.crash = null;
        throw new InjectedCrash('after the write');
      }
      return result;
    },
    { step: 'initialize', name: 'control' },
  );

  const metrics = new DeskMetrics('test');
  const table = { client, table: names.kpis };
  const stream = kpiStream({
    ...table,
    listsTable: names.lists,
    zone,
    hint: async () => {
      control.hints += 1;
      if (control.hintsFail) throw new Error('no queue');
    },
    clock,
    metrics,
  });
  const job = rollupHandler(rollupPorts({ ...table, clock }), metrics);
  const role = { current: 'manager' as Role };
  const api = httpHandler({
    routes: kpisRoutes({
      ...kpiReaders(table),
      lanes,
      cursors: new Cursors({ client, table: names.operations }),
      clock,
      zone,
    }),
    principalOf: async () => ({ id: 'agt_1', role: role.current, customerId: null, teamId: null }),
    once: null,
  });
  const context = {} as Context;

  return {
    names,
    control,
    client,
    role,
    table,
    clock,
    /** Delivers records; what failed is delivered again by the caller. */
    deliver: (records: readonly DynamoDBRecord[]) => crashing(stream({ Records: [...records] }, context)),
    rollUp: async () => (await crashing(job({ trigger: 'schedule' }, context))).result,
    get: async (path: string, query: Record<string, string> = {}) => {
      const event = {
        rawPath: path,
        headers: {},
        queryStringParameters: query,
        requestContext: { requestId: 'r', http: { method: 'GET' }, authorizer: { jwt: { claims: {} } } },
      };
      const answer = await api(event as never, context);
      return { status: answer.statusCode ?? 0, body: JSON.parse(answer.body ?? 'null') };
    },
    items: async (tableName: string) => (await client.send(new ScanCommand({ TableName: tableName }))).Items ?? [],
  };
};

export type KpiDesk = Awaited<ReturnType<typeof kpiDesk>>;

let sequence = 0;

export const record = (image: Record<string, unknown>): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: String((sequence += 1)),
    NewImage: marshall(image, { removeUndefinedValues: true }) as never,
  },
});

export const eventRecord = (ticketId: string, version: number, facts: readonly Contribution[]): DynamoDBRecord =>
  record({ PK: `TKT#${ticketId}`, SK: eventKey(version), version, facts });

export const contribution = (over: Partial<Contribution>): Contribution => ({
  kpi: 'first-response-time',
  subject: `${over.ticketId ?? 'tkt_1'}#1`,
  ticketId: 'tkt_1',
  at: '2016-02-29T07:30:00.000Z',
  value: 600,
  excluded: null,
  team: 'tem_a',
  customer: 'cus_a',
  priority: 'high',
  ...over,
});

/** Delivers until nothing fails, as Lambda does: from the first failure on, or the whole batch after a crash. */
export const deliverAll = async (desk: KpiDesk, records: readonly DynamoDBRecord[]): Promise<void> => {
  for (let rest = records; rest.length > 0; ) {
    try {
      const answer = (await desk.deliver(rest)) as { batchItemFailures: { itemIdentifier: string }[] };
      const failed = answer.batchItemFailures[0]?.itemIdentifier;
      rest = failed === undefined ? [] : rest.slice(rest.findIndex((one) => one.dynamodb?.SequenceNumber === failed));
    } catch (error) {
      if (!(error instanceof InjectedCrash)) throw error;
    }
  }
};

let tickets = 0;

/** A ticket of its own that contributes this; answers its id. */
export const contribute = async (desk: KpiDesk, over: Partial<Contribution>): Promise<string> => {
  tickets += 1;
  const ticketId = `tkt_${tickets}`;
  await deliverAll(desk, [eventRecord(ticketId, 1, [contribution({ ticketId, ...over })])]);
  return ticketId;
};

/** Asks for a KPI and checks the answer against its contract. */
export const askKpi = async (desk: KpiDesk, id: string, query: Record<string, string>) => {
  const answer = await desk.get(`/v1/kpis/${id}`, query);
  if (answer.status === 200) getKpi.success.answer.parse(answer.body);
  return answer;
};
