import * as fc from 'fast-check';
import * as z from 'zod';
import { contract } from '../../../functions/entrypoints/contract.ts';
import { type Api, firstAdmin, startApi, startTimeoutMs } from '../../api.ts';
import { fill, validRequests, type World } from '../../authorization-requests.ts';

let api: Api;
let world: World;

beforeAll(async () => {
  api = await startApi();
  world = await fill(api);
}, startTimeoutMs);
afterAll(() => api.stop());

const string = fc.oneof(
  fc.constantFrom('\ud800', 'a\udc00'),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    '\u0000',
    '__proto__',
    '',
    ' ',
    'none',
    'a'.repeat(70_000),
    '9999-12-31T23:59:59Z',
    '0000-01-01T00:00:00+23:59',
  ),
);

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(string, fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, 1e308, -0, 2 ** 53)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(string, fc.constantFrom('name', 'subject', 'status')), tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** All values within a body, each with the path that leads to it. */
const places = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    : []),
];

const replaced = (value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown => {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [name, name === key ? replaced(item, rest, by) : item]),
  );
};

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.array(z.unknown()),
  requestId: z.string(),
});

const expectNoFault = (reply: { status: number; headers: Readonly<Record<string, string>>; body: unknown }): void => {
  if (reply.status >= 200 && reply.status < 300) return;
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(problem.parse(reply.body).status).toBe(reply.status);
};

const writing = contract.filter((route) => !(route.body instanceof z.ZodUndefined));

describe.each(writing.map((route) => [`${route.method} ${route.path}`] as const))('%s', (name) => {
  const method = name.split(' ')[0] ?? '';
  const valid = () => validRequests[name]!(api, world, world.own);

  test('answers any JSON with success or a problem, never with a fault', async () => {
    const call = { method, ...(await valid()) };
    await fc.assert(
      fc.asyncProperty(json, fc.option(fc.uuid()), async (body, key) => {
        const headers = { ...call.headers, ...(key === null ? {} : { 'idempotency-key': key }) };
        expectNoFault(await api.send(firstAdmin, { ...call, headers, raw: JSON.stringify(body) ?? 'null' }));
      }),
      { numRuns: 40 },
    );
  });

  test('and a good body in which one value was replaced', async () => {
    const call = { method, ...(await valid()) };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places(call.body)), json, async (place, value) => {
        expectNoFault(await api.send(firstAdmin, { ...call, body: replaced(call.body, place, value) }));
      }),
      { numRuns: 60 },
    );
  });
});

test('any query of a list gets success or a problem', async () => {
  const lists = [
    '/v1/tickets',
    '/v1/customers',
    '/v1/contacts',
    '/v1/alerts',
    '/v1/alert-subscriptions',
    '/v1/kpis/resolution-time',
    '/v1/kpis/resolution-time/explain',
  ];
  const names = fc.constantFrom(
    'limit',
    'cursor',
    'sort',
    'status',
    'queue',
    'customerId',
    'from',
    'to',
    'group',
    'groupBy',
    'granularity',
    'ticketId',
  );
  const values = fc.oneof(
    string,
    fc.constantFrom(
      'all',
      'team:none',
      '2026-03-01',
      '2026-02-30',
      '0000-01-01',
      '9999-12-31',
      '-000001-01-01',
      world.own.customerId,
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...lists), fc.dictionary(names, values, { maxKeys: 3 }), async (path, query) => {
      expectNoFault(await api.send(firstAdmin, { method: 'GET', path, query }));
    }),
    { numRuns: 300 },
  );
});
