import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayRequest } from '../../../local/gateway/exchange.ts';
import { Gateway, type GatewayOptions } from '../../../local/gateway/gateway.ts';
import { gatewayLimits } from '../../../local/gateway/limits.ts';
import type { Strict } from '../../../local/strict.ts';
import { refusedEvent } from '../../../local/workers/payload-limits.ts';

const strict = { seed: 1 };
const api = {
  id: 'api',
  routes: [{ routeKey: 'ANY /{proxy+}', functionId: 'f', authorized: false, scopes: [] }],
  authorizer: null,
  cors: null,
};
const request = (headers: Record<string, string> = {}, query = ''): GatewayRequest => ({
  method: 'GET',
  path: '/tickets',
  query,
  headers,
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
});
const status = async (seed: Strict | null, options: Partial<GatewayOptions>, sent = request()): Promise<number> => {
  const gateway = new Gateway({
    api,
    strict: seed,
    authorizer: null,
    invoke: async () => ({ kind: 'answered', payload: '{"statusCode":200}' }),
    now: () => 0,
    answered: () => {},
    ...options,
  });
  return (await gateway.answer(sent)).status;
};

describe('the time that the gateway waits', () => {
  const slow: GatewayOptions['invoke'] = async () => {
    await sleep(80);
    return { kind: 'answered', payload: '{"statusCode":200}' };
  };

  it('is 29 s under strict, and 503 after it', async () => {
    expect(gatewayLimits(strict).integrationTimeoutMs).toBe(29_000);
    expect(await status(strict, { invoke: slow, integrationTimeoutMs: 20 })).toBe(503);
    expect(await status(strict, { invoke: slow, integrationTimeoutMs: 2000 })).toBe(200);
  });
});

describe('the size of request line and headers', () => {
  const header = (bytes: number) => request({ 'x-filter': 'x'.repeat(bytes) });

  it('hurts who puts much into a header', async () => {
    expect(await status(null, {}, header(10_240))).toBe(200);
    expect(await status(strict, {}, header(10_240))).toBe(431);
    expect(await status(strict, {}, header(10_240 - 'GET /tickets HTTP/1.1'.length))).toBe(200);
  });

  it('counts the query too', async () => {
    expect(await status(strict, {}, request({ 'x-filter': 'x'.repeat(6000) }, `q=${'y'.repeat(6000)}`))).toBe(431);
  });
});

describe('the size of an event', () => {
  it('is 6 MB for who waits for the answer and 1 MB for what is queued', () => {
    const event = { text: 'x'.repeat(2 * 1024 * 1024) };
    expect(refusedEvent(event, 'request')).toBeNull();
    expect(refusedEvent(event, 'event')).toMatchObject({ kind: 'failed' });
    expect(refusedEvent({ text: 'é'.repeat(3.5 * 1024 * 1024) }, 'request')).toMatchObject({ kind: 'failed' });
  });

  it('is answered with 413 when it is too much', async () => {
    const tooLarge = refusedEvent({ text: 'x'.repeat(7 * 1024 * 1024) }, 'request');
    expect(await status(strict, { invoke: async () => tooLarge! })).toBe(413);
  });
});
