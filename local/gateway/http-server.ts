import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type GatewayAnswer, type GatewayRequest, ownAnswer } from './exchange.ts';
import { longestBody } from './gateway.ts';

/** The body was longer than the gateway takes. */
class TooLarge extends Error {}

/** The port cannot be had. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

const headersOf = (message: IncomingMessage): Record<string, string> => {
  const joined: Record<string, string> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (values !== undefined) joined[name] = values.join(name === 'cookie' ? '; ' : ',');
  }
  return joined;
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length > longestBody) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const requestOf = async (message: IncomingMessage): Promise<GatewayRequest> => {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: headersOf(message),
    body: await bodyOf(message),
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
  };
};

const send = (response: ServerResponse, answer: GatewayAnswer): void => {
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name !== 'content-length' && name !== 'transfer-encoding') response.setHeader(name, value);
  }
  if (answer.cookies.length > 0) response.setHeader('set-cookie', [...answer.cookies]);
  response.statusCode = answer.status;
  response.end(answer.body);
};

/** Serves on the loopback address until stopped. */
export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

const stopServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });

/** Listens on 127.0.0.1. @throws PortError when the port is taken or not allowed. */
export const serve = async (
  port: number,
  answer: (request: GatewayRequest) => Promise<GatewayAnswer>,
): Promise<HttpServer> => {
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      send(response, await answer(await requestOf(message)));
    } catch (error) {
      if (response.headersSent) return;
      const large = error instanceof TooLarge;
      if (!large && !message.destroyed) console.error(error);
      response.setHeader('connection', 'close');
      send(response, large ? ownAnswer(413, 'Request Entity Too Large') : ownAnswer(500, 'Internal Server Error'));
    }
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => void handle(message, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      reject(
        new PortError(
          taken ? `Port ${port} is in use. Choose another with --port, or --port 0 for any free one.` : error.message,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: () => stopServer(server),
  };
};
