import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ConnectionLost, ServiceError } from '../service-error.ts';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { Callers } from '../permissions/callers.ts';
import type { Service } from './service-call.ts';

/** The largest request that any of the services takes (BatchWriteItem, 16 MB). */
const maximumBody = 16 * 1024 * 1024;

export interface EndpointOptions {
  readonly database: Service;
  readonly queues: Service;
  readonly topics: Service;
  readonly objects: Service;
  readonly functions: Service;
  readonly backups: Service;
  readonly parameters: Service;
  /** What is not AWS: servers on the internet. */
  readonly outside: Service;
  readonly callers: Callers;
  readonly clock: VirtualClock;
  readonly log: (message: string) => void;
}

/** The one loopback address behind which all services answer. */
export interface Endpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Listens on a free loopback port. A call finds its service by `X-Amz-Target` (AWS JSON), by being a form (AWS query, SNS) or by
 * what it is signed for (REST), and its caller by the access key of its signature; the signature itself is not checked.
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.log(`services: ${error instanceof Error ? error.stack : String(error)}`);
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, stop: () => stop(server) };
}

async function answer(options: EndpointOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  // The SDK takes an answer from another time for a skewed clock of its own, and repeats every error.
  response.setHeader('date', new Date(options.clock.now()).toUTCString());
  const body = await readBody(request);
  if (body === null) return;
  const route = routeOf(options, request, body);
  if (route === null) {
    const text = JSON.stringify({
      __type: 'UnknownOperationException',
      message: 'The local desk does not answer this service',
    });
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId }).end(text);
    return;
  }
  const { service, operation } = route;
  const caller = options.callers.find(request.headers.authorization);
  if (caller === null) {
    const { code, status } = service.unknownCaller;
    service.fail(response, requestId, code, 'The security token included in the request is invalid.', status, {});
    return;
  }
  try {
    const { method = '', url: target = '' } = request;
    await service.handle({ operation, method, target, headers: request.headers, body, caller, requestId, response });
  } catch (error) {
    if (error instanceof ConnectionLost || response.headersSent) {
      request.socket.destroy();
    } else if (error instanceof ServiceError) {
      if (/AccessDenied|AuthorizationError/.test(error.code)) options.log(`denied ${caller.name}: ${error.message}`);
      service.fail(response, requestId, error.code, error.message, error.status, error.details);
    } else {
      options.log(`services: ${operation}: ${error instanceof Error ? error.stack : String(error)}`);
      service.fail(response, requestId, 'InternalError', 'The local service failed; its log says why', 500, {});
    }
  }
}

function routeOf(
  options: EndpointOptions,
  request: IncomingMessage,
  body: Buffer,
): { service: Service; operation: string } | null {
  const { method = '', url = '' } = request;
  // REST protocols name their call by method and path; the signature's scope says whose it is.
  const signedFor = /Credential=[^/,\s]+\/\d+\/[^/,\s]+\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? '')?.[1];
  if (signedFor === 's3') return { service: options.objects, operation: `${method} ${url.split('?')[0]}` };
  if (signedFor === 'lambda') return { service: options.functions, operation: `${method} ${url.split('?')[0]}` };
  if (signedFor === 'backup') return { service: options.backups, operation: `${method} ${url.split('?')[0]}` };
  if (signedFor === 'outside') return { service: options.outside, operation: method };
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix, operation] = target.split('.', 2);
    if (operation === undefined) return null;
    if (prefix === 'DynamoDB_20120810') return { service: options.database, operation };
    if (prefix === 'AmazonSSM') return { service: options.parameters, operation };
    return prefix === 'AmazonSQS' ? { service: options.queues, operation } : null;
  }
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return null;
  const operation = /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1];
  return operation === undefined ? null : { service: options.topics, operation };
}

/** The whole body, or null when the connection broke or the body is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      if (!(chunk instanceof Buffer)) return null;
      size += chunk.length;
      if (size > maximumBody) {
        request.socket.destroy();
        return null;
      }
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the services endpoint has no port');
  return address.port;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
