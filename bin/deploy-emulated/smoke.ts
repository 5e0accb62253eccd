import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { DeployedApi } from './deployed-api.ts';
import { RehearsalError } from './emulator.ts';
import type { SignIn } from './sign-in.ts';

const created = z.object({ id: z.string() });
const timeline = z.object({ items: z.array(z.looseObject({ type: z.string() })) });
const clocks = z.object({
  clocks: z.array(z.object({ metric: z.string(), state: z.string(), dueAt: z.string().nullable() })),
});
const imported = z.object({ results: z.array(z.object({ outcome: z.string(), ticketId: z.string().nullable() })) });
const alerts = z.object({
  items: z.array(z.looseObject({ ticketId: z.string(), deliveries: z.array(z.object({ state: z.string() })) })),
});
const figure = z.object({ total: z.object({ n: z.number(), value: z.number().nullable() }) });

/** So long before its deadline an old ticket comes in: enough to be imported in time, and soon over. */
const secondsLeft = 12;
/** A delivered hint is exact; a sweep, should the hint be lost, comes within its minute. */
const breachWithinSeconds = 100;
const kpiWithinSeconds = 90;

/** What a deployment is asked to show, and what of it must survive the next one. */
export interface Lived {
  readonly admin: string;
  readonly agent: string;
  readonly ticketId: string;
  readonly breachedId: string;
}

/** A date so many days from now. */
const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** Asks again until `ask` has an answer. @throws RehearsalError when that takes too long. */
const eventually = async <T>(what: string, seconds: number, ask: () => Promise<T | null>): Promise<T> => {
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await pause(500)) {
    const answer = await ask();
    if (answer !== null) return answer;
  }
  throw new RehearsalError(`${what}: not within ${seconds} s`);
};

/** Two people, a ticket with a public reply, a ticket whose clock runs out, the alert of it, and the figures of both. */
export const smoke = async (api: DeployedApi, signIn: SignIn, say: (line: string) => void): Promise<Lived> => {
  const refused = await api.status(null, '/v1/tickets');
  if (refused !== 401) throw new RehearsalError(`a request without a token answered ${refused}, not 401`);
  const admin = (await signIn.as('admin')).accessToken;
  say('token: signed in as the first admin by authorization code with PKCE');

  const team = await api.post(admin, '/v1/teams', { name: 'First line' }, created);
  const customer = await api.post(admin, '/v1/customers', { name: 'Acme', tier: 'standard' }, created);
  const login = await signIn.as('grace');
  const grace = { name: 'Grace', email: 'grace@desk.example', role: 'agent', teamId: team.id, subject: login.subject };
  await api.post(admin, '/v1/agents', grace, created);
  const agent = login.accessToken;

  const requester = { name: 'Ada', email: 'ada@acme.example' };
  const wanted = {
    customerId: customer.id,
    requester,
    subject: 'Checkout answers 502',
    type: 'incident',
    channel: 'email',
  };
  const ticket = await api.post(agent, '/v1/tickets', { ...wanted, priority: 'high', teamId: team.id }, created);
  await api.post(
    agent,
    `/v1/tickets/${ticket.id}/replies`,
    { body: 'We are on it.', visibility: 'public' },
    created.partial(),
  );
  say(`ticket and public reply: ${ticket.id}`);

  const breachedId = await importNearlyLate(api, admin);
  const state = await eventually('the breach', breachWithinSeconds, async () => {
    const { items } = await api.get(agent, `/v1/tickets/${breachedId}/timeline`, timeline);
    return items.some(({ type }) => type === 'sla.breached') ? 'breached' : null;
  });
  say(`first response ${state}, recorded by the deployed timer`);
  const delivery = await eventually('the alert', breachWithinSeconds, async () => {
    const { items } = await api.get(admin, '/v1/alerts', alerts);
    const states = items.find(({ ticketId }) => ticketId === breachedId)?.deliveries.map((one) => one.state) ?? [];
    return states.includes('published') ? 'published' : null;
  });
  say(`alert of it ${delivery} to the stage's subscriber`);

  for (const kpi of ['ticket-volume', 'first-response-time']) {
    const total = await eventually(`the KPI ${kpi}`, kpiWithinSeconds, async () => {
      const answer = await api.get(admin, `/v1/kpis/${kpi}?from=${day(-1)}&to=${day(2)}&granularity=day`, figure);
      return answer.total.n >= 1 ? answer.total : null;
    });
    say(`KPI ${kpi}: n = ${total.n}, value = ${total.value}`);
  }
  return { admin, agent, ticketId: ticket.id, breachedId };
};

/** An open critical ticket whose first hour is nearly over: the shortest SLA that a stage has without changed policies. */
const importNearlyLate = async (api: DeployedApi, token: string): Promise<string> => {
  const createdAt = new Date(Date.now() - 3_600_000 + secondsLeft * 1000).toISOString();
  const old = {
    externalId: 'OLD-1',
    source: 'smoke',
    subject: 'Database down',
    customer: 'Acme',
    requester: 'Ada',
    priority: 'critical',
    team: 'First line',
    channel: 'phone',
    createdAt,
  };
  const { results } = await api.post(token, '/v1/tickets/import', { tickets: [old] }, imported);
  const ticketId = results[0]?.ticketId ?? null;
  if (ticketId === null) throw new RehearsalError(`the import answered ${JSON.stringify(results)}`);
  const running = await api.get(token, `/v1/tickets/${ticketId}/sla`, clocks);
  const first = running.clocks.find(({ metric }) => metric === 'firstResponse');
  if (first?.state !== 'running') throw new RehearsalError(`its first response is ${first?.state}, not running`);
  return ticketId;
};

/** All that must be the same after an upgrade, as text. Only asked once the figures have come to rest. */
export const remembered = async (api: DeployedApi, lived: Lived): Promise<string> => {
  const { agent, admin, ticketId, breachedId } = lived;
  const tickets = [ticketId, breachedId].flatMap((id) => [`/v1/tickets/${id}`, `/v1/tickets/${id}/timeline?limit=100`]);
  const volume = `/v1/kpis/ticket-volume?from=${day(-1)}&to=${day(2)}&granularity=day&groupBy=team`;
  const others = ['/v1/alerts', '/v1/teams', '/v1/customers'];
  const read = [
    ...tickets.map((path) => api.get(agent, path, z.unknown())),
    ...others.map((path) => api.get(admin, path, z.unknown())),
    api.get(admin, volume, figure),
  ];
  return JSON.stringify(await Promise.all(read));
};
