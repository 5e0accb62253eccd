import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type * as z from 'zod';
import { RehearsalError } from './emulator.ts';

/**
 * The deployed HTTP API. An emulator serves it at its own address and tells APIs apart by the Host header that AWS would
 * see, `<api>.execute-api...`; fetch does not let one set it.
 */
export class DeployedApi {
  readonly #emulator: URL;
  readonly #host: string;

  constructor(emulator: URL, apiId: string) {
    this.#emulator = emulator;
    this.#host = `${apiId}.execute-api.localhost:${emulator.port}`;
  }

  /** The JSON of a good answer. @throws RehearsalError for any other, with what it said. */
  async get<Schema extends z.ZodType>(token: string | null, path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#json('GET', path, token, undefined));
  }

  async post<Schema extends z.ZodType>(
    token: string,
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return schema.parse(await this.#json('POST', path, token, body));
  }

  /** Status of an answer, whatever it is. */
  async status(token: string | null, path: string): Promise<number> {
    return (await this.#call('GET', path, token, undefined)).status;
  }

  async #json(method: string, path: string, token: string | null, body: unknown): Promise<unknown> {
    const answer = await this.#call(method, path, token, body);
    if (answer.status >= 300) throw new RehearsalError(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text);
  }

  #call(method: string, path: string, token: string | null, body: unknown): Promise<{ status: number; text: string }> {
    const payload = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = httpRequest(new URL(path, this.#emulator), {
        method,
        headers: {
          host: this.#host,
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      });
      call.on('error', reject);
      call.on('response', (response) => {
        text(response).then((read) => resolve({ status: response.statusCode ?? 0, text: read }), reject);
      });
      call.end(payload);
    });
  }
}
