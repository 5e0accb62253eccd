import type { TransactItem } from '../../../functions/platform/store/transact.ts';
import { httpHandler } from '../../../functions/platform/http/pipeline.ts';
import { IllegalTransition } from '../../../functions/platform/errors.ts';
import { defineRoute } from '../../../functions/platform/http/contract.ts';
import { serve } from '../../../functions/platform/http/serve.ts';
import { OnceRecords, type OnceKey, type RecordedAnswer } from '../../../functions/platform/store/once.ts';
import * as z from 'zod';
import { type Api, firstAdmin, given, type Reply, startApi, startTimeoutMs } from '../../api.ts';

let api: Api;
let customerId: string;

beforeAll(async () => {
  api = await startApi();
  customerId = (await given(api, { method: 'POST', path: '/v1/customers', body: { name: 'Acme' } })).id;
}, startTimeoutMs);
afterAll(() => api.stop());

const body = (subject: string) => ({ customerId, requester: { name: 'Ada', email: 'ada@acme.example' }, subject });
const open = (key: string, subject: string, path = '/v1/tickets'): Promise<Reply> =>
  api.send(firstAdmin, { method: 'POST', path, body: body(subject), headers: { 'idempotency-key': key } });

const tickets = async (subject: string): Promise<number> => {
  const page = await given(api, { method: 'GET', path: '/v1/tickets', query: { customerId, limit: '100' } });
  return page.items.filter((ticket: { subject: string }) => ticket.subject === subject).length;
};

test('a repetition answers the same, headers too, and says so', async () => {
  const first = await open('same', 'Same');
  const second = await open('same', 'Same');
  expect(first.status).toBe(201);
  expect(second).toEqual({
    ...first,
    requestId: second.requestId,
    headers: { ...first.headers, 'idempotent-replayed': 'true' },
  });
  expect(await tickets('Same')).toBe(1);
});

test('the order of fields does not matter, the payload does: 422', async () => {
  await open('order', 'Order');
  const reordered = { subject: 'Order', requester: { email: 'ada@acme.example', name: 'Ada' }, customerId };
  const reply = await api.send(firstAdmin, {
    method: 'POST',
    path: '/v1/tickets',
    body: reordered,
    headers: { 'idempotency-key': 'order' },
  });
  expect(reply.status).toBe(201);
  expect((await open('order', 'Another')).status).toBe(422);
  expect(await tickets('Another')).toBe(0);
});

test('ten at once are one ticket', async () => {
  const replies = await Promise.all(Array.from({ length: 10 }, () => open('at-once', 'At once')));
  expect(replies.map((reply) => reply.status)).toEqual(Array(10).fill(201));
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
  expect(await tickets('At once')).toBe(1);
});

test('two at once with different payloads: one is opened, the other is 422', async () => {
  const replies = await Promise.all([open('fight', 'Left'), open('fight', 'Right')]);
  expect(replies.map((reply) => reply.status).sort()).toEqual([201, 422]);
  expect((await tickets('Left')) + (await tickets('Right'))).toBe(1);
});

test('a slash at the end is the same path, and the same key', async () => {
  expect((await open('slash', 'Slash', '/v1/tickets/')).status).toBe(201);
  expect((await open('slash', 'Slash')).headers['idempotent-replayed']).toBe('true');
  expect(await tickets('Slash')).toBe(1);
});

test('a refused request uses up no key', async () => {
  const refused = await api.send(firstAdmin, {
    method: 'POST',
    path: '/v1/tickets',
    body: {},
    headers: { 'idempotency-key': 'refused' },
  });
  expect(refused.status).toBe(400);
  expect((await open('refused', 'Refused')).status).toBe(201);
});

test('keys of different callers and routes are different keys', async () => {
  await given(api, { method: 'POST', path: '/v1/agents', body: { name: 'Grace', subject: 'sub-grace' } });
  const first = await open('mine', 'Mine');
  const other = await api.send(
    { sub: 'sub-grace' },
    { method: 'POST', path: '/v1/tickets', body: body('Mine'), headers: { 'idempotency-key': 'mine' } },
  );
  expect(other.body.id).not.toBe(first.body.id);
  const team = await api.send(firstAdmin, {
    method: 'POST',
    path: '/v1/teams',
    body: { name: 'Mine' },
    headers: { 'idempotency-key': 'mine' },
  });
  expect(team.status).toBe(201);
});

test('an import, which is idempotent by itself, is replayed as well', async () => {
  const call = {
    method: 'POST',
    path: '/v1/tickets/import',
    body: {
      tickets: [
        {
          externalId: 'INC1',
          source: 'x',
          subject: 'Old',
          priority: 'low',
          channel: 'phone',
          createdAt: '2025-01-01T00:00:00Z',
        },
      ],
    },
    headers: { 'idempotency-key': 'import' },
  };
  const first = await api.send(firstAdmin, call);
  expect(first.body.results[0].outcome).toBe('created');
  expect((await api.send(firstAdmin, call)).body).toEqual(first.body);
});

test('a repetition that comes while the first is at work, and finds its effect in the way, answers what the first answered', async () => {
  // GIVEN a record that is not there when the repetition looks first, and is there when it has been refused
  let looks = 0;
  class LateRecords extends OnceRecords {
    override async find(_once: OnceKey): Promise<RecordedAnswer | null> {
      looks += 1;
      return looks === 1 ? null : { status: 200, headers: {}, body: { status: 'resolved' } };
    }
    override item(): TransactItem {
      return {};
    }
  }
  const once = new LateRecords({ client: api.engine.client, table: 'none', clock: { now: () => 0 } });
  const contract = defineRoute({
    method: 'POST',
    path: '/v1/things',
    summary: '',
    requirements: [],
    roles: ['agent'],
    customerScope: 'none',
    success: { status: 200, answer: z.object({ status: z.string() }) },
    problems: [409],
  });
  // AND a thing that the first has led to the status already
  const route = serve(contract, async () => {
    throw new IllegalTransition('It is resolved already.');
  });
  const handler = httpHandler({
    routes: [route],
    principalOf: async () => ({ id: 'agt_1', role: 'agent', customerId: null, teamId: null }),
    once,
  }) as unknown as (event: unknown, context: unknown) => Promise<{ statusCode: number }>;
  const event = {
    rawPath: '/v1/things',
    headers: { 'idempotency-key': 'late' },
    requestContext: { requestId: '1', http: { method: 'POST' }, authorizer: { jwt: { claims: {} } } },
  };
  expect((await handler(event, { getRemainingTimeInMillis: () => 1000 })).statusCode).toBe(200);
});
