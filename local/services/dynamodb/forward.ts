import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { ServiceError } from '../service-error.ts';

/** Sends requests to the engine byte for byte over kept connections. */
export class EngineConnection {
  readonly #url: URL;
  #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(endpoint: string) {
    this.#url = new URL(endpoint);
  }

  /** The engine's answer, its body not read yet. The write is committed when this resolves with a 2xx. */
  forward(body: Buffer, headers: IncomingHttpHeaders): Promise<IncomingMessage> {
    const { connection: _, 'transfer-encoding': __, ...kept } = headers;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        this.#url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: { ...kept, host: this.#url.host, 'content-length': body.length },
        },
        resolve,
      );
      // The SDK tries an InternalServerError again; so does it on AWS when a write's fate is not known.
      outgoing.once('error', (error) =>
        reject(new ServiceError('InternalServerError', `database engine: ${error.message}`, 500)),
      );
      outgoing.end(body);
    });
  }

  /** Drops the kept connections, before the engine restarts. */
  close(): void {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }
}

/** What belongs to the engine's connection, and the wall time that it answers at. */
const notRelayed = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** Hands the engine's answer on as it is, checksum header included; whole, so that it leaves in one write. */
export function relay(incoming: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !notRelayed.has(name)) response.setHeader(name, value);
  }
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.once('end', () => {
    const body = Buffer.concat(chunks);
    response.setHeader('content-length', body.length);
    response.writeHead(incoming.statusCode ?? 500);
    response.end(body);
  });
  incoming.once('error', () => response.destroy());
}
