import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Imported {
  externalId: string;
  customer: string | null;
  priority: string;
  team: string | null;
  createdAt: string;
  history: { at: string; type: string; status?: string; team?: string | null; assignee?: string | null }[];
}

type Event = {
  eventId: string;
  version: number;
  type: string;
  at: string;
  actor: { role: string };
  data: Record<string, unknown>;
};

const ACTIVE = ['new', 'open', 'waiting_customer', 'waiting_vendor', 'waiting_internal'];
const PAGE = 7;

/** A desk that keeps what is imported and plays it back as timelines, in short pages. Names serve as ids. */
export class ReplayingDesk {
  tickets: Record<string, unknown>[] = [];
  timelines = new Map<string, Event[]>();
  names = { teams: new Set<string>(), agents: new Set<string>(), customers: new Set<string>() };
  /** Answers of further paths, by path with query or without. */
  answers = new Map<string, unknown>();
  #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = this.#answer(new URL(request.url ?? '', 'http://desk'), Buffer.concat(chunks).toString());
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  url = '';

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(url: URL, body: string): unknown {
    const page = (items: unknown[]) => {
      const from = Number(url.searchParams.get('cursor') ?? 0);
      return {
        items: items.slice(from, from + PAGE),
        nextCursor: from + PAGE < items.length ? String(from + PAGE) : null,
      };
    };
    const path = url.pathname;
    const kept = this.answers.get(path + url.search) ?? this.answers.get(path);
    if (kept !== undefined) return kept;
    if (path === '/v1/tickets/import')
      return { results: JSON.parse(body).tickets.map((one: Imported) => this.#keep(one)) };
    if (path === '/v1/tickets') return page(this.tickets);
    const timeline = this.timelines.get(/^\/v1\/tickets\/(.+)\/timeline$/.exec(path)?.[1] ?? '');
    if (timeline !== undefined) return page(timeline);
    const names = {
      '/v1/teams': this.names.teams,
      '/v1/agents': this.names.agents,
      '/v1/customers': this.names.customers,
    }[path];
    return names && page([...names].map((name) => ({ id: name, name })));
  }

  #keep(one: Imported): unknown {
    const id = `tkt_${one.externalId}`;
    const events: Event[] = [];
    const add = (type: string, at: string, data: Record<string, unknown>) =>
      events.push({
        eventId: `${id}-${events.length}`,
        version: events.length + 1,
        type,
        at,
        actor: { role: 'integration' },
        data,
      });
    add('ticket.created', one.createdAt, { status: 'new', priority: one.priority, teamId: one.team, assigneeId: null });
    let status = 'new';
    let holder = { teamId: one.team, assigneeId: null as string | null };
    if (one.customer) this.names.customers.add(one.customer);
    for (const entry of one.history) {
      if (entry.type === 'assigned') {
        const to = { teamId: entry.team ?? null, assigneeId: entry.assignee ?? null };
        if (to.teamId) this.names.teams.add(to.teamId);
        if (to.assigneeId) this.names.agents.add(to.assigneeId);
        add('ticket.assigned', entry.at, { from: holder, to });
        holder = to;
      } else {
        const to = entry.status ?? '';
        const back = !ACTIVE.includes(status) && ACTIVE.includes(to);
        add(back ? 'ticket.reopened' : 'ticket.statusChanged', entry.at, { from: status, to, reason: null, note: '' });
        status = to;
      }
    }
    this.timelines.set(id, events);
    const { externalId, customer, priority, createdAt } = one;
    this.tickets.push({ id, externalId, customerId: customer, priority, status, teamId: holder.teamId, createdAt });
    return { externalId, outcome: 'created', ticketId: id, errors: [] };
  }
}
