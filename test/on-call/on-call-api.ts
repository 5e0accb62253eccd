import { SQSClient } from '@aws-sdk/client-sqs';
import { onCallRoutes, OnCallRotas } from '../../functions/on-call/index.ts';
import { PeopleStore } from '../../functions/people/index.ts';
import { registerAgent, registerTeam } from '../../functions/people/use-cases/register.ts';
import type { Role } from '../../functions/platform/actor.ts';
import { DueHints } from '../../functions/platform/due/hints.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { ExternalIds } from '../../functions/platform/store/external-ids.ts';
import { OnceRecords } from '../../functions/platform/store/once.ts';
import { type Engine, startTestEngine } from '../engine.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // Tests read what they know to be there.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

interface Said {
  readonly role?: Role;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OnCallApi {
  readonly engine: Engine;
  readonly clock: { at: number; now(): number };
  readonly rotas: OnCallRotas;
  ask(request: string, said?: Said): Promise<ApiAnswer>;
  /** A team of its own, so that tests do not meet. */
  team(): Promise<string>;
  agent(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** The routes of on-call rotas on a real engine, at a time that stands still; callers are whatever role the test says. */
export const startOnCallApi = async (now: string): Promise<OnCallApi> => {
  const engine = await startTestEngine();
  const clock = { at: Date.parse(now), now: () => clock.at };
  const hints = new DueHints({
    sqs: new SQSClient({ region: 'eu-central-1' }),
    urls: { critical: 'critical', rest: 'rest' },
    clock,
  });
  const table = { client: engine.client, table: engine.tables.operations, clock };
  const base = { ...table, committer: new Committer({ ...table, hints }), cursors: new Cursors(table) };
  const once = new OnceRecords({ ...base, table: engine.tables.idempotency });
  const people = new PeopleStore(base);
  const register = { store: people, externalIds: new ExternalIds(base), clock };
  const actor = { id: 'test', role: 'admin' } as const;
  const rotas = new OnCallRotas(base);
  const handler = httpHandler({
    routes: onCallRoutes({ ...base, rotas, people, once }),
    principalOf: async (claims) => ({
      id: `usr_${claims['role']}`,
      role: claims['role'] as Role,
      customerId: null,
      teamId: null,
    }),
    once,
  });
  return {
    engine,
    clock,
    rotas,
    team: async () => (await registerTeam(register, { name: 'Support' }, { actor })).id,
    agent: async (name) =>
      (await registerAgent(register, { name, email: null, teamId: null, role: 'agent', subject: null }, { actor })).id,
    ask: async (request, { role = 'lead', body, headers = {} } = {}) => {
      const [method = '', url = ''] = request.split(' ');
      const { pathname, searchParams } = new URL(url, 'http://desk');
      const event = {
        rawPath: pathname,
        queryStringParameters: Object.fromEntries(searchParams),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        isBase64Encoded: false,
        requestContext: { requestId: 'r', http: { method }, authorizer: { jwt: { claims: { role } } } },
      };
      const answer = await handler(event as never, {} as never);
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers ?? {},
        body: answer.body === undefined ? null : JSON.parse(answer.body),
      };
    },
    stop: () => engine.stop(),
  };
};
