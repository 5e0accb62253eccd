import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { raiseAlert } from '../functions/alerts/index.ts';
import { type Api, type Call, given } from './api.ts';

/** Two customers, each with a contact and a ticket; a team, an agent, an alert. */
export interface World {
  readonly own: Side;
  readonly other: Side;
  readonly teamId: string;
  readonly agentId: string;
  readonly alertId: string;
}

interface Side {
  readonly customerId: string;
  readonly contactId: string;
  readonly ticketId: string;
}

const sideOf = async (api: Api, name: string, subject: string): Promise<Side> => {
  const customer = await given(api, { method: 'POST', path: '/v1/customers', body: { name } });
  const contact = await given(api, {
    method: 'POST',
    path: '/v1/contacts',
    body: { customerId: customer.id, name: `Ada of ${name}`, email: `ada@${name.toLowerCase()}.example`, subject },
  });
  const ticket = await given(api, { method: 'POST', path: '/v1/tickets', body: ticketOf(customer.id) });
  return { customerId: customer.id, contactId: contact.id, ticketId: ticket.id };
};

const ticketOf = (customerId: string) => ({
  customerId,
  requester: { name: 'Bob', email: 'bob@customer.example' },
  subject: 'Checkout answers 502',
});

const staff = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'] as const;

/** Fills the empty desk; the login of each role is `sub-<role>`, the requester belongs to `own`. */
export const fill = async (api: Api): Promise<World> => {
  const own = await sideOf(api, 'Acme', 'sub-requester');
  const other = await sideOf(api, 'Globex', 'sub-other-requester');
  const team = await given(api, { method: 'POST', path: '/v1/teams', body: { name: 'Support' } });
  const agents = [];
  for (const role of staff) {
    agents.push(
      await given(api, {
        method: 'POST',
        path: '/v1/agents',
        body: { name: role, role, teamId: team.id, subject: `sub-${role}` },
      }),
    );
  }
  const at = new Date().toISOString();
  const { alertId, item } = raiseAlert({
    kind: 'sla.breach',
    level: 0,
    table: api.engine.tables.operations,
    ticket: {
      id: own.ticketId,
      number: 'T-1',
      subject: 'Checkout answers 502',
      teamId: null,
      customerId: own.customerId,
      priority: 'high',
    },
    metric: 'firstResponse',
    cycle: 1,
    at,
    claimedAt: at,
  });
  await api.engine.client.send(new TransactWriteCommand({ TransactItems: [item] }));
  return { own, other, teamId: team.id, agentId: agents[0].id, alertId };
};

let made = 0;
const unique = (): string => {
  made += 1;
  return String(made);
};

/** A new ticket of that side: a line of the table may change it without spoiling the next. */
const freshTicket = async (api: Api, side: Side) =>
  given(api, { method: 'POST', path: '/v1/tickets', body: ticketOf(side.customerId) });

const freshSubscription = async (api: Api) =>
  given(api, {
    method: 'POST',
    path: '/v1/alert-subscriptions',
    body: { channel: 'email', target: `night-${unique()}@desk.example` },
  });

/** A rota of a new team, with somebody who will stand in; a line of the table may change it without spoiling the next. */
const freshRota = async (api: Api, world: World) => {
  const team = await given(api, { method: 'POST', path: '/v1/teams', body: { name: `Night ${unique()}` } });
  const body = {
    teamId: team.id,
    name: 'Night watch',
    timezone: 'Europe/Berlin',
    agentIds: [world.agentId],
    startsOn: '2026-03-02',
    handover: { at: '09:00', every: 'week' },
  };
  const { id: rotaId } = await given(api, { method: 'POST', path: '/v1/on-call-rotas', body });
  const override = { agentId: world.agentId, from: '2098-12-24T08:00:00Z', to: '2098-12-27T08:00:00Z' };
  const path = `/v1/on-call-rotas/${rotaId}`;
  const { id: overrideId } = await given(api, { method: 'POST', path: `${path}/overrides`, body: override });
  return { body, override, path, overrideId };
};
/** Rules of a calendar, and a policy that counts by a new one; a line of the table may change them without spoiling the next. */
const mondays = { timezone: 'Europe/Berlin', hours: { mon: [['09:00', '17:00']] } };
const freshCalendar = async (api: Api) =>
  given(api, { method: 'POST', path: '/v1/calendars', body: { name: `Days ${unique()}`, ...mondays } });
const policyOf = async (api: Api) => ({
  name: `Gold ${unique()}`,
  conditions: { tier: ['gold'] },
  calendarId: (await freshCalendar(api)).id,
  targets: { resolution: { high: { seconds: 3600 } } },
});
const freshPolicy = async (api: Api) =>
  given(api, { method: 'POST', path: '/v1/sla-policies', body: await policyOf(api) });

/** An action that belongs to the agent of the world. */
const freshAction = async (api: Api, world: World) =>
  given(api, { method: 'POST', path: '/v1/corrective-actions', body: actionOf(world) });

const actionOf = (world: World) => ({ title: 'Second person at night', ownerId: world.agentId, dueOn: '2030-12-31' });

/** Of a table that no other line drills: one drill at a time for each. */
const drillOf = async (api: Api) => {
  const running = await given(api, { method: 'GET', path: '/v1/drills', query: { limit: '100' } });
  for (const { id, state } of running.items)
    if (state !== 'cancelled') await given(api, { method: 'POST', path: `/v1/drills/${id}/cancel` });
  return { table: 'operations', method: 'backup', objectives: { rpoSeconds: 3600, rtoSeconds: 14_400 } };
};
const freshDrill = async (api: Api) => given(api, { method: 'POST', path: '/v1/drills', body: await drillOf(api) });
/** Nothing was done for it yet, so it is over at once. */
const cancelledDrill = async (api: Api) => {
  const { id } = await freshDrill(api);
  return given(api, { method: 'POST', path: `/v1/drills/${id}/cancel` });
};
const drillPlan = { name: 'By hand', table: 'operations', method: 'pitr' };
const freshPlan = async (api: Api) => given(api, { method: 'POST', path: '/v1/drill-plans', body: drillPlan });
const freshService = async (api: Api) =>
  given(api, { method: 'POST', path: '/v1/services', body: { name: `Service ${unique()}` } });

type Valid = (api: Api, world: World, side: Side) => Omit<Call, 'method'> | Promise<Omit<Call, 'method'>>;

/** For each route one valid request, on what belongs to `side` where it belongs to a customer. */
export const validRequests: Readonly<Record<string, Valid>> = {
  'POST /v1/tickets': (_api, _world, side) => ({ path: '/v1/tickets', body: ticketOf(side.customerId) }),
  'GET /v1/tickets': (_api, _world, side) => ({ path: '/v1/tickets', query: { customerId: side.customerId } }),
  'POST /v1/tickets/import': () => ({
    path: '/v1/tickets/import',
    body: {
      tickets: [
        {
          externalId: unique(),
          source: 'test',
          subject: 'Old',
          priority: 'low',
          channel: 'phone',
          createdAt: '2025-01-01T00:00:00Z',
        },
      ],
    },
  }),
  'GET /v1/tickets/{ticketId}': (_api, _world, side) => ({ path: `/v1/tickets/${side.ticketId}` }),
  'PATCH /v1/tickets/{ticketId}': async (api, _world, side) => ({
    path: `/v1/tickets/${(await freshTicket(api, side)).id}`,
    headers: { 'if-match': '"1"' },
    body: { priority: 'low' },
  }),
  'POST /v1/tickets/{ticketId}/status': async (api, _world, side) => ({
    path: `/v1/tickets/${(await freshTicket(api, side)).id}/status`,
    body: { status: 'open' },
  }),
  'POST /v1/tickets/{ticketId}/replies': (_api, _world, side) => ({
    path: `/v1/tickets/${side.ticketId}/replies`,
    body: { body: 'We are looking into it.' },
  }),
  'POST /v1/tickets/{ticketId}/calls': (_api, _world, side) => {
    const now = new Date().toISOString();
    return {
      path: `/v1/tickets/${side.ticketId}/calls`,
      body: { direction: 'outbound', startedAt: now, endedAt: now },
    };
  },
  'POST /v1/tickets/{ticketId}/merge': async (api, _world, side) => ({
    path: `/v1/tickets/${(await freshTicket(api, side)).id}/merge`,
    body: { intoTicketId: (await freshTicket(api, side)).id },
  }),
  'GET /v1/tickets/{ticketId}/timeline': (_api, _world, side) => ({ path: `/v1/tickets/${side.ticketId}/timeline` }),
  'GET /v1/tickets/{ticketId}/sla': (_api, _world, side) => ({ path: `/v1/tickets/${side.ticketId}/sla` }),
  'POST /v1/customers': () => ({ path: '/v1/customers', body: { name: 'Initech' } }),
  'GET /v1/customers': () => ({ path: '/v1/customers' }),
  'GET /v1/customers/{customerId}': (_api, _world, side) => ({ path: `/v1/customers/${side.customerId}` }),
  'POST /v1/contacts': (_api, _world, side) => ({
    path: '/v1/contacts',
    body: { customerId: side.customerId, name: 'Eve' },
  }),
  'GET /v1/contacts': (_api, _world, side) => ({ path: '/v1/contacts', query: { customerId: side.customerId } }),
  'GET /v1/contacts/{contactId}': (_api, _world, side) => ({ path: `/v1/contacts/${side.contactId}` }),
  'POST /v1/teams': () => ({ path: '/v1/teams', body: { name: 'Night' } }),
  'GET /v1/teams': () => ({ path: '/v1/teams' }),
  'GET /v1/teams/{teamId}': (_api, world) => ({ path: `/v1/teams/${world.teamId}` }),
  'POST /v1/agents': () => ({ path: '/v1/agents', body: { name: 'Grace' } }),
  'GET /v1/agents': () => ({ path: '/v1/agents' }),
  'GET /v1/agents/{agentId}': (_api, world) => ({ path: `/v1/agents/${world.agentId}` }),
  'GET /v1/me': () => ({ path: '/v1/me' }),
  'POST /v1/alert-subscriptions': () => ({
    path: '/v1/alert-subscriptions',
    body: { channel: 'email', target: `duty-${unique()}@desk.example` },
  }),
  'GET /v1/alert-subscriptions': () => ({ path: '/v1/alert-subscriptions' }),
  'GET /v1/alert-subscriptions/{subscriptionId}': async (api) => ({
    path: `/v1/alert-subscriptions/${(await freshSubscription(api)).id}`,
  }),
  'PATCH /v1/alert-subscriptions/{subscriptionId}': async (api) => ({
    path: `/v1/alert-subscriptions/${(await freshSubscription(api)).id}`,
    headers: { 'if-match': '"1"' },
    body: { digest: 'daily' },
  }),
  'DELETE /v1/alert-subscriptions/{subscriptionId}': async (api) => ({
    path: `/v1/alert-subscriptions/${(await freshSubscription(api)).id}`,
    headers: { 'if-match': '"1"' },
  }),
  'GET /v1/alerts': () => ({ path: '/v1/alerts' }),
  'GET /v1/alerts/{alertId}': (_api, world) => ({ path: `/v1/alerts/${world.alertId}` }),
  'POST /v1/alerts/{alertId}/acknowledge': (_api, world) => ({
    path: `/v1/alerts/${world.alertId}/acknowledge`,
    body: { note: 'I am on it.' },
  }),
  'POST /v1/on-call-rotas': async (api, world) => {
    const team = await given(api, { method: 'POST', path: '/v1/teams', body: { name: `Day ${unique()}` } });
    return { path: '/v1/on-call-rotas', body: { ...(await freshRota(api, world)).body, teamId: team.id } };
  },
  'GET /v1/on-call-rotas': () => ({ path: '/v1/on-call-rotas' }),
  'GET /v1/on-call-rotas/{rotaId}': async (api, world) => ({ path: (await freshRota(api, world)).path }),
  'PATCH /v1/on-call-rotas/{rotaId}': async (api, world) => ({
    path: (await freshRota(api, world)).path,
    headers: { 'if-match': '"2"' },
    body: { timezone: 'Europe/Lisbon' },
  }),
  'DELETE /v1/on-call-rotas/{rotaId}': async (api, world) => ({
    path: (await freshRota(api, world)).path,
    headers: { 'if-match': '"2"' },
  }),
  'POST /v1/on-call-rotas/{rotaId}/overrides': async (api, world) => {
    const { path, override } = await freshRota(api, world);
    return { path: `${path}/overrides`, body: override };
  },
  'GET /v1/on-call-rotas/{rotaId}/overrides': async (api, world) => ({
    path: `${(await freshRota(api, world)).path}/overrides`,
  }),
  'DELETE /v1/on-call-rotas/{rotaId}/overrides/{overrideId}': async (api, world) => {
    const { path, overrideId } = await freshRota(api, world);
    return { path: `${path}/overrides/${overrideId}`, headers: { 'if-match': '"2"' } };
  },
  'GET /v1/on-call-rotas/{rotaId}/on-call': async (api, world) => ({
    path: `${(await freshRota(api, world)).path}/on-call`,
  }),
  'GET /v1/on-call-rotas/{rotaId}/schedule': async (api, world) => ({
    path: `${(await freshRota(api, world)).path}/schedule`,
    query: { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
  }),
  'POST /v1/calendars': () => ({ path: '/v1/calendars', body: { name: 'Mondays', ...mondays } }),
  'GET /v1/calendars': () => ({ path: '/v1/calendars' }),
  'POST /v1/calendars/preview': () => ({
    path: '/v1/calendars/preview',
    body: { calendar: mondays, operations: [{ op: 'isOpen', at: '2026-03-02T09:00:00Z' }] },
  }),
  'GET /v1/calendars/{calendarId}': async (api) => ({ path: `/v1/calendars/${(await freshCalendar(api)).id}` }),
  'GET /v1/calendars/{calendarId}/versions/{version}': async (api) => ({
    path: `/v1/calendars/${(await freshCalendar(api)).id}/versions/1`,
  }),
  'PATCH /v1/calendars/{calendarId}': async (api) => ({
    path: `/v1/calendars/${(await freshCalendar(api)).id}`,
    headers: { 'if-match': '"1"' },
    body: { holidays: ['2026-12-25'] },
  }),
  'POST /v1/calendars/{calendarId}/archive': async (api) => ({
    path: `/v1/calendars/${(await freshCalendar(api)).id}/archive`,
  }),
  'POST /v1/sla-policies': async (api) => ({ path: '/v1/sla-policies', body: await policyOf(api) }),
  'GET /v1/sla-policies': () => ({ path: '/v1/sla-policies' }),
  'GET /v1/sla-policies/{policyId}': async (api) => ({ path: `/v1/sla-policies/${(await freshPolicy(api)).id}` }),
  'GET /v1/sla-policies/{policyId}/versions/{version}': async (api) => ({
    path: `/v1/sla-policies/${(await freshPolicy(api)).id}/versions/1`,
  }),
  'PATCH /v1/sla-policies/{policyId}': async (api) => ({
    path: `/v1/sla-policies/${(await freshPolicy(api)).id}`,
    headers: { 'if-match': '"1"' },
    body: { warnings: [50] },
  }),
  'POST /v1/sla-policies/{policyId}/archive': async (api) => ({
    path: `/v1/sla-policies/${(await freshPolicy(api)).id}/archive`,
  }),
  'POST /v1/sla-policies/{policyId}/preview': async (api) => ({
    path: `/v1/sla-policies/${(await freshPolicy(api)).id}/preview`,
    body: {},
  }),
  'POST /v1/sla-policies/{policyId}/apply': async (api) => ({
    path: `/v1/sla-policies/${(await freshPolicy(api)).id}/apply`,
  }),
  'GET /v1/sla-policies/{policyId}/applications': async (api) => ({
    path: `/v1/sla-policies/${(await freshPolicy(api)).id}/applications`,
  }),
  'GET /v1/sla-policies/{policyId}/applications/{applicationId}': async (api) => {
    const path = `/v1/sla-policies/${(await freshPolicy(api)).id}`;
    const { id } = await given(api, { method: 'POST', path: `${path}/apply` });
    return { path: `${path}/applications/${id}` };
  },
  'GET /v1/kpis': () => ({ path: '/v1/kpis' }),
  'GET /v1/kpis/{kpiId}': () => ({ path: '/v1/kpis/first-response-time' }),
  'POST /v1/kpis/recompute': async (api) => {
    // One at a time: what another role has asked for is done.
    await api.engine.client.send(
      new DeleteCommand({ TableName: api.engine.tables.kpis, Key: { PK: 'RECOUNT-OPEN', SK: 'requested' } }),
    );
    return { path: '/v1/kpis/recompute', body: {} };
  },
  'GET /v1/kpi-recomputes': () => ({ path: '/v1/kpi-recomputes' }),
  'GET /v1/kpi-recomputes/{recomputeId}': async (api) => {
    const known = await given(api, { method: 'GET', path: '/v1/kpi-recomputes' });
    const id = known.items[0]?.id ?? (await given(api, { method: 'POST', path: '/v1/kpis/recompute', body: {} })).id;
    return { path: `/v1/kpi-recomputes/${id}` };
  },
  'GET /v1/violations': () => ({ path: '/v1/violations' }),
  'GET /v1/violations/report': () => ({ path: '/v1/violations/report' }),
  'POST /v1/corrective-actions': (_api, world) => ({ path: '/v1/corrective-actions', body: actionOf(world) }),
  'GET /v1/corrective-actions': () => ({ path: '/v1/corrective-actions' }),
  'GET /v1/corrective-actions/{actionId}': async (api, world) => ({
    path: `/v1/corrective-actions/${(await freshAction(api, world)).id}`,
  }),
  'PATCH /v1/corrective-actions/{actionId}': async (api, world) => ({
    path: `/v1/corrective-actions/${(await freshAction(api, world)).id}`,
    headers: { 'if-match': '"1"' },
    body: { dueOn: '2031-01-31' },
  }),
  'POST /v1/corrective-actions/{actionId}/status': async (api, world) => ({
    path: `/v1/corrective-actions/${(await freshAction(api, world)).id}/status`,
    body: { status: 'in_progress' },
  }),
  'POST /v1/services': () => ({ path: '/v1/services', body: { name: `Service ${unique()}` } }),
  'GET /v1/services': () => ({ path: '/v1/services' }),
  'GET /v1/services/{serviceId}': async (api) => ({ path: `/v1/services/${(await freshService(api)).id}` }),
  'PATCH /v1/services/{serviceId}': async (api) => ({
    path: `/v1/services/${(await freshService(api)).id}`,
    headers: { 'if-match': '"1"' },
    body: { tier: '1' },
  }),
  'GET /v1/services/{serviceId}/health': async (api) => ({
    path: `/v1/services/${(await freshService(api)).id}/health`,
  }),
  'POST /v1/drills': async (api) => ({ path: '/v1/drills', body: await drillOf(api) }),
  'GET /v1/drills': () => ({ path: '/v1/drills' }),
  'GET /v1/drills/{drillId}': async (api) => ({ path: `/v1/drills/${(await freshDrill(api)).id}` }),
  'POST /v1/drills/{drillId}/cancel': async (api) => ({ path: `/v1/drills/${(await freshDrill(api)).id}/cancel` }),
  'GET /v1/drills/{drillId}/report': async (api) => ({ path: `/v1/drills/${(await cancelledDrill(api)).id}/report` }),
  'POST /v1/drill-plans': () => ({ path: '/v1/drill-plans', body: drillPlan }),
  'GET /v1/drill-plans': () => ({ path: '/v1/drill-plans' }),
  'GET /v1/drill-plans/{planId}': async (api) => ({ path: `/v1/drill-plans/${(await freshPlan(api)).id}` }),
  'PATCH /v1/drill-plans/{planId}': async (api) => ({
    path: `/v1/drill-plans/${(await freshPlan(api)).id}`,
    headers: { 'if-match': '"1"' },
    body: { enabled: false },
  }),
  'DELETE /v1/drill-plans/{planId}': async (api) => ({
    path: `/v1/drill-plans/${(await freshPlan(api)).id}`,
    headers: { 'if-match': '"1"' },
  }),
  'GET /v1/backups': () => ({ path: '/v1/backups' }),
  'GET /v1/backups/runs': () => ({ path: '/v1/backups/runs' }),
  'GET /v1/kpis/{kpiId}/explain': () => ({ path: '/v1/kpis/first-response-time/explain' }),
};
