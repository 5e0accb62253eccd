import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, send } from '../running-desk.ts';
import { Chance } from './seeded.ts';

/** A write that was asked for, and what became of it. Its marker is a text that nothing else contains. */
export interface Effect {
  readonly kind: 'create' | 'reply' | 'status' | 'patch';
  readonly marker: string;
  readonly ticketId: string | null;
  readonly status: number;
  /** The version that a good answer named. */
  readonly version: number | null;
  /** Requests that got no answer before the one that did. */
  readonly unanswered: number;
}

interface Known {
  readonly id: string;
  version: number;
}

export const priorities = ['critical', 'high', 'normal', 'low'] as const;
const statuses = ['open', 'waiting_customer', 'waiting_vendor', 'waiting_internal', 'resolved'] as const;
const giveUpMs = 240_000;

/** Several clients at once that write tickets, and repeat what got no answer with the same Idempotency-Key until it has one. */
export class Load {
  readonly effects: Effect[] = [];
  readonly counts = { requests: 0, good: 0, refused: 0, unanswered: 0, serverErrors: 0 };
  readonly serverErrors: string[] = [];
  readonly #chance: Chance;
  readonly #tickets: Known[] = [];
  #url: string | null = null;
  #tokens: Readonly<Record<string, string>> = {};
  #customers: readonly string[] = [];
  #markers = 0;
  #inFlight = 0;
  #finished = false;
  #workers: Promise<void>[] = [];

  constructor(seed: number) {
    this.#chance = new Chance(seed);
  }

  start(workers: number, customers: readonly string[]): void {
    this.#customers = customers;
    this.#workers = Array.from({ length: workers }, () => this.#work());
  }

  /** The desk serves here. */
  resume(url: string, tokens: Readonly<Record<string, string>>): void {
    this.#tokens = tokens;
    this.#url = url;
  }

  /** No new request is sent until `resume`. */
  hold(): void {
    this.#url = null;
  }

  /** Waits for the next good answer, for so many ms at most. */
  async answered(patienceMs: number): Promise<void> {
    const before = this.counts.good;
    for (const deadline = Date.now() + patienceMs; this.counts.good === before && Date.now() < deadline; )
      await pause(2);
  }

  /** Waits until no request is under way. */
  async quiet(): Promise<void> {
    for (const deadline = Date.now() + 30_000; this.#inFlight > 0 && Date.now() < deadline; ) await pause(2);
  }

  /** Everything that was begun gets its answer; then the clients end. */
  async finish(): Promise<void> {
    this.#finished = true;
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    while (!this.#finished) {
      const dice = this.#chance.next();
      const ticket = this.#tickets.length === 0 ? null : this.#chance.pick(this.#tickets.slice(-60));
      if (ticket === null || dice < 0.35) await this.#create();
      else if (dice < 0.7) await this.#reply(ticket);
      else if (dice < 0.85) await this.#setStatus(ticket);
      else await this.#patch(ticket);
    }
  }

  #marker(kind: string): string {
    this.#markers += 1;
    return `${kind}-${this.#markers}.`;
  }

  async #create(): Promise<void> {
    const marker = this.#marker('create');
    const body = {
      customerId: this.#chance.pick(this.#customers),
      requester: { name: 'Ada', email: `ada${Math.floor(this.#chance.next() * 5)}@acme.example` },
      subject: 'Checkout answers 502',
      description: marker,
      priority: this.#chance.pick(priorities),
      channel: 'api',
    };
    const answer = await this.#answered('create', null, marker, 'agent', '/v1/tickets', {
      body,
      headers: { 'idempotency-key': marker },
    });
    if (answer.status === 201) this.#tickets.push({ id: answer.body.id, version: answer.body.version });
  }

  async #reply(ticket: Known): Promise<void> {
    const marker = this.#marker('reply');
    const visibility = this.#chance.next() < 0.3 ? 'public' : 'internal';
    const body = { body: marker, visibility, channel: 'email' };
    const answer = await this.#answered('reply', ticket, marker, 'agent', `/v1/tickets/${ticket.id}/replies`, {
      body,
      headers: { 'idempotency-key': marker },
    });
    this.#learn(ticket, answer);
  }

  async #setStatus(ticket: Known): Promise<void> {
    const marker = this.#marker('status');
    const body = { status: this.#chance.pick(statuses), reason: marker };
    const answer = await this.#answered('status', ticket, marker, 'lead', `/v1/tickets/${ticket.id}/status`, {
      body,
      headers: { 'idempotency-key': marker },
    });
    this.#learn(ticket, answer);
  }

  /** With If-Match: the version last heard of, which another client may have changed since (412). */
  async #patch(ticket: Known): Promise<void> {
    const marker = this.#marker('patch');
    const body = { subject: marker, ...(this.#chance.next() < 0.3 ? { priority: this.#chance.pick(priorities) } : {}) };
    const answer = await this.#answered('patch', ticket, marker, 'lead', `/v1/tickets/${ticket.id}`, {
      method: 'PATCH',
      body,
      headers: { 'if-match': `"${ticket.version}"` },
    });
    this.#learn(ticket, answer);
    if (answer.status === 412) {
      const read = await this.#request('agent', `/v1/tickets/${ticket.id}`, {});
      if (read?.status === 200) ticket.version = read.body.version;
    }
  }

  #learn(ticket: Known, answer: Answer): void {
    if (answer.status < 300) ticket.version = Math.max(ticket.version, answer.body.version);
  }

  async #answered(
    kind: Effect['kind'],
    ticket: Known | null,
    marker: string,
    person: string,
    path: string,
    options: Parameters<typeof send>[3],
  ): Promise<Answer> {
    for (let unanswered = 0, deadline = Date.now() + giveUpMs; Date.now() < deadline; unanswered += 1) {
      const answer = await this.#request(person, path, options);
      if (answer === null) continue;
      const good = answer.status < 300;
      this.counts[good ? 'good' : 'refused'] += 1;
      const ticketId = ticket?.id ?? (good ? answer.body.id : null);
      this.effects.push({
        kind,
        marker,
        ticketId,
        status: answer.status,
        version: good ? answer.body.version : null,
        unanswered,
      });
      return answer;
    }
    throw new Error(`${path} got no answer within ${giveUpMs / 1000} s`);
  }

  /** Null when there was no answer, or one that says nothing (5xx). */
  async #request(person: string, path: string, options: Parameters<typeof send>[3]): Promise<Answer | null> {
    for (const deadline = Date.now() + giveUpMs; this.#url === null; ) {
      if (Date.now() > deadline) throw new Error('the desk did not come back');
      await pause(5);
    }
    this.counts.requests += 1;
    this.#inFlight += 1;
    try {
      const answer = await send(this.#url, this.#tokens[person] ?? null, path, options);
      if (answer.status < 500) return answer;
      this.counts.serverErrors += 1;
      this.serverErrors.push(`${path} ${answer.status} ${JSON.stringify(answer.body)}`);
    } catch {
      this.counts.unanswered += 1;
    } finally {
      this.#inFlight -= 1;
    }
    await pause(20);
    return null;
  }
}
