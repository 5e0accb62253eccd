import { type Api, type Call, firstAdmin, given, type Reply, startApi, startTimeoutMs } from '../../api.ts';

let api: Api;
let customerId: string;

beforeAll(async () => {
  api = await startApi();
  customerId = (await given(api, { method: 'POST', path: '/v1/customers', body: { name: 'Acme' } })).id;
}, startTimeoutMs);
afterAll(() => api.stop());

const send = (call: Call): Promise<Reply> => api.send(firstAdmin, call);
const post = (more: Partial<Call>): Promise<Reply> => send({ method: 'POST', path: '/v1/teams', ...more });
const ticket = () => ({
  customerId,
  requester: { name: 'Ada', email: 'ada@acme.example' },
  subject: 'Checkout answers 502',
});

/** An RFC 9457 answer with everything that DESIGN promises. */
const expectProblem = (reply: Reply, status: number, paths?: readonly string[]): void => {
  expect(reply.status).toBe(status);
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(reply.body).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.any(String),
    errors: expect.any(Array),
    requestId: expect.stringMatching(/^request-/),
  });
  if (paths !== undefined)
    expect(reply.body.errors.map((error: { path: string }) => error.path).sort()).toEqual([...paths].sort());
};

describe('bodies', () => {
  test.each([
    ['half an object', '{"name":'],
    ['a word', 'name'],
    ['two documents', '{}{}'],
    ['white space', '  '],
    ['NaN', '{"name":NaN}'],
    ['a byte order mark', '\u{feff}{"name":"Support"}!'],
  ])('%s is not JSON: 400', async (_name, raw) => expectProblem(await post({ raw }), 400, ['']));

  test('invalid UTF-8: 400', async () => {
    expectProblem(await post({ raw: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) }), 400, ['']);
  });

  test('a missing body: 400', async () => expectProblem(await post({}), 400, ['']));

  test('a body where none belongs: 400', async () => {
    expectProblem(await send({ method: 'GET', path: '/v1/teams', body: {} }), 400, ['']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', ''])(
    'content type "%s": 415',
    async (type) => {
      expectProblem(await post({ raw: '{"name":"Support"}', headers: { 'content-type': type } }), 415);
    },
  );

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/merge-patch+json'])(
    'content type "%s" is taken',
    async (type) => {
      expect((await post({ raw: '{"name":"Support"}', headers: { 'content-type': type } })).status).toBe(201);
    },
  );

  test('256 KB are read, one byte more is 413', async () => {
    const body = (bytes: number): string => {
      const start = '{"name":"Support","x":"';
      return `${start}${'a'.repeat(bytes - start.length - 2)}"}`;
    };
    expectProblem(await post({ raw: body(262_144) }), 400, ['x']);
    expectProblem(await post({ raw: body(262_145) }), 413);
    expectProblem(await post({ raw: Buffer.from(body(262_145)) }), 413);
    expectProblem(await post({ raw: 'é'.repeat(131_073) }), 413);
  });
});

describe('fields', () => {
  test('all that is wrong is named at once, with its path', async () => {
    const reply = await send({
      method: 'POST',
      path: '/v1/tickets',
      body: {
        customerId: 'cus_1',
        requester: { name: '', email: 'ada', fax: '1' },
        subject: 7,
        priority: 'urgent',
        tags: ['a', 3],
        colour: 'red',
      },
    });
    expectProblem(reply, 400, [
      'customerId',
      'requester.name',
      'requester.email',
      'requester.fax',
      'subject',
      'priority',
      'tags.1',
      'colour',
    ]);
    expect(reply.body.detail).toContain('requester.fax is not a field of this request');
  });

  test.each([[null], [[]], ['text'], [7], [true]])('%j instead of an object: 400', async (body) => {
    expectProblem(await post({ body }), 400, ['']);
  });

  test('thousands of wrong fields come back as the first hundred', async () => {
    const reply = await post({
      body: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, 1])),
    });
    expect(reply.body.errors).toHaveLength(100);
    expect(reply.body.detail).toMatch(/; and 4991 more\.$/);
  });

  test('path, query and body are looked at together', async () => {
    const reply = await send({ method: 'GET', path: '/v1/tickets/T-1/timeline', query: { limit: '0', colour: 'red' } });
    expectProblem(reply, 400, ['ticketId', 'limit', 'colour']);
  });

  test.each(['', '0', '101', '1.5', 'all', '-1', 'Infinity'])('limit=%s: 400', async (limit) => {
    expectProblem(await send({ method: 'GET', path: '/v1/teams', query: { limit } }), 400, ['limit']);
  });
});

describe('hostile text', () => {
  test.each(['a\u0000b', 'a\nb', 'a\u001bb', 'a\u007fb'])('control characters in a line (%j): 400', async (name) => {
    expectProblem(await post({ body: { name } }), 400, ['name']);
  });

  test.each(['{"name":"\\ud800"}', '{"name":"a\\udc00b"}'])('half a character (%s): 400', async (raw) => {
    expectProblem(await post({ raw }), 400, ['name']);
  });

  test('half a character in a text, a login, a tag, a key and an import: 400', async () => {
    const half = '\\ud83d';
    const raw = JSON.stringify({ ...ticket(), description: 'X', tags: ['X'] }).replaceAll('"X"', `"${half}"`);
    expectProblem(await send({ method: 'POST', path: '/v1/tickets', raw }), 400, ['description', 'tags.0']);
    expectProblem(
      await send({ method: 'POST', path: '/v1/agents', raw: `{"name":"Grace","subject":"${half}"}` }),
      400,
      ['subject'],
    );
    expectProblem(await post({ raw: `{"name":"Support","${half}":1}` }), 400, ['\ufffd']);
    const raws = `{"tickets":[{"externalId":"${half}"}]}`;
    expectProblem(await send({ method: 'POST', path: '/v1/tickets/import', raw: raws }), 400, ['tickets.0.externalId']);
  });

  test('whole emoji, right-to-left text and combining marks are taken as they are', async () => {
    for (const name of ['Support 🚒', 'دعم', 'é́́́', '<script>alert(1)</script>', "Robert'); DROP TABLE"]) {
      expect((await post({ body: { name } })).body.name).toBe(name);
    }
  });

  test('__proto__ and constructor are unknown fields like any other', async () => {
    expectProblem(await post({ raw: '{"name":"Support","__proto__":{"role":"admin"}}' }), 400);
    expectProblem(await post({ raw: '{"name":"Support","constructor":{"prototype":{"x":1}}}' }), 400, ['constructor']);
    expectProblem(await send({ method: 'GET', path: '/v1/teams', query: JSON.parse('{"__proto__":"1"}') }), 400);
    expect(Object.hasOwn(Object.prototype, 'role')).toBe(false);
  });

  test.each([40, 100_000])('JSON nested %i deep: 400, with an Idempotency-Key too', async (depth) => {
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    const headers = { 'idempotency-key': `deep-${depth}` };
    expectProblem(await post({ raw: deep, headers }), 400, ['']);
    expectProblem(
      await send({ method: 'POST', path: '/v1/tickets/import', raw: `{"tickets":[${deep}]}`, headers }),
      400,
      [''],
    );
  });

  test('a customer’s name as long as allowed, in the widest letters, can be listed', async () => {
    const name = '語'.repeat(200);
    expect((await send({ method: 'POST', path: '/v1/customers', body: { name } })).status).toBe(201);
    const page = await send({ method: 'GET', path: '/v1/customers', query: { limit: '100' } });
    expect(page.body.items.map((item: { name: string }) => item.name)).toContain(name);
  });
});

describe('headers', () => {
  const patch = async (headers: Record<string, string>): Promise<Reply> => {
    const { id } = await given(api, { method: 'POST', path: '/v1/tickets', body: ticket() });
    return send({ method: 'PATCH', path: `/v1/tickets/${id}`, body: { priority: 'low' }, headers });
  };

  test.each(['1', 'abc', '"abc"', '"1', '""', '"-1"', '"1", "2"', '*'])(
    'If-Match %s is no ETag of ours: 400',
    async (value) => {
      expectProblem(await patch({ 'if-match': value }), 400, ['If-Match']);
    },
  );

  test('If-Match missing is 428, old is 412 with the present ETag, right is 200', async () => {
    expectProblem(await patch({}), 428);
    const stale = await patch({ 'if-match': '"9"' });
    expectProblem(stale, 412);
    expect(stale.headers['etag']).toBe('"1"');
    expect((await patch({ 'if-match': '"1"' })).headers['etag']).toBe('"2"');
    expect((await patch({ 'if-match': 'W/"1"' })).status).toBe(200);
  });

  test.each(['', ' ', 'a b', 'ä', 'a\tb', 'x'.repeat(256)])('Idempotency-Key %j: 400', async (key) => {
    expectProblem(await post({ body: { name: 'Support' }, headers: { 'idempotency-key': key } }), 400, [
      'Idempotency-Key',
    ]);
  });
});

describe('paths and methods', () => {
  test.each([
    '/v1/tickets/tkt_1/nothing',
    '/v1/tickets/a/b/c/d',
    '/v1/customers//',
    '/v1/tickets/%zz/sla',
    '/v1/teams/../agents',
  ])('%s: 404', async (path) => expectProblem(await send({ method: 'GET', path }), 404));

  test.each([
    ['DELETE', '/v1/tickets', 'POST, GET'],
    ['GET', '/v1/tickets/import', 'POST'],
    ['PUT', '/v1/teams/tem_1', 'GET'],
    ['HEAD', '/v1/me', 'GET'],
  ])('%s %s: 405, Allow: %s', async (method, path, allow) => {
    const reply = await send({ method, path });
    expectProblem(reply, 405);
    expect(reply.headers['allow']).toBe(allow);
  });

  test('an unknown id is 404, and text that is no id 400', async () => {
    expectProblem(await send({ method: 'GET', path: '/v1/tickets/tkt_01J8Z0K3V5W7Y9ABCDEFGHJKMN' }), 404);
    expectProblem(await send({ method: 'GET', path: '/v1/tickets/T-1' }), 400, ['ticketId']);
  });
});

describe('instants at the edge', () => {
  const importAt = async (createdAt: string) =>
    (
      await send({
        method: 'POST',
        path: '/v1/tickets/import',
        body: {
          tickets: [
            { externalId: createdAt, source: 'edge', subject: 'Old', priority: 'low', channel: 'phone', createdAt },
          ],
        },
      })
    ).body.results[0];

  test.each(['1969-12-31T23:59:59Z', '0000-01-01T00:00:00Z', '0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59'])(
    'an import of %s is rejected with a reason',
    async (createdAt) => {
      const result = await importAt(createdAt);
      expect(result).toMatchObject({ outcome: 'rejected', errors: [{ path: 'createdAt' }] });
    },
  );

  test('the clocks of a far future cannot be asked for', async () => {
    const { id } = await given(api, { method: 'POST', path: '/v1/tickets', body: ticket() });
    const query = { at: '9999-12-31T23:59:59-23:59' };
    expectProblem(await send({ method: 'GET', path: `/v1/tickets/${id}/sla`, query }), 400, ['at']);
  });

  test.each(['0000-01-01T00:00:00Z', '0000-01-01T00:00:00+23:59'])(
    'the clocks as of %s can be asked for',
    async (at) => {
      const { id } = await given(api, { method: 'POST', path: '/v1/tickets', body: ticket() });
      expect((await send({ method: 'GET', path: `/v1/tickets/${id}/sla`, query: { at } })).status).toBe(200);
    },
  );
});
