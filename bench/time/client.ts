import { Agent, request } from 'node:http';
import * as z from 'zod';

/** The desk refused what the bench asked for. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** A client of a running desk, with kept connections: what it costs must not hide what the desk costs. */
export class DeskClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #url: URL;
  #token = '';

  constructor(url: string) {
    this.#url = new URL(url);
  }

  async signIn(name: string): Promise<void> {
    this.#token = z.record(z.string(), z.string()).parse(await this.call('GET', '/_local/tokens'))[name] ?? '';
  }

  /** @throws Refused for any answer but 2xx. */
  call(method: string, path: string, body?: unknown): Promise<unknown> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: this.#url.hostname,
          port: this.#url.port,
          method,
          path,
          headers: {
            ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
            ...(payload === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const status = answer.statusCode ?? 500;
            if (status < 300) resolve(text === '' ? null : JSON.parse(text));
            else reject(new Refused(`${method} ${path}: ${status} ${text}`));
          });
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  async create(path: string, body: unknown): Promise<string> {
    return z.object({ id: z.string() }).parse(await this.call('POST', path, body)).id;
  }

  /** Moves virtual time, and waits until nothing is left to do. */
  async advance(duration: string): Promise<void> {
    await this.call('POST', '/_local/clock', { advance: duration });
  }

  close(): void {
    this.#agent.destroy();
  }
}
