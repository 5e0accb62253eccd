import * as fc from 'fast-check';
import { type Api, firstAdmin, given, type Reply, startApi, startTimeoutMs } from '../../api.ts';

let api: Api;
const customers: string[] = [];

beforeAll(async () => {
  api = await startApi();
  for (const name of ['Acme', 'Globex', 'Initech']) {
    const customer = await given(api, { method: 'POST', path: '/v1/customers', body: { name } });
    customers.push(customer.id);
    for (const contact of ['Ada', 'Bob', 'Eve']) {
      await given(api, { method: 'POST', path: '/v1/contacts', body: { customerId: customer.id, name: contact } });
    }
    for (let count = 0; count < 4; count += 1) {
      const requester = { name: 'Ada', email: 'ada@x.example' };
      await given(api, {
        method: 'POST',
        path: '/v1/tickets',
        body: { customerId: customer.id, requester, subject: `${name} ${count}` },
      });
    }
  }
}, startTimeoutMs);
afterAll(() => api.stop());

const page = (path: string, query: Record<string, string>): Promise<Reply> =>
  api.send(firstAdmin, { method: 'GET', path, query });

const expectRefused = (reply: Reply): void => {
  expect(reply.status).toBe(400);
  expect(reply.body.errors.map((error: { path: string }) => error.path)).toEqual(['cursor']);
};

test.each([
  ['/v1/tickets', {}, 12],
  ['/v1/tickets', { sort: 'deadline', queue: 'open' }, 12],
  ['/v1/customers', {}, 3],
])('%s %j pages to the end without a gap or a repetition', async (path, query, expected) => {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const reply: Reply = await page(path, { ...query, limit: '2', ...(cursor === null ? {} : { cursor }) });
    expect(reply.status).toBe(200);
    ids.push(...reply.body.items.map((item: { id: string }) => item.id));
    cursor = reply.body.nextCursor;
  } while (cursor !== null);
  expect(ids).toHaveLength(expected);
  expect(new Set(ids).size).toBe(expected);
});

test('a cursor of another list, filter, sort or ticket is refused', async () => {
  const cursor: string = (await page('/v1/contacts', { customerId: customers[0]!, limit: '1' })).body.nextCursor;
  expect((await page('/v1/contacts', { customerId: customers[0]!, limit: '1', cursor })).status).toBe(200);
  expectRefused(await page('/v1/contacts', { customerId: customers[1]!, limit: '1', cursor }));
  expectRefused(await page('/v1/customers', { cursor }));
  expectRefused(await page('/v1/tickets', { cursor }));
  const ofTickets: string = (await page('/v1/tickets', { limit: '1', priority: 'normal' })).body.nextCursor;
  expectRefused(await page('/v1/tickets', { limit: '1', cursor: ofTickets }));
  expectRefused(await page('/v1/tickets', { limit: '1', priority: 'normal', sort: 'updated', cursor: ofTickets }));
});

test('the limit may change between pages', async () => {
  const cursor: string = (await page('/v1/customers', { limit: '1' })).body.nextCursor;
  expect((await page('/v1/customers', { limit: '2', cursor })).body.items).toHaveLength(2);
});

test('whoever changes a character of a cursor, adds or drops one, is refused', async () => {
  const genuine: string = (await page('/v1/customers', { limit: '1' })).body.nextCursor;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(genuine.length - 1),
      fc.constantFrom('A', 'b', '0', '.', '=', '', 'é'),
      async (index, sign) => {
        const altered = genuine.slice(0, index) + sign + genuine.slice(index + 1);
        fc.pre(altered !== genuine);
        expectRefused(await page('/v1/customers', { cursor: altered }));
      },
    ),
    { numRuns: 60 },
  );
  for (const more of [
    `${genuine}.`,
    `${genuine}.x`,
    `${genuine}A`,
    `.${genuine}`,
    genuine.replace('.', '..'),
    genuine.toUpperCase(),
  ]) {
    expectRefused(await page('/v1/customers', { cursor: more }));
  }
});

test.each(['x', '.', 'a.b', 'null', '{}', 'e30.', '%00', '\u0000', 'x'.repeat(2048)])(
  'cursor %j is refused',
  async (cursor) => {
    expectRefused(await page('/v1/customers', { cursor }));
  },
);

test('an overlong cursor is refused', async () =>
  expectRefused(await page('/v1/customers', { cursor: 'x'.repeat(2049) })));
