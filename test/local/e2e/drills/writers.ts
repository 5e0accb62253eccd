import { eventually, type Json, send } from '../running-desk.ts';

/** A write that the desk has acknowledged, with the client's own instants around it. */
export interface Acknowledged {
  readonly ticketId: string;
  readonly what: 'ticket' | 'reply' | 'status';
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

/** Clients that open tickets, reply and change statuses without pause, over HTTP and with nothing else. */
export class Writers {
  readonly acknowledged: Acknowledged[] = [];
  readonly #url: string;
  readonly #tokens: Readonly<Record<string, string>>;
  #running: readonly Promise<void>[] = [];
  #going = false;

  constructor(url: string, tokens: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#tokens = tokens;
  }

  /** Begins to write; resolves once each client has had an answer. */
  async start(customerId: string, clients = 2): Promise<void> {
    this.#going = true;
    const before = this.acknowledged.length;
    this.#running = Array.from({ length: clients }, async (_none, client) => {
      while (this.#going) await this.story(customerId, client);
    });
    await eventually('the writers write', 20, async () => (this.acknowledged.length >= before + clients ? true : null));
  }

  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#running);
  }

  /** One ticket, two replies, one change of its status: four writes. */
  async story(customerId: string, client: number): Promise<void> {
    const requester = { name: 'Ada', email: `ada${client}@acme.example` };
    const fields = { customerId, requester, subject: 'Checkout answers 502', priority: 'high', channel: 'email' };
    const ticketId = (await this.#write('ticket', '/v1/tickets', fields, null)).id;
    const reply = { visibility: 'public', channel: 'email' };
    await this.#write('reply', `/v1/tickets/${ticketId}/replies`, { ...reply, body: 'We look at it.' }, ticketId);
    const change = { status: 'waiting_customer' };
    await this.#write('status', `/v1/tickets/${ticketId}/status`, change, ticketId);
    await this.#write('reply', `/v1/tickets/${ticketId}/replies`, { ...reply, body: 'Is it better now?' }, ticketId);
  }

  /** Every event of a ticket, page by page. */
  async timeline(ticketId: string): Promise<readonly Json[]> {
    const items: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = `?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { body } = await send(this.#url, this.#tokens['agent'] ?? null, `/v1/tickets/${ticketId}/timeline${query}`);
      items.push(...body.items);
      cursor = body.nextCursor;
    }
    return items;
  }

  /** The keys, in the table of tickets, of all events of the tickets of these writers, with when they were recorded. */
  async events(): Promise<ReadonlyMap<string, string>> {
    const events = new Map<string, string>();
    const ids = [...new Set(this.acknowledged.map(({ ticketId }) => ticketId))];
    for (const id of ids)
      for (const { version, recordedAt } of await this.timeline(id))
        events.set(`TKT#${id} EV#${String(version).padStart(8, '0')}`, recordedAt);
    return events;
  }

  async #write(what: Acknowledged['what'], path: string, body: object, ticketId: string | null): Promise<Json> {
    const sentAt = Date.now();
    const answer = await send(this.#url, this.#tokens['agent'] ?? null, path, { body });
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    this.acknowledged.push({ what, ticketId: ticketId ?? answer.body.id, sentAt, acknowledgedAt: Date.now() });
    return answer.body;
  }
}
