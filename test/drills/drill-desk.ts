import { paginateScan, QueryCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { reportTrouble } from '../../functions/desk/index.ts';
import type { Action, ActionName, Doing, Observation } from '../../functions/drills/domain/action.ts';
import {
  drillDueHandler,
  drillsRoutes,
  DrillStore,
  planDueHandler,
  plansRoutes,
  PlanStore,
} from '../../functions/drills/index.ts';
import { kpiReaders, kpisRoutes, kpiStream, lanes, rollupHandler, rollupPorts } from '../../functions/kpis/index.ts';
import type { AttendPorts } from '../../functions/drills/use-cases/ports.ts';
import type { Principal, Role } from '../../functions/platform/actor.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import { DeskMetrics } from '../../functions/platform/metrics.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { OnceRecords } from '../../functions/platform/store/once.ts';
import { servicesRoutes, ServiceStore } from '../../functions/services/index.ts';
import { deskOn, TestClock } from '../desk/desk-on-engine.ts';
import type { Engine } from '../engine.ts';
import { record } from '../kpis/kpi-desk.ts';
import { type Answers, at, well } from './step/way.ts';

const context = {} as Context;
const zone = 'Europe/Berlin';
export const prefix = 'desk-test-drill-';
export const tables = ['operations', 'orders'];

/** Services that answer as they are told, the last answer of an action again and again; each action takes a second. */
export const scripted = (clock: TestClock) => {
  const asked = new Map<string, number>();
  const script = { answers: {} as Answers, performed: [] as Action[] };
  const perform = async (action: Action): Promise<Observation> => {
    const of: ActionName = action.do;
    script.performed.push(action);
    const drill = 'drillId' in action ? action.drillId : 'scratchTable' in action ? action.scratchTable : '';
    const key = `${of} ${drill}`;
    const restored = script.performed.some((one) => one.do === 'start-restore');
    if (of === 'look-at-table' && !restored) return { of, table: null };
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    const list = script.answers[of] ?? well[of];
    const observation = list[Math.min(count, list.length - 1)]!(clock.at, action);
    clock.at += 1000;
    return observation;
  };
  return {
    script,
    doing: { perform } satisfies Doing,
    reset: (answers: Answers = {}) => {
      asked.clear();
      script.answers = answers;
      script.performed = [];
    },
  };
};

/** Drills, plans and services over a real engine: the API, the executors, and everything behind a verdict. */
export const drillDesk = async (engine: Engine) => {
  const clock = new TestClock(at('10:00:00'));
  const desk = await deskOn(engine, clock);
  const { client } = engine;
  const table = engine.tables.operations;
  const hinted: unknown[] = [];
  const hints = { afterCommit: async (items: readonly unknown[]) => void hinted.push(...items) };
  const base = { client, table, clock, hints, committer: new Committer({ client, table, clock, hints }) };
  const drills = new DrillStore(base);
  const plans = new PlanStore(base);
  const services = new ServiceStore(base);
  const kept = new Map<string, string>();
  const evidence = {
    keep: async (name: string, text: string) => {
      if (!kept.has(name)) kept.set(name, text);
      return kept.get(name) ?? '';
    },
    read: async (name: string) => kept.get(name) ?? null,
  };
  const world = scripted(clock);
  const serviceOf = (name: string) => services.ofTable(name);
  const attendPorts: AttendPorts = {
    drills,
    doing: world.doing,
    serviceOf,
    report: (trouble) => reportTrouble(desk, trouble),
    evidence,
    clock,
  };
  const requestPorts = { drills, plans, serviceOf, tables, scratchPrefix: prefix, clock };
  const cursors = new Cursors({ client, table });
  const once = new OnceRecords({ client, clock, table: engine.tables.idempotency });
  const who: { current: Principal } = {
    current: { id: 'agt_ENGINEER', role: 'engineer', customerId: null, teamId: null },
  };
  const kpis = { client, table: engine.tables.kpis };
  const metrics = new DeskMetrics('test');
  const stream = kpiStream({
    ...kpis,
    listsTable: engine.tables.lists,
    zone,
    hint: async () => {},
    clock,
    metrics,
  });
  const rollup = rollupHandler(rollupPorts({ ...kpis, clock }), metrics);
  const api = httpHandler({
    routes: [
      ...drillsRoutes({ ...requestPorts, once, cursors, evidence }),
      ...plansRoutes({ plans, tables, once, cursors, clock }),
      ...servicesRoutes({
        services,
        people: { teamExists: async (id) => id === desk.team.id },
        tables,
        clock,
        once,
        cursors,
        lastDrillOf: async () => null,
        freshnessOf: async () => null,
      }),
      ...kpisRoutes({ ...kpiReaders(kpis), lanes, cursors, clock, zone }),
    ],
    principalOf: async () => who.current,
    once,
  });
  const scan = async () => {
    const found: NonNullable<ScanCommandOutput['Items']> = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
      found.push(...Items);
    return found;
  };
  return {
    ...desk,
    ...world,
    clock,
    drills,
    plans,
    services,
    hinted,
    kept,
    table,
    attendPorts,
    requestPorts,
    scan,
    as: (role: Role) => {
      who.current = { id: `agt_${role.toUpperCase()}`, role, customerId: null, teamId: null };
    },
    ask: async (method: string, path: string, options: { body?: object; headers?: Record<string, string> } = {}) => {
      const [rawPath, search] = path.split('?');
      const { body, headers } = options;
      const event = {
        rawPath,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        queryStringParameters: Object.fromEntries(new URLSearchParams(search)),
        requestContext: { requestId: 'r', http: { method }, authorizer: { jwt: { claims: {} } } },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const answer = await api(event as never, context);
      const text = answer.body ?? '';
      const json = String(answer.headers?.['content-type']).includes('json');
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers ?? {},
        text,
        body: json && text !== '' ? JSON.parse(text) : undefined,
      };
    },
    /** Attends to a drill whenever it is due, as often as it takes; answers it when nothing is due any more. */
    run: async (id: string, ports: AttendPorts = attendPorts, most = 500) => {
      const attend = drillDueHandler(ports);
      for (let turn = 0; turn < most; turn += 1) {
        const read = await drills.find(id);
        if (read === null || read.dueAt === null) return read?.drill ?? null;
        clock.at = Math.max(clock.at, Date.parse(read.dueAt));
        await attend({ pk: `DRL#${id}`, sk: 'H', dueAt: read.dueAt });
      }
      throw new Error(`the drill ${id} does not end`);
    },
    attendPlan: (id: string) =>
      planDueHandler({ ...requestPorts, report: attendPorts.report })({ pk: `DPL#${id}`, sk: 'H', dueAt: '' }),
    eventsOf: async (partition: string) =>
      (
        await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: 'PK = :pk AND begins_with(SK, :ev)',
            ExpressionAttributeValues: { ':pk': partition, ':ev': 'EV#' },
          }),
        )
      ).Items ?? [],
    alerts: async () => (await scan()).filter(({ PK, SK }) => String(PK).startsWith('ALT#') && SK === 'A'),
    ticketsTagged: async (tag: string) =>
      (await scan()).filter(({ PK, SK, tags }) => String(PK).startsWith('TKT#') && SK === 'T' && tags.includes(tag)),
    /** Brings everything that was written to the figures. */
    catchUp: async () => {
      const events = (await scan()).filter(({ SK }) => String(SK).startsWith('EV#'));
      const ordered = events.sort((a, b) => (a['SK'] < b['SK'] ? -1 : 1));
      await stream({ Records: ordered.map(record) }, context);
      await rollup({ trigger: 'schedule' }, context);
    },
  };
};

export type DrillDesk = Awaited<ReturnType<typeof drillDesk>>;
