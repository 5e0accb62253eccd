import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { CorrectiveActionStore, correctiveActionsRoutes } from '../../functions/corrective-actions/index.ts';
import {
  kpiReaders,
  kpisRoutes,
  kpiStream,
  lanes,
  localDay,
  rollupHandler,
  rollupPorts,
} from '../../functions/kpis/index.ts';
import { agents, teams } from '../../functions/people/index.ts';
import { registerAgent } from '../../functions/people/use-cases/register.ts';
import type { Principal } from '../../functions/platform/actor.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import { DeskMetrics } from '../../functions/platform/metrics.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { OnceRecords } from '../../functions/platform/store/once.ts';
import { violationsRoutes } from '../../functions/violations/index.ts';
import { deskOn, TestClock } from '../desk/desk-on-engine.ts';
import type { Engine } from '../engine.ts';
import { record } from '../kpis/kpi-desk.ts';

const zone = 'Europe/Berlin';
const context = {} as Context;

/** The desk's use cases, the stream and the rollup behind them, and the API of violations and corrective actions, on a real engine. */
export const violationDesk = async (engine: Engine, start: number) => {
  const clock = new TestClock(start);
  const desk = await deskOn(engine, clock);
  const { client, tables } = engine;
  const kpis = { client, table: tables.kpis };
  const metrics = new DeskMetrics('test');
  const stream = kpiStream({ ...kpis, listsTable: tables.lists, zone, hint: async () => {}, clock, metrics });
  const rollup = rollupHandler(rollupPorts({ ...kpis, clock }), metrics);
  const base = { client, table: tables.operations };
  const committer = new Committer({ ...base, clock, hints: { afterCommit: async () => {} } });
  const cursors = new Cursors(base);
  const once = new OnceRecords({ client, clock, table: tables.idempotency });
  const actions = new CorrectiveActionStore({ ...base, committer });
  const readers = { ...kpiReaders(kpis), lanes, cursors, clock, zone };
  const who: { current: Principal } = {
    current: { id: 'agt_MANAGER', role: 'manager', customerId: null, teamId: null },
  };
  const api = httpHandler({
    routes: [
      ...kpisRoutes(readers),
      ...violationsRoutes({ ...readers, correctiveActions: actions }),
      ...correctiveActionsRoutes({
        actions,
        people: {
          agentExists: (id) => desk.people.store.exists(agents, id),
          teamExists: (id) => desk.people.store.exists(teams, id),
        },
        once,
        cursors,
        clock,
        today: () => localDay(zone, clock.now()),
      }),
    ],
    principalOf: async () => who.current,
    once,
  });
  const owner = await registerAgent(
    desk.people,
    { name: 'Grace', email: null, teamId: null, role: 'agent', subject: null },
    { actor: { id: 'test', role: 'admin' } },
  );
  return {
    ...desk,
    clock,
    who,
    owner,
    table: tables.operations,
    /** Brings everything that was written to the figures, once more each time. */
    catchUp: async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.operations }));
      const events = Items.filter(({ SK }) => String(SK).startsWith('EV#')).sort((a, b) =>
        a['SK'] < b['SK'] ? -1 : 1,
      );
      await stream({ Records: events.map(record) }, context);
      await rollup({ trigger: 'schedule' }, context);
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
      return { status: answer.statusCode ?? 0, headers: answer.headers ?? {}, body: JSON.parse(answer.body ?? 'null') };
    },
  };
};

export type ViolationDesk = Awaited<ReturnType<typeof violationDesk>>;
