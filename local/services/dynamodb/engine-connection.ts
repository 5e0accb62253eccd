import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { ServiceError } from '../service-error.ts';
import type { Engine, EngineAnswer, EngineRequest } from './engine.ts';

/** Sends requests to the engine byte for byte over kept connections. */
export class EngineConnection implements Engine {
  readonly #url: URL;
  #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(endpoint: string) {
    this.#url = new URL(endpoint);
  }

  async answer({ body, headers }: EngineRequest): Promise<EngineAnswer> {
    try {
      const incoming = await this.#send(body, headers);
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) if (chunk instanceof Buffer) chunks.push(chunk);
      return { status: incoming.statusCode ?? 500, headers: incoming.headers, body: Buffer.concat(chunks) };
    } catch (error) {
      // The SDK tries an InternalServerError again; so does it on AWS when a write's fate is not known.
      const reason = error instanceof Error ? error.message : String(error);
      throw new ServiceError('InternalServerError', `database engine: ${reason}`, 500);
    }
  }

  #send(body: Buffer, headers: IncomingHttpHeaders): Promise<IncomingMessage> {
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
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** Drops the kept connections, before the engine restarts. */
  close(): void {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }
}
