import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentTicket {
  externalId: string;
  [field: string]: unknown;
}

export interface Call {
  method: string;
  path: string;
  key: string | undefined;
  authorization: string | undefined;
  tickets: SentTicket[];
}

type Script = (call: Call, response: ServerResponse) => boolean | Promise<boolean>;

/** A desk small enough to be read in a minute: it keeps what is imported by external id and records every call. */
export class FakeDesk {
  calls: Call[] = [];
  tickets = new Map<string, { id: string; content: string }>();
  /** Answers a call itself (true) or lets the desk answer. */
  script: Script = () => false;
  url = '';
  tokens = { integration: 'integration-token' };
  #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get imports(): Call[] {
    return this.calls.filter((call) => call.path === '/v1/tickets/import');
  }

  /** Every ticket that was ever sent, in the order of sending. */
  get sent(): SentTicket[] {
    return this.imports.flatMap((call) => call.tickets);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const call: Call = {
      method: request.method ?? '',
      path: request.url ?? '',
      key: request.headers['idempotency-key'] as string | undefined,
      authorization: request.headers.authorization,
      tickets: text === '' ? [] : JSON.parse(text).tickets,
    };
    this.calls.push(call);
    if (await this.script(call, response)) return;
    json(response, ...this.#answer(call));
  }

  #answer(call: Call): [status: number, body: unknown] {
    if (call.path === '/_local/tokens') return [200, this.tokens];
    if (call.authorization !== `Bearer ${this.tokens.integration}`) return [401, { message: 'Unauthorized' }];
    const id = /^\/v1\/tickets\/(tkt_\w+)$/.exec(call.path)?.[1];
    if (id !== undefined) return [[...this.tickets.values()].some((ticket) => ticket.id === id) ? 200 : 404, {}];
    if (call.path !== '/v1/tickets/import') return [404, {}];
    return [200, { results: call.tickets.map((ticket) => this.#keep(ticket)) }];
  }

  #keep(ticket: SentTicket): unknown {
    const { externalId } = ticket;
    const content = JSON.stringify(ticket);
    const known = this.tickets.get(externalId);
    if (known === undefined) {
      const ticketId = `tkt_${this.tickets.size + 1}`;
      this.tickets.set(externalId, { id: ticketId, content });
      return { externalId, outcome: 'created', ticketId, errors: [] };
    }
    return known.content === content
      ? { externalId, outcome: 'unchanged', ticketId: known.id, errors: [] }
      : { externalId, outcome: 'rejected', ticketId: known.id, errors: ['other content'] };
  }
}

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};
