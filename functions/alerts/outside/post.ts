import { lookup } from 'node:dns';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { DeliveryRefused } from '../use-cases/publisher.ts';
import { isPublicAddress } from './internal-addresses.ts';
import { hostOf, targetProblem } from './target.ts';

/** What is sent to somebody's address, and what their server says to it. */
export type Post = (
  target: string,
  letter: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
) => Promise<number>;

/** What it is sent by: Node's own, and in tests something that stands for the internet. */
export interface Network {
  readonly lookup: typeof lookup;
  readonly request: (options: RequestOptions, answered: (answer: IncomingMessage) => void) => ClientRequest;
  /** For everything together: name, connection, answer. */
  readonly timeoutMs: number;
}

/** Nobody reads the answer; a server that talks on is cut off. */
const answerBytes = 64 * 1024;

/** It took longer than what all of it may take. */
class WebhookTimeout extends Error {
  override readonly name = 'WebhookTimeout';
}

interface Address {
  readonly address: string;
  readonly family: number;
}

const resolved = (network: Network, host: string): Promise<readonly Address[]> =>
  new Promise((resolve, reject) => {
    network.lookup(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/**
 * The address of a host, when every address that its name has is one of the public internet.
 * @throws DeliveryRefused otherwise.
 */
const addressOf = async (network: Network, host: string): Promise<Address> => {
  const addresses = await resolved(network, host);
  const [first] = addresses;
  if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new DeliveryRefused('WebhookAddressInternal');
  }
  return first;
};

/** Answers the address that was checked, whatever the name leads to by now. */
const pinned =
  ({ address, family }: Address): LookupFunction =>
  (_host, { all }, callback) =>
    all === true ? callback(null, [{ address, family }]) : callback(null, address, family);

/** Reads the answer to its end, or to where nobody wants more of it. */
const statusOf = (answer: IncomingMessage): Promise<number> =>
  new Promise((resolve, reject) => {
    let bytes = 0;
    const done = (): void => resolve(answer.statusCode ?? 0);
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= answerBytes) return;
      answer.destroy();
      done();
    });
    answer.once('end', done);
    answer.once('error', reject);
  });

/**
 * Posts to an address of the internet and to no other: by HTTPS, to port 443, to an address that was looked up here and checked,
 * and that the connection is pinned to. Redirects are not followed. @throws DeliveryRefused for an address that is not public;
 * what Node says when the network fails; WebhookTimeout.
 */
export const postBy =
  (network: Network): Post =>
  async (target, { headers, body }) => {
    if (targetProblem(target) !== null) throw new DeliveryRefused('WebhookAddressNotAllowed');
    const url = new URL(target);
    const host = hostOf(url);
    const ended = new AbortController();
    const late = new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => reject(new WebhookTimeout('no answer in time')), network.timeoutMs);
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    const sent = async (): Promise<number> => {
      const address = await addressOf(network, host);
      ended.signal.throwIfAborted();
      return statusOf(await answerTo(network, url, { host, address, headers, body, signal: ended.signal }));
    };
    try {
      return await Promise.race([sent(), late]);
    } finally {
      ended.abort();
    }
  };

export const postOutside: Post = postBy({ lookup, request, timeoutMs: 5_000 });

const answerTo = (
  network: Network,
  url: URL,
  how: {
    readonly host: string;
    readonly address: Address;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly signal: AbortSignal;
  },
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const outgoing = network.request(
      {
        method: 'POST',
        host: how.host,
        servername: how.host,
        port: 443,
        path: `${url.pathname}${url.search}`,
        headers: { ...how.headers, 'content-length': String(Buffer.byteLength(how.body)) },
        lookup: pinned(how.address),
        signal: how.signal,
        // A connection of its own: none that leads to an address of before is used again.
        agent: false,
      },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(how.body);
  });
