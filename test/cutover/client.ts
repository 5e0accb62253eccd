import { createHash } from 'node:crypto';
import type { DisasterDesk } from './disaster-desk.ts';
import type { Answer, Json } from '../local/e2e/running-desk.ts';

/** A write that an outside client has made, with all that it needs to make it again. */
export interface Write {
  readonly path: string;
  readonly body: object;
  readonly key: string;
  readonly person: string;
  readonly answer: Answer;
}

/** A client that knows the API alone, gives each write an Idempotency-Key, and keeps what it was answered. */
export class Client {
  readonly #desk: DisasterDesk;

  constructor(desk: DisasterDesk) {
    this.#desk = desk;
  }

  async write(path: string, body: object, name: string, person = 'agent'): Promise<Write> {
    const key = createHash('sha256').update(name).digest('hex').slice(0, 32);
    const answer = await this.#desk.as(person, path, { body, headers: { 'idempotency-key': key } });
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return { path, body, key, person, answer };
  }

  /** The same request again, with the same key. */
  repeat({ path, body, key, person }: Write): Promise<Answer> {
    return this.#desk.as(person, path, { body, headers: { 'idempotency-key': key } });
  }

  async ticket(name: string, fields: object = {}): Promise<Write> {
    const { items } = await this.#desk.ask('/v1/customers?limit=100');
    const customerId = items.find((customer: Json) => customer.name === 'acme').id;
    const requester = { name: 'Ada', email: 'ada@acme.example' };
    const body = { customerId, requester, subject: name, priority: 'high', channel: 'email', ...fields };
    return this.write('/v1/tickets', body, name);
  }

  reply(to: Write, name: string): Promise<Write> {
    return this.write(`/v1/tickets/${to.answer.body.id}/replies`, { body: name, visibility: 'public' }, name);
  }
}
