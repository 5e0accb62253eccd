import dns from 'node:dns';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { outsideUrlHeader } from '../services/outside/outside-url.ts';

/** An address of documentation (RFC 5737): no network has it, so that nothing is reached even if something were sent. */
const nowhere = { address: '203.0.113.7', family: 4 };

type Answered = (answer: IncomingMessage) => void;

/** Names that stay on this machine. */
const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1';

const pathOf = ({ path }: RequestOptions): string => path ?? '/';
const hostOf = ({ hostname, host }: RequestOptions): string => hostname ?? host ?? '';

/**
 * Gives a worker a network in which the internet is the desk's own outbox: every name is found, and every HTTPS request goes
 * to the loopback address of the services, with the address that it was for in a header. Installed before the bundle loads,
 * which knows nothing of it. The services themselves are plain HTTP and not touched.
 */
export const installWorkerNetwork = (services: string, accessKeyId: string): void => {
  const { hostname, port } = new URL(services);
  const send = (options: RequestOptions, answered?: Answered): ClientRequest =>
    http.request(
      {
        hostname,
        port,
        method: options.method ?? 'GET',
        path: '/',
        agent: false,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        headers: {
          ...options.headers,
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/0/local/outside/aws4_request`,
          [outsideUrlHeader]: `https://${hostOf(options)}${pathOf(options)}`,
        },
      },
      answered,
    );
  Reflect.set(https, 'request', send);
  const lookup = dns.lookup.bind(dns);
  Reflect.set(dns, 'lookup', (host: string, ...rest: unknown[]) => {
    const callback = rest.at(-1);
    const [options] = rest;
    if (typeof callback !== 'function') throw new TypeError('dns.lookup without a callback');
    if (isLoopback(host)) return Reflect.apply(lookup, dns, [host, ...rest]);
    const all = typeof options === 'object' && options !== null && Reflect.get(options, 'all') === true;
    setImmediate(() =>
      Reflect.apply(callback, null, all ? [null, [nowhere]] : [null, nowhere.address, nowhere.family]),
    );
  });
  syncBuiltinESMExports();
};
