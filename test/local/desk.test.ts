import { join } from 'node:path';
import { startDesk } from '../../local/desk.ts';
import { PortError } from '../../local/gateway/http-server.ts';
import { objectsOf } from './bucket-reader.ts';
import { editedAssembly, FixtureDesk, stopAll, temporaryDir } from './fixture/fixture.ts';

let fixture: FixtureDesk;

beforeAll(async () => {
  fixture = await FixtureDesk.start({ startAt: Date.UTC(2026, 0, 31, 12) });
});
afterAll(stopAll);
beforeEach(() => fixture.json('/_local/reset', {}));

describe('gateway', () => {
  it('passes requests to the function and its answer back', async () => {
    const response = await fixture.call('/v1/echo/some%20thing?a=1&a=2&b', {
      method: 'PUT',
      body: 'text',
      headers: { cookie: 'x=1; y=2', 'X-Two': 'z' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toBe('a=b');
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /v1/echo/{proxy+}',
      rawPath: '/v1/echo/some thing',
      rawQueryString: 'a=1&a=2&b',
      cookies: ['x=1', 'y=2'],
      queryStringParameters: { a: '1,2', b: '' },
      pathParameters: { proxy: 'some thing' },
      headers: { 'x-two': 'z' },
      body: 'text',
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'PUT' },
        authorizer: { jwt: { claims: { sub: 'local-agent', username: 'agent', token_use: 'access' } } },
      },
    });
  });

  it('passes bodies that are no text as base64', async () => {
    const body = new Uint8Array([0, 255, 1]);
    const event: any = await (
      await fixture.call('/v1/echo', { method: 'POST', body, headers: { 'content-type': 'application/octet-stream' } })
    ).json();
    expect(event).toMatchObject({ body: 'AP8B', isBase64Encoded: true });
  });

  it('makes its own answers as API Gateway does', async () => {
    const none = await fetch(`${fixture.desk.url}/v1/echo`);
    expect([none.status, none.headers.get('www-authenticate'), await none.text()]).toEqual([
      401,
      'Bearer',
      '{"message":"Unauthorized"}',
    ]);
    const nowhere = await fixture.call('/v2/nothing');
    expect([nowhere.status, await nowhere.text()]).toEqual([404, '{"message":"Not Found"}']);
    const broken = await fixture.call('/v1/echo/throw');
    expect([broken.status, await broken.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    const large = await fixture
      .call('/v1/echo', { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) })
      .catch(() => null);
    if (large !== null)
      expect([large.status, await large.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
    await fixture.fault('worker', 'throttle');
    expect((await fixture.call('/v1/echo')).status).toBe(503);
    expect((await fixture.call('/v1/echo')).status).toBe(200);
  });

  it('answers preflight requests itself and exposes headers', async () => {
    const preflight = await fetch(`${fixture.desk.url}/v1/echo`, {
      method: 'OPTIONS',
      headers: { origin: 'https://x.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,POST']);
    const answer = await fixture.call('/v1/echo', { headers: { origin: 'https://x.example' } });
    expect(answer.headers.get('access-control-expose-headers')).toBe('ETag,Location');
  });

  it('lets a token with a time to live expire by virtual time', async () => {
    const { agent } = await fixture.json('/_local/tokens?ttl=60');
    const status = async () =>
      (await fixture.call('/v1/echo', { headers: { authorization: `Bearer ${agent}` } })).status;
    expect(await status()).toBe(200);
    await fixture.advance('PT61S');
    expect(await status()).toBe(401);
    expect((await fixture.call('/v1/echo')).status).toBe(200);
  });
});

describe('workers', () => {
  it('live in virtual time', async () => {
    const before = await fixture.json('/_local/clock');
    await fixture.advance('PT3H');
    const { now, also } = await fixture.json('/v1/echo/now');
    expect(Date.parse(now) - Date.parse(before.now)).toBeGreaterThanOrEqual(10_800_000);
    expect(also - Date.parse(now)).toBeLessThan(50);
  });

  it('have the function variables and nothing of the machine', async () => {
    const environment = await fixture.json('/v1/echo/environment');
    expect(environment).toMatchObject({
      KIND: 'http',
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    });
    expect(environment).not.toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('HOME');
  });

  it('are stopped at the timeout, and replaced when they die', async () => {
    const began = performance.now();
    expect((await fixture.call('/v1/echo/slow')).status).toBe(500);
    expect(performance.now() - began).toBeGreaterThan(1900);
    expect((await fixture.call('/v1/echo/exit')).status).toBe(500);
    expect((await fixture.call('/v1/echo')).status).toBe(200);
  });

  it('can be killed before and after the handler', async () => {
    await fixture.fault('worker', 'crash-before');
    expect((await fixture.call('/v1/echo/item', { method: 'POST', body: '{"id":"before"}' })).status).toBe(500);
    await fixture.fault('worker', 'crash-after');
    expect((await fixture.call('/v1/echo/item', { method: 'POST', body: '{"id":"after"}' })).status).toBe(500);
    await fixture.advance('PT0S');
    expect(await fixture.delivered('stream')).toEqual(['after']);
  });
});

describe('stream source', () => {
  it('delivers in order, and only what the filter lets through', async () => {
    await fixture.put('a', 'b');
    await fixture.json('/v1/echo/item', { id: 'hidden', kind: 'other' });
    await fixture.put('c');
    await fixture.advance('PT0S');
    expect(await fixture.delivered('stream')).toEqual(['a', 'b', 'c']);
  });

  it('delivers within moments', async () => {
    await fixture.put('a');
    const began = performance.now();
    while ((await fixture.delivered('stream')).length === 0) expect(performance.now() - began).toBeLessThan(1000);
  });

  it('gives up a bad record after its retries, keeps it in the bucket, and goes on', async () => {
    await fixture.put('a', 'poison', 'b');
    expect(await fixture.advance('PT0S')).toMatchObject({ idle: true });
    const delivered = await fixture.delivered('stream');
    expect(delivered.filter((id) => id === 'a')).toHaveLength(1);
    expect(delivered.filter((id) => id === 'poison').length).toBeGreaterThanOrEqual(3);
    expect(delivered).toContain('b');
  });

  it.each([
    ['duplicate', 2],
    ['crash-before', 1],
    ['crash-after', 2],
    ['throttle', 1],
  ])('repeats but never loses under %s', async (fault, times) => {
    await fixture.fault('stream:alerts', fault);
    await fixture.put('a');
    await fixture.advance('PT0S');
    await fixture.put('b');
    await fixture.advance('PT0S');
    const delivered = await fixture.delivered('stream');
    expect(delivered.filter((id) => id === 'a')).toHaveLength(times);
    expect(delivered.filter((id) => id === 'b')).toHaveLength(1);
  });
});

describe('queue source', () => {
  it('delivers a delayed message at its instant', async () => {
    await fixture.send('later', 90);
    const { now } = await fixture.json('/_local/clock');
    await fixture.advance('PT89S');
    expect(await fixture.delivered('queue')).toEqual([]);
    await fixture.advance('PT5S');
    const [entry] = await fixture.log('queue');
    expect(entry?.records).toEqual(['later']);
    expect(Math.abs(Date.parse(entry?.at ?? '') - Date.parse(now) - 90_000)).toBeLessThan(500);
  });

  it('deletes what was taken, and brings back by name what failed until the dead-letter queue', async () => {
    await fixture.send('poison');
    await fixture.send('good');
    await fixture.advance('PT10M');
    const delivered = await fixture.delivered('queue');
    expect(delivered.filter((body) => body === 'good')).toHaveLength(1);
    expect(delivered.filter((body) => body === 'poison')).toHaveLength(3);
  });

  it.each([
    ['duplicate', 2],
    ['crash-before', 1],
    ['crash-after', 2],
  ])('repeats but never loses under %s', async (fault, times) => {
    await fixture.send('a', 10); // Sent before the fault, which else strikes at the sender.
    await fixture.fault('queue', fault);
    await fixture.advance('PT2M');
    expect(await fixture.delivered('queue')).toEqual(Array.from({ length: times }, () => 'a'));
  });
});

describe('schedules and the clock', () => {
  it('runs each minute of an advance once', async () => {
    const began = Date.parse((await fixture.json('/_local/clock')).now);
    await fixture.advance('PT2H');
    const runs = (await fixture.log('schedule')).map(({ at }) => Date.parse(at));
    expect(runs.length).toBeGreaterThanOrEqual(119);
    expect(runs.length).toBeLessThanOrEqual(121);
    for (const [index, at] of runs.entries()) if (index > 0) expect(at - (runs[index - 1] ?? 0)).toBe(60_000);
    expect(runs[0]).toBeGreaterThan(began);
  });

  it('refuses what is no instant, no duration, or in the past', async () => {
    const post = (body: string) => fixture.call('/_local/clock', { method: 'POST', body });
    for (const body of [
      '{"set":"garbage"}',
      '{"advance":"2 hours"}',
      '{}',
      '{"advance":"PT1H","set":"2030-01-01T00:00:00Z"}',
      'no json',
    ]) {
      const response = await post(body);
      expect([body, response.status, response.headers.get('content-type')]).toEqual([
        body,
        400,
        'application/problem+json',
      ]);
    }
    expect((await post('{"set":"2020-01-01T00:00:00Z"}')).status).toBe(409);
    expect((await post('{"advance":"-PT1S"}')).status).toBe(409);
  });
});

describe('control', () => {
  it('lists faults with how often they struck, and clears them', async () => {
    const created = await fixture.call('/_local/faults', {
      method: 'POST',
      body: '{"target":"worker","fault":"throttle","count":2}',
    });
    expect(created.status).toBe(201);
    await fixture.call('/v1/echo');
    const { items } = await fixture.json('/_local/faults');
    expect(items).toMatchObject([{ id: ((await created.json()) as any).id, target: 'worker', applied: 1 }]);
    expect((await fixture.call('/_local/faults', { method: 'DELETE' })).status).toBe(204);
    expect(await fixture.json('/_local/faults')).toEqual({ items: [] });
  });

  it.each([
    { target: 'stream:kpi', fault: 'drop' },
    { target: 'worker', fault: 'conflict' },
    { target: 'moon', fault: 'throttle' },
    { target: 'worker', fault: 'throttle', count: 0 },
    { target: 'worker', fault: 'throttle', probability: 2 },
  ])('refuses the fault %j', async (body) => {
    const response = await fixture.call('/_local/faults', { method: 'POST', body: JSON.stringify(body) });
    expect(response.status).toBe(400);
  });

  it('answers no page of another site, and no other name', async () => {
    expect(
      (await fixture.call('/_local/reset', { method: 'POST', headers: { origin: 'https://evil.example' } })).status,
    ).toBe(403);
    expect((await fixture.call('/_local/nothing')).status).toBe(404);
  });

  it('shows a status page', async () => {
    const page = await (await fetch(`${fixture.desk.url}/`)).text();
    expect(page).toContain('stream-alerts');
    expect(page).toContain('rate(1 minute)');
    expect(page).toMatch(/<td>fixture-queue<\/td>|<td>queue<\/td>/);
  });

  it('starts afresh after a reset', async () => {
    await fixture.put('a');
    await fixture.advance('PT3H');
    await fixture.json('/_local/reset', {});
    expect(await fixture.json('/v1/echo/log')).toEqual([]);
    expect(Date.parse((await fixture.json('/_local/clock')).now)).toBeLessThan(Date.UTC(2026, 0, 31, 12, 1));
    await fixture.put('b');
    await fixture.advance('PT0S');
    expect(await fixture.delivered('stream')).toEqual(['b']);
  });
});

describe('a changed template changes the desk', () => {
  const withEdit = async (
    edit: Parameters<typeof editedAssembly>[0],
    use: (changed: FixtureDesk) => Promise<void>,
  ): Promise<void> => {
    const changed = await FixtureDesk.start({ assemblyDir: editedAssembly(edit) });
    try {
      await use(changed);
    } finally {
      await changed.stop();
    }
  };

  it('delivers nothing without the event source', () =>
    withEdit(
      ({ Resources }) => delete Resources['StreamSource'],
      async (changed) => {
        await changed.put('a');
        await changed.advance('PT1M');
        expect(await changed.delivered('stream')).toEqual([]);
      },
    ));

  it('obeys another batch size', () =>
    withEdit(
      ({ Resources }) => {
        Resources['QueueSource']!.Properties.BatchSize = 1;
      },
      async (changed) => {
        for (const text of ['a', 'b', 'c']) await changed.send(text, 10);
        await changed.advance('PT1M');
        expect((await changed.log('queue')).map(({ records }) => records.length)).toEqual([1, 1, 1]);
      },
    ));

  it('denies what the role does not allow any more', () =>
    withEdit(
      ({ Resources }) => delete Resources['QueuePolicy'],
      async (changed) => {
        const response = await changed.call('/v1/echo/message', { method: 'POST', body: '{"text":"a"}' });
        expect(response.status).toBe(500);
        await changed.put('still');
        await changed.advance('PT0S');
        expect(await changed.delivered('stream')).toEqual(['still']);
      },
    ));

  it('runs with a renamed queue', () =>
    withEdit(
      ({ Resources }) => {
        Resources['Queue']!.Properties.QueueName = 'quite-another';
      },
      async (changed) => {
        expect(changed.desk.model.queues.map(({ name }) => name)).toContain('quite-another');
        await changed.send('a');
        await changed.advance('PT0S');
        expect(await changed.delivered('queue')).toEqual(['a']);
      },
    ));
});

describe('a desk that keeps its data', () => {
  it('goes on after a restart: tables, messages, positions, tokens and time', async () => {
    const data = temporaryDir();
    const first = await FixtureDesk.start({ dataDir: data.path });
    await first.put('a', 'poison');
    await first.send('later', 600);
    await first.advance('PT5M');
    const { now } = await first.json('/_local/clock');
    await expect(FixtureDesk.start({ dataDir: data.path })).rejects.toThrow(/in use by another desk|locked/);
    await expect(
      startDesk({
        port: Number(new URL(first.desk.url).port),
        dataDir: null,
        startAt: null,
        assemblyDir: join(import.meta.dirname, 'fixture'),
        projectDir: '',
        strict: null,
        verbose: false,
      }),
    ).rejects.toBeInstanceOf(PortError);
    await first.stop();

    const second = await FixtureDesk.start({ dataDir: data.path });
    const givenUp = [...(await objectsOf(second.desk.url, second.desk.model.buckets[0]!.name))];
    expect(givenUp).toHaveLength(1);
    // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    expect(givenUp[0]![0]).toMatch(
      /^aws\/lambda\/[0-9a-f]{8}-[0-9a-f-]{27}\/[^/]+\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
    const kept = JSON.parse(givenUp[0]![1]);
    expect(kept.requestContext.condition).toBe('RetryAttemptsExhausted');
    expect(JSON.parse(kept.payload).Records[0].dynamodb.Keys.PK.S).toBe('poison');
    expect(Date.parse((await second.json('/_local/clock')).now)).toBeGreaterThanOrEqual(Date.parse(now));
    expect(
      (await second.call('/v1/echo', { headers: { authorization: `Bearer ${first.tokens['agent']}` } })).status,
    ).toBe(200);
    await second.put('b');
    await second.advance('PT10M');
    expect((await second.delivered('stream')).filter((id) => !id.startsWith('poison'))).toEqual(['a', 'b']);
    expect(await second.delivered('queue')).toEqual(['later']);
    await second.stop();
    await expect(FixtureDesk.start({ dataDir: data.path, startAt: Date.UTC(2020, 0, 1) })).rejects.toThrow(
      'cannot start at',
    );
    data.remove();
  });
});
