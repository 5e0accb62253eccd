import { EventEmitter } from 'node:events';
import type { RequestOptions } from 'node:https';
import { PassThrough } from 'node:stream';
import { type Network, postBy } from '../../functions/alerts/outside/post.ts';

type Addresses = readonly { readonly address: string; readonly family: number }[];

/** A network in which a name has these addresses, and a server answers like this. */
const network = (addresses: Addresses | Error, answer: (() => unknown) | null = null) => {
  const requests: { options: RequestOptions; body: string }[] = [];
  const lookup = (_host: string, _options: unknown, callback: (...results: unknown[]) => void) =>
    setImmediate(() => (addresses instanceof Error ? callback(addresses) : callback(null, addresses)));
  const request = (options: RequestOptions, answered: (response: unknown) => void) => {
    const outgoing = Object.assign(new EventEmitter(), {
      end: (body: string) => {
        requests.push({ options, body });
        if (answer !== null) setImmediate(() => answered(answer()));
      },
    });
    options.signal?.addEventListener('abort', () => outgoing.emit('error', new Error('aborted')));
    return outgoing;
  };
  const post = postBy({ lookup, request, timeoutMs: 200 } as unknown as Network);
  return { requests, post };
};

const answering = (statusCode: number, body: string | null = '') => {
  const answer = Object.assign(new PassThrough(), { statusCode });
  if (body !== null) answer.end(body);
  return answer;
};
const ok = { address: '8.8.8.8', family: 4 };
const letter = { headers: { 'x-desk-id': 'alt_1' }, body: '{"ä":1}' };
const target = 'https://hooks.example.com/a/b?c=d';

it('is pinned to the address that was checked, under the name for which the certificate must be', async () => {
  const { requests, post } = network([ok, { address: '2606:4700::1', family: 6 }], () => answering(204));
  expect(await post(target, letter)).toBe(204);
  expect(requests).toHaveLength(1);
  const { options, body } = requests[0] ?? {};
  expect(body).toBe(letter.body);
  expect(options).toMatchObject({
    method: 'POST',
    host: 'hooks.example.com',
    servername: 'hooks.example.com',
    port: 443,
    path: '/a/b?c=d',
    agent: false,
    headers: { 'x-desk-id': 'alt_1', 'content-length': '8' },
  });
  const looked: unknown[] = [];
  options?.lookup?.('somewhere.else', {}, (...results) => looked.push(results));
  options?.lookup?.('somewhere.else', { all: true }, (...results) => looked.push(results));
  expect(looked).toEqual([
    [null, '8.8.8.8', 4],
    [null, [ok]],
  ]);
});

it.each([
  [[{ address: '169.254.169.254', family: 4 }]],
  [[ok, { address: '10.0.0.1', family: 4 }]],
  [[{ address: '::1', family: 6 }, ok]],
  [[]],
])('a name that leads inside is refused for good, before anything is sent: %j', async (addresses) => {
  const { requests, post } = network(addresses, () => answering(200));
  await expect(post(target, letter)).rejects.toMatchObject({ reason: 'WebhookAddressInternal' });
  expect(requests).toEqual([]);
});

it('an address that could not be subscribed is refused also when it is stored', async () => {
  const { post } = network([ok], () => answering(200));
  await expect(post('https://10.0.0.1/', letter)).rejects.toMatchObject({ reason: 'WebhookAddressNotAllowed' });
});

it('redirects are answers and not followed', async () => {
  const { requests, post } = network([ok], () => answering(302));
  expect(await post(target, letter)).toBe(302);
  expect(requests).toHaveLength(1);
});

it('an answer without an end is cut off', async () => {
  const { post } = network([ok], () => {
    const answer = answering(200, null);
    answer.write(Buffer.alloc(70 * 1024));
    return answer;
  });
  expect(await post(target, letter)).toBe(200);
});

it('silence ends in time', async () => {
  const { post } = network([ok]);
  await expect(post(target, letter)).rejects.toMatchObject({ name: 'WebhookTimeout' });
});

it('a name that is not found is trouble that may pass', async () => {
  const { post } = network(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
  await expect(post(target, letter)).rejects.toThrow('ENOTFOUND');
});
