import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { contract } from '../functions/entrypoints/contract.ts';
import { roles } from '../functions/platform/actor.ts';
import type { RouteContract } from '../functions/platform/http/contract.ts';
import { type Api, type Reply, startApi, startTimeoutMs } from './api.ts';
import { fill, validRequests, type World } from './authorization-requests.ts';

const lineSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  role: z.enum(roles),
  scope: z.enum(['own', 'other', 'none']),
  expected: z.enum(['allow', '403', '404']),
});

/** The table is written by hand, from what each role is for; the code has to agree with it, never the other way round. */
const lines = z.array(lineSchema).parse(
  parse(readFileSync(join(import.meta.dirname, 'authorization.csv'), 'utf8'), {
    columns: true,
    skip_empty_lines: true,
  }),
);

/** The answer has the status, the headers and exactly the fields of the contract. */
const expectAsPromised = (success: RouteContract['success'], reply: Reply): void => {
  expect(reply.status).toBe(success.status);
  expect(reply.headers['etag'] !== undefined).toBe(success.etag === true);
  expect(reply.headers['location'] !== undefined).toBe(success.status === 201 || success.status === 202);
  if (success.answer === null) expect(reply.text).toBe('');
  else expect(success.answer.parse(reply.body)).toEqual(reply.body);
};

const nameOf = (route: { readonly method: string; readonly path: string }): string => `${route.method} ${route.path}`;
const routes = contract.map(nameOf);

describe('the table is complete', () => {
  test.each(contract.map((route) => [nameOf(route), route] as const))(
    '%s stands in it for every role',
    (name, route) => {
      const here = lines.filter((line) => nameOf(line) === name);
      const rows = here.map(({ role, scope }) => `${role} ${scope}`).sort();
      const both = roles
        .flatMap((role) => (role === 'requester' ? ['requester other', 'requester own'] : [`${role} none`]))
        .sort();
      const one = roles.map((role) => `${role} none`).sort();
      if (route.customerScope === 'own') expect(rows).toEqual(both);
      else expect([both, one]).toContainEqual(rows);
    },
  );

  test('every line is of a route that exists', () => {
    expect([...new Set(lines.map(nameOf))].filter((name) => !routes.includes(name))).toEqual([]);
  });
});

describe('the desk does what the table says', () => {
  let api: Api;
  let world: World;

  beforeAll(async () => {
    api = await startApi();
    world = await fill(api);
  }, startTimeoutMs);
  afterAll(() => api.stop());

  test.each(lines.map((line) => [`${nameOf(line)} as ${line.role} (${line.scope}): ${line.expected}`, line] as const))(
    '%s',
    async (_title, line) => {
      const valid = validRequests[nameOf(line)];
      if (valid === undefined)
        throw new Error(`test/authorization-requests.ts has no valid request for ${nameOf(line)}`);
      const call = {
        method: line.method,
        ...(await valid(api, world, line.scope === 'other' ? world.other : world.own)),
      };
      const reply = await api.send({ sub: `sub-${line.role}` }, call);
      const outcome = reply.status < 300 ? 'allow' : String(reply.status);
      expect({ outcome, problem: reply.status < 300 || outcome === line.expected ? null : reply.body }).toEqual({
        outcome: line.expected,
        problem: null,
      });
      const route = contract.find((one) => nameOf(one) === nameOf(line));
      if (outcome === 'allow' && route !== undefined) expectAsPromised(route.success, reply);
      if (line.scope === 'other') expect(reply.text).not.toContain('Globex');
    },
  );

  test('a genuine token of nobody may do nothing', async () => {
    const reply = await api.send({ sub: 'sub-stranger' }, { method: 'GET', path: '/v1/me' });
    expect(reply.status).toBe(403);
  });

  test('a requester’s list holds the own customer’s tickets only, in every order', async () => {
    for (const sort of ['created', 'updated', 'deadline']) {
      const reply = await api.send(
        { sub: 'sub-requester' },
        { method: 'GET', path: '/v1/tickets', query: { sort, limit: '100' } },
      );
      expect(reply.status).toBe(200);
      // The list by update comes from the stream, which does not run here.
      if (sort !== 'updated') expect(reply.body.items.length).toBeGreaterThan(0);
      expect(
        reply.body.items.filter((ticket: { customerId: string }) => ticket.customerId !== world.own.customerId),
      ).toEqual([]);
    }
  });
});
