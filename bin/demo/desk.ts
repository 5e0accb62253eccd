import * as z from 'zod';

/** A caller of a running local desk: one person's token, JSON in and out. */
export class Desk {
  readonly url: string;
  readonly #tokens: Readonly<Record<string, string>>;

  constructor(url: string, tokens: Readonly<Record<string, string>>) {
    this.url = url;
    this.#tokens = tokens;
  }

  static async at(url: string): Promise<Desk> {
    const answer = await fetch(`${url}/_local/tokens`);
    return new Desk(url, z.record(z.string(), z.string()).parse(await answer.json()));
  }

  async get<Schema extends z.ZodType>(as: string, path: string, schema: Schema): Promise<z.output<Schema>> {
    return schema.parse(await this.#call(as, 'GET', path, undefined));
  }

  async post<Schema extends z.ZodType>(
    as: string,
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return schema.parse(await this.#call(as, 'POST', path, body));
  }

  async patch(as: string, path: string, body: unknown): Promise<void> {
    await this.#call(as, 'PATCH', path, body);
  }

  /** What is no JSON. */
  async text(as: string, path: string): Promise<string> {
    return (await this.#answer(as, 'GET', path, undefined)).text();
  }

  /** The desk's time. */
  async now(): Promise<string> {
    return (await this.get('admin', '/_local/clock', z.object({ now: z.string() }))).now;
  }

  /** Moves virtual time and waits until the desk has done all there was to do. */
  async advance(duration: string): Promise<string> {
    const answer = await fetch(`${this.url}/_local/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance: duration }),
    });
    return z.object({ now: z.string() }).parse(await answer.json()).now;
  }

  async #call(as: string, method: string, path: string, body: unknown): Promise<unknown> {
    const answer = await this.#answer(as, method, path, body);
    return answer.json();
  }

  async #answer(as: string, method: string, path: string, body: unknown): Promise<Response> {
    const token = this.#tokens[as];
    if (token === undefined) throw new Error(`the desk has no token for ${as}`);
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
