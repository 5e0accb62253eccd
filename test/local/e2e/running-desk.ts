import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { type Desk, startDesk } from '../../../local/desk.ts';
import { defaultSeed } from '../../../local/strict.ts';
import { projectDir } from './assembly-copy.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- the tests read what they know to be there
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface OutboxItem {
  readonly seq: number;
  readonly deliveredAt: string;
  readonly kind: string;
  readonly to: string;
  readonly alertId: string | null;
  readonly ticketId: string | null;
  readonly attributes?: Readonly<Record<string, string>>;
}

const requestTimeoutMs = 600_000;
/** Desks run strictly; DESK_SEED=7 tries other chances. */
const seed = Number(process.env['DESK_SEED'] ?? defaultSeed);

/** A request to a desk as a client sends it; `as` names the person whose token it carries. */
export const send = async (
  url: string,
  token: string | null,
  path: string,
  options: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const { body, headers } = options;
  const response = await fetch(`${url}${path}`, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : isJson ? JSON.parse(text) : text,
  };
};

/** How much slower than the desk of whoever wrote a test a machine may be. */
const patience = 5;

/** Asks again until the answer is there, for about `seconds` of wall time, on a slow machine longer. */
export const eventually = async <T>(what: string, seconds: number, ask: () => Promise<T | null>): Promise<T> => {
  for (const deadline = performance.now() + patience * seconds * 1000; performance.now() < deadline; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    await pause(50);
  }
  throw new Error(`${what}: not within ${seconds} s`);
};

const running = new Set<RunningDesk>();

/** Stops whatever a test left running; a failed one would keep jest from ending. */
export const stopDesks = async (): Promise<void> => {
  for (const desk of running) await desk.stop();
};

/** A desk of this process, with shorthands for what the tests ask of it. Its data folder goes with it. */
export class RunningDesk {
  readonly desk: Desk;
  readonly tokens: Readonly<Record<string, string>>;
  readonly #dataDir: string;

  private constructor(desk: Desk, tokens: Readonly<Record<string, string>>, dataDir: string) {
    this.desk = desk;
    this.tokens = tokens;
    this.#dataDir = dataDir;
  }

  /** A strict one unless it is told otherwise: `comfortable` is for what takes a strict desk too long. */
  static async start(
    assemblyDir: string,
    startAt: number | null = null,
    profile: 'strict' | 'comfortable' = 'strict',
  ): Promise<RunningDesk> {
    const dataDir = mkdtempSync(join(tmpdir(), 'desk-e2e-'));
    const desk = await startDesk({
      port: 0,
      dataDir,
      startAt,
      assemblyDir,
      projectDir,
      strict: profile === 'strict' ? { seed } : null,
      verbose: false,
    });
    const started = new RunningDesk(desk, await desk.tokens(), dataDir);
    running.add(started);
    return started;
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.desk.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  as(person: string, path: string, options: Parameters<typeof send>[3] = {}): Promise<Answer> {
    return send(this.desk.url, this.tokens[person] ?? null, path, options);
  }

  /** The body of an answer that must be a good one. */
  async ask(path: string, body?: unknown, person = 'admin'): Promise<Json> {
    const answer = await this.as(person, path, { body });
    if (answer.status >= 300) {
      const said = `${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`;
      throw new Error([said, ...this.#logged(answer.body?.requestId)].join('\n'));
    }
    return answer.body;
  }

  /** What the functions printed about a request. */
  #logged(requestId: string | undefined): readonly string[] {
    if (requestId === undefined) return [];
    const folder = join(this.#dataDir, 'logs');
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    return lines.filter((line) => line.includes(requestId));
  }

  async customer(name = 'acme'): Promise<string> {
    const { items } = await this.ask('/v1/customers?limit=100');
    return items.find((customer: { name: string }) => customer.name === name).id;
  }

  async ticket(fields: object = {}): Promise<Json> {
    const customerId = await this.customer();
    const requester = { name: 'Ada', email: 'ada@acme.example' };
    return this.ask(
      '/v1/tickets',
      { customerId, requester, subject: 'Checkout answers 502', priority: 'high', channel: 'email', ...fields },
      'agent',
    );
  }

  /** A ticket of another desk that came 57 minutes ago and that nobody has answered: its first promise breaks in three. */
  async soonOverdue(priority = 'low'): Promise<{ readonly id: string; readonly due: number }> {
    const createdAt = new Date((await this.now()) - 57 * 60_000).toISOString();
    const ticket = { ...oldTicket(`INC-${randomUUID()}`, []), priority, createdAt };
    const { results } = await this.ask('/v1/tickets/import', { tickets: [ticket] }, 'integration');
    const id = results[0].ticketId;
    return { id, due: await firstResponseDue(this, id) };
  }

  /** Moves virtual time to an instant; the desk must come to rest on the way. */
  async timeTo(at: number): Promise<void> {
    const { idle, waitingFor } = await this.ask('/_local/clock', { set: new Date(at).toISOString() });
    if (!idle) throw new Error(`the desk did not come to rest: ${waitingFor}`);
  }

  async now(): Promise<number> {
    return Date.parse((await this.ask('/_local/clock')).now);
  }

  async outbox(): Promise<readonly OutboxItem[]> {
    return (await this.ask('/_local/outbox')).items;
  }

  fault(target: string, fault: string, count: number): Promise<{ id: string }> {
    return this.ask('/_local/faults', { target, fault, count });
  }

  async applied(): Promise<Readonly<Record<string, number>>> {
    const { items } = await this.ask('/_local/faults');
    return Object.fromEntries(items.map((one: Json) => [`${one.target} ${one.fault}`, one.applied]));
  }

  /** The tables that there are, by the file of the database, past everything that stands in front of it. */
  tables(): readonly string[] {
    const file = new DatabaseSync(join(this.#dataDir, 'dynamodb.sqlite'), { readOnly: true });
    try {
      const rows = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
      return rows.map(({ name }) => String(name));
    } finally {
      file.close();
    }
  }

  /** What a function has printed so far. */
  log(functionName: string): string {
    return readFileSync(join(this.#dataDir, 'logs', `${this.#logName(functionName)}.log`), 'utf8');
  }

  #logName(functionName: string): string {
    return this.desk.model.functions.find(({ name }) => name.endsWith(functionName))?.name ?? functionName;
  }
}

/** The instant at which a ticket's first response is due, by the clocks it answers with. */
export const firstResponseDue = async (desk: RunningDesk, ticketId: string): Promise<number> => {
  const { clocks } = await desk.ask(`/v1/tickets/${ticketId}/sla`);
  return Date.parse(clocks.find((clock: { metric: string }) => clock.metric === 'firstResponse').dueAt);
};

/** A ticket as another desk would hand it over, with its history. */
export const oldTicket = (externalId: string, history: readonly object[]): object => ({
  externalId,
  source: 'e2e',
  subject: 'Long',
  customer: 'Acme',
  requester: 'Ada',
  priority: 'high',
  channel: 'phone',
  createdAt: '2026-01-05T08:59:00Z',
  history,
});

export const subscribe = (desk: RunningDesk, target = 'oncall@desk.example'): Promise<Json> =>
  desk.ask('/v1/alert-subscriptions', { channel: 'email', target });
