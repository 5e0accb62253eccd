import type { RunningDesk } from '../running-desk.ts';

/** A request that does what its operation is for. */
export interface Valid {
  readonly operation: string;
  readonly path: string;
  readonly person?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const nowhere = '01J8Z0K3V5W7Y9ABCDEFGHJKMN';

/** A path of the document with ids of nothing. */
export const pathOfNothing = (path: string): string =>
  path
    .replace('{ticketId}', `tkt_${nowhere}`)
    .replace('{customerId}', `cus_${nowhere}`)
    .replace('{contactId}', `ctc_${nowhere}`)
    .replace('{teamId}', `tem_${nowhere}`)
    .replace('{agentId}', `agt_${nowhere}`)
    .replace('{alertId}', `alt_${nowhere}`)
    .replace('{subscriptionId}', `sub_${nowhere}`)
    .replace('{rotaId}', `rot_${nowhere}`)
    .replace('{overrideId}', `ovr_${nowhere}`)
    .replace('{recomputeId}', `rcm_${nowhere}`)
    .replace('{actionId}', `cac_${nowhere}`)
    .replace('{serviceId}', `svc_${nowhere}`)
    .replace('{drillId}', `drl_${nowhere}`)
    .replace('{planId}', `dpl_${nowhere}`)
    .replace('{calendarId}', `cal_${nowhere}`)
    .replace('{policyId}', `slp_${nowhere}`)
    .replace('{applicationId}', `sla_${nowhere}`)
    .replace('{version}', '99')
    .replace('{kpiId}', 'no-such-kpi');

/** One valid request or more for each operation, on a desk on which a breach has been alerted and figures are there. */
export const validRequests = async (desk: RunningDesk): Promise<readonly Valid[]> => {
  const customerId = await desk.customer();
  const ticket = await desk.ticket({ priority: 'critical' });
  const other = await desk.ticket();
  const { id: teamId } = await desk.ask('/v1/teams', { name: 'Night' });
  const { id: agentId } = await desk.ask('/v1/agents', {
    name: 'Grace',
    email: 'grace@desk.example',
    teamId,
    role: 'agent',
  });
  const { id: subscriptionId } = await desk.ask('/v1/alert-subscriptions', {
    channel: 'email',
    target: 'oncall@desk.example',
  });
  const gone = await desk.as('admin', '/v1/alert-subscriptions', {
    body: { channel: 'email', target: 'gone@desk.example' },
  });
  const rota = {
    name: 'Nights',
    timezone: 'Europe/Berlin',
    startsOn: '2026-03-02',
    handover: { at: '09:00', every: 'week' },
  };
  const { id: rotaId } = await desk.ask('/v1/on-call-rotas', { ...rota, teamId, agentIds: [agentId] });
  const { id: dayTeamId } = await desk.ask('/v1/teams', { name: 'Day' });
  const { id: otherTeamId } = await desk.ask('/v1/teams', { name: 'Weekend' });
  const archived = await desk.as('admin', '/v1/on-call-rotas', {
    body: { ...rota, teamId: otherTeamId, agentIds: [agentId] },
  });
  const mondays = {
    timezone: 'Europe/Berlin',
    hours: { mon: [['09:00', '17:00']] },
    holidays: ['2026-12-25'],
    overrides: { '2026-12-24': [['09:00', '12:00']] },
  };
  const calendars = await desk.ask('/v1/calendars', { name: 'Mondays', ...mondays }, 'manager');
  const unused = await desk.ask('/v1/calendars', { name: 'Unused', ...mondays }, 'manager');
  const gold = {
    name: 'Gold',
    conditions: { tier: ['gold'] },
    calendarId: calendars.id,
    targets: { resolution: { high: { seconds: 3600 } } },
    levels: [{ metrics: ['resolution'], offsetSeconds: -600, targets: ['assignee'] }],
  };
  const { id: policyId } = await desk.ask('/v1/sla-policies', gold, 'manager');
  const { id: formerPolicyId } = await desk.ask('/v1/sla-policies', { ...gold, name: 'Former' }, 'manager');
  const application = await desk.as('manager', `/v1/sla-policies/${policyId}/apply`, { method: 'POST' });
  const override = { agentId, from: '2098-12-24T08:00:00Z', to: '2098-12-27T08:00:00Z', note: 'Christmas' };
  const taken = await desk.as('admin', `/v1/on-call-rotas/${rotaId}/overrides`, { body: override });
  await desk.ask(`/v1/tickets/${other.id}/replies`, { body: 'On it.', visibility: 'public' }, 'agent');
  await desk.ask(`/v1/tickets/${other.id}/status`, { status: 'waiting_customer' }, 'agent');
  await desk.timeTo((await desk.now()) + 70 * 60_000);
  await desk.ask(`/v1/tickets/${other.id}/status`, { status: 'resolved' }, 'agent');
  const recompute = await desk.ask('/v1/kpis/recompute', {}, 'manager');
  await desk.timeTo((await desk.now()) + 600_000);
  const { version } = await desk.ask(`/v1/tickets/${ticket.id}`);
  const merged = await desk.ask(
    '/v1/tickets',
    { customerId, requester: { name: 'Ada', email: 'ada@acme.example' }, subject: 'The same again' },
    'agent',
  );
  const [alert] = (await desk.ask('/v1/alerts')).items;
  const history = {
    externalId: 'INC1',
    source: 'walk',
    subject: 'Old',
    customer: 'Acme',
    requester: 'Ada',
    priority: 'high',
    channel: 'phone',
    createdAt: '2026-01-05T09:00:00Z',
  };
  const subject = {
    customerId,
    requester: { name: 'Ada', email: 'ada@acme.example' },
    subject: 'Checkout answers 502',
  };
  const broken = (await desk.ask('/v1/violations', undefined, 'manager')).items;
  const actionFields = { title: 'Second person at night', ownerId: agentId, dueOn: '2026-12-31' };
  const { id: actionId } = await desk.ask('/v1/corrective-actions', actionFields, 'manager');
  const objectives = { rpoSeconds: 86_400, rtoSeconds: 14_400 };
  const { id: serviceId } = await desk.ask('/v1/services', { name: 'Service desk' }, 'manager');
  const plan = { name: 'Each Sunday', table: 'operations', method: 'backup', objectives };
  const { id: planId } = await desk.ask('/v1/drill-plans', plan, 'manager');
  const formerPlan = await desk.ask('/v1/drill-plans', { ...plan, name: 'Former' }, 'manager');
  const drilled = await desk.ask('/v1/drills', { planId }, 'manager');
  await desk.as('manager', `/v1/drills/${drilled.id}/cancel`, { method: 'POST' });
  await desk.timeTo((await desk.now()) + 1_800_000);
  const wantedDrill = { table: 'operations', method: 'pitr', objectives };
  const onlyOne = { 'idempotency-key': 'walk-drill' };
  const begun = await desk.as('manager', '/v1/drills', { body: wantedDrill, headers: onlyOne });
  return [
    { operation: 'POST /v1/tickets', path: '/v1/tickets', body: subject },
    {
      operation: 'POST /v1/tickets',
      path: '/v1/tickets',
      person: 'requester:acme',
      body: { ...subject, requester: null },
    },
    { operation: 'GET /v1/tickets', path: '/v1/tickets' },
    { operation: 'GET /v1/tickets', path: '/v1/tickets?sort=updated&limit=1' },
    { operation: 'GET /v1/tickets', path: '/v1/tickets', person: 'requester:acme' },
    {
      operation: 'POST /v1/tickets/import',
      path: '/v1/tickets/import',
      body: { tickets: [history, { nothing: true }] },
    },
    { operation: 'POST /v1/tickets/import', path: '/v1/tickets/import', body: { tickets: [history] } },
    { operation: 'GET /v1/tickets/{ticketId}', path: `/v1/tickets/${ticket.id}` },
    {
      operation: 'PATCH /v1/tickets/{ticketId}',
      path: `/v1/tickets/${ticket.id}`,
      body: { tags: ['vip'], assigneeId: agentId },
      headers: { 'if-match': `"${version}"` },
    },
    {
      operation: 'POST /v1/tickets/{ticketId}/replies',
      path: `/v1/tickets/${ticket.id}/replies`,
      body: { body: 'We are on it.' },
    },
    {
      operation: 'POST /v1/tickets/{ticketId}/status',
      path: `/v1/tickets/${ticket.id}/status`,
      body: { status: 'resolved', reason: 'fixed' },
    },
    {
      operation: 'POST /v1/tickets/{ticketId}/calls',
      path: `/v1/tickets/${ticket.id}/calls`,
      body: { direction: 'outbound', startedAt: ticket.createdAt, endedAt: ticket.createdAt, note: 'Told her.' },
    },
    {
      operation: 'POST /v1/tickets/{ticketId}/merge',
      path: `/v1/tickets/${merged.id}/merge`,
      body: { intoTicketId: ticket.id },
    },
    { operation: 'GET /v1/tickets/{ticketId}/timeline', path: `/v1/tickets/${ticket.id}/timeline` },
    { operation: 'GET /v1/tickets/{ticketId}/timeline', path: `/v1/tickets/${other.id}/timeline?limit=2` },
    { operation: 'GET /v1/tickets/{ticketId}/sla', path: `/v1/tickets/${ticket.id}/sla` },
    { operation: 'GET /v1/tickets/{ticketId}/sla', path: `/v1/tickets/${other.id}/sla` },
    { operation: 'POST /v1/customers', path: '/v1/customers', body: { name: 'Initech' } },
    { operation: 'GET /v1/customers', path: '/v1/customers' },
    { operation: 'GET /v1/customers/{customerId}', path: `/v1/customers/${customerId}` },
    {
      operation: 'POST /v1/contacts',
      path: '/v1/contacts',
      body: { customerId, name: 'Eve', email: 'eve@acme.example' },
    },
    { operation: 'GET /v1/contacts', path: `/v1/contacts?customerId=${customerId}` },
    { operation: 'GET /v1/contacts/{contactId}', path: `/v1/contacts/${ticket.requesterId}` },
    { operation: 'POST /v1/teams', path: '/v1/teams', body: { name: 'Day' } },
    { operation: 'GET /v1/teams', path: '/v1/teams' },
    { operation: 'GET /v1/teams/{teamId}', path: `/v1/teams/${teamId}` },
    {
      operation: 'POST /v1/agents',
      path: '/v1/agents',
      body: { name: 'Alan', email: 'alan@desk.example', teamId, role: 'lead' },
    },
    { operation: 'GET /v1/agents', path: '/v1/agents' },
    { operation: 'GET /v1/agents/{agentId}', path: `/v1/agents/${agentId}` },
    { operation: 'GET /v1/me', path: '/v1/me' },
    { operation: 'GET /v1/me', path: '/v1/me', person: 'requester:acme' },
    {
      operation: 'POST /v1/alert-subscriptions',
      path: '/v1/alert-subscriptions',
      body: { channel: 'sms', target: '+4915112345678' },
    },
    ...['webhook', 'slack', 'teams'].map((channel) => ({
      operation: 'POST /v1/alert-subscriptions',
      path: '/v1/alert-subscriptions',
      body: {
        channel,
        target: `https://${channel}.example.com/hook`,
        quietHours: { timezone: 'Europe/Berlin', from: '22:00', to: '07:00', except: ['critical'] },
        digest: 'daily',
        digestAt: { time: '08:00', timezone: 'Europe/Berlin' },
        agentId,
      },
    })),
    { operation: 'GET /v1/alert-subscriptions', path: '/v1/alert-subscriptions' },
    { operation: 'GET /v1/alert-subscriptions/{subscriptionId}', path: `/v1/alert-subscriptions/${subscriptionId}` },
    {
      operation: 'PATCH /v1/alert-subscriptions/{subscriptionId}',
      path: `/v1/alert-subscriptions/${subscriptionId}`,
      body: { filter: { severity: ['critical'] }, digest: 'none', quietHours: null },
      headers: { 'if-match': '"1"' },
    },
    {
      operation: 'DELETE /v1/alert-subscriptions/{subscriptionId}',
      path: `/v1/alert-subscriptions/${gone.body.id}`,
      headers: { 'if-match': gone.headers.get('etag') ?? '' },
    },
    { operation: 'GET /v1/alerts', path: '/v1/alerts' },
    { operation: 'GET /v1/alerts/{alertId}', path: `/v1/alerts/${alert.id}` },
    {
      operation: 'POST /v1/alerts/{alertId}/acknowledge',
      path: `/v1/alerts/${alert.id}/acknowledge`,
      body: { note: 'I am on it.' },
    },
    {
      operation: 'POST /v1/on-call-rotas',
      path: '/v1/on-call-rotas',
      body: {
        ...rota,
        teamId: dayTeamId,
        agentIds: [agentId, agentId],
        handover: { at: '22:00', every: 'day', days: 3 },
      },
    },
    { operation: 'GET /v1/on-call-rotas', path: '/v1/on-call-rotas' },
    { operation: 'GET /v1/on-call-rotas', path: `/v1/on-call-rotas?teamId=${teamId}` },
    { operation: 'GET /v1/on-call-rotas/{rotaId}', path: `/v1/on-call-rotas/${rotaId}` },
    {
      operation: 'DELETE /v1/on-call-rotas/{rotaId}/overrides/{overrideId}',
      path: `/v1/on-call-rotas/${rotaId}/overrides/${taken.body.id}`,
      headers: { 'if-match': taken.headers.get('etag') ?? '' },
    },
    {
      operation: 'PATCH /v1/on-call-rotas/{rotaId}',
      path: `/v1/on-call-rotas/${rotaId}`,
      body: { timezone: 'Europe/Lisbon', effectiveFrom: '2098-01-01T00:00:00Z' },
      headers: { 'if-match': '"3"' },
    },
    {
      operation: 'POST /v1/on-call-rotas/{rotaId}/overrides',
      path: `/v1/on-call-rotas/${rotaId}/overrides`,
      body: override,
    },
    { operation: 'GET /v1/on-call-rotas/{rotaId}/overrides', path: `/v1/on-call-rotas/${rotaId}/overrides` },
    { operation: 'GET /v1/on-call-rotas/{rotaId}/on-call', path: `/v1/on-call-rotas/${rotaId}/on-call` },
    {
      operation: 'GET /v1/on-call-rotas/{rotaId}/on-call',
      path: `/v1/on-call-rotas/${rotaId}/on-call?at=2020-01-01T00:00:00Z`,
    },
    {
      operation: 'GET /v1/on-call-rotas/{rotaId}/schedule',
      path: `/v1/on-call-rotas/${rotaId}/schedule?from=2098-12-01T00:00:00Z&to=2099-01-31T00:00:00Z`,
    },
    {
      operation: 'DELETE /v1/on-call-rotas/{rotaId}',
      path: `/v1/on-call-rotas/${archived.body.id}`,
      headers: { 'if-match': archived.headers.get('etag') ?? '' },
    },
    {
      operation: 'POST /v1/calendars',
      path: '/v1/calendars',
      body: {
        name: 'With a file',
        ...mondays,
        holidaysIcs:
          'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261226\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
      },
    },
    { operation: 'GET /v1/calendars', path: '/v1/calendars?archived=true' },
    { operation: 'GET /v1/calendars/{calendarId}', path: `/v1/calendars/${calendars.id}` },
    {
      operation: 'GET /v1/calendars/{calendarId}/versions/{version}',
      path: `/v1/calendars/${calendars.id}/versions/1`,
    },
    {
      operation: 'PATCH /v1/calendars/{calendarId}',
      path: `/v1/calendars/${calendars.id}`,
      body: { holidays: [] },
      headers: { 'if-match': '"1"' },
    },
    {
      operation: 'POST /v1/calendars/{calendarId}/archive',
      path: `/v1/calendars/${unused.id}/archive`,
    },
    {
      operation: 'POST /v1/calendars/preview',
      path: '/v1/calendars/preview',
      person: 'requester:acme',
      body: {
        calendar: mondays,
        operations: [
          { op: 'due', start: '2026-03-02T09:00:00Z', minutes: 90.5 },
          { op: 'elapsed', start: '2026-03-02T09:00:00Z', end: '2026-03-09T09:00:00Z' },
          { op: 'isOpen', at: '2026-03-02T09:00:00Z' },
          { op: 'openPeriods', from: '2026-03-02T09:00:00Z', to: '2026-03-09T09:00:00Z' },
          { op: 'nothing' },
        ],
      },
    },
    { operation: 'POST /v1/sla-policies', path: '/v1/sla-policies', body: { ...gold, name: 'Silver' } },
    { operation: 'GET /v1/sla-policies', path: '/v1/sla-policies' },
    { operation: 'GET /v1/sla-policies', path: '/v1/sla-policies?archived=true' },
    { operation: 'GET /v1/sla-policies/{policyId}', path: `/v1/sla-policies/${policyId}` },
    {
      operation: 'GET /v1/sla-policies/{policyId}/versions/{version}',
      path: `/v1/sla-policies/${policyId}/versions/1`,
    },
    {
      operation: 'PATCH /v1/sla-policies/{policyId}',
      path: `/v1/sla-policies/${formerPolicyId}`,
      body: { warnings: [50, 75] },
      headers: { 'if-match': '"2"' },
    },
    { operation: 'POST /v1/sla-policies/{policyId}/preview', path: `/v1/sla-policies/${policyId}/preview`, body: {} },
    {
      operation: 'POST /v1/sla-policies/{policyId}/preview',
      path: `/v1/sla-policies/${policyId}/preview`,
      body: { change: { conditions: { priority: ['critical', 'high', 'normal', 'low'] } } },
    },
    { operation: 'GET /v1/sla-policies/{policyId}/applications', path: `/v1/sla-policies/${policyId}/applications` },
    {
      operation: 'GET /v1/sla-policies/{policyId}/applications/{applicationId}',
      path: `/v1/sla-policies/${policyId}/applications/${application.body.id}`,
    },
    { operation: 'POST /v1/sla-policies/{policyId}/apply', path: `/v1/sla-policies/${formerPolicyId}/apply` },
    { operation: 'POST /v1/sla-policies/{policyId}/archive', path: `/v1/sla-policies/${formerPolicyId}/archive` },
    { operation: 'POST /v1/kpis/recompute', path: '/v1/kpis/recompute', body: { from: '2026-03-01' } },
    { operation: 'GET /v1/kpi-recomputes', path: '/v1/kpi-recomputes' },
    { operation: 'GET /v1/kpi-recomputes/{recomputeId}', path: `/v1/kpi-recomputes/${recompute.id}` },
    { operation: 'GET /v1/kpis', path: '/v1/kpis' },
    { operation: 'GET /v1/violations', path: '/v1/violations' },
    { operation: 'GET /v1/violations', path: '/v1/violations?metric=firstResponse&cause=us&limit=1' },
    { operation: 'GET /v1/violations/report', path: '/v1/violations/report' },
    {
      operation: 'POST /v1/corrective-actions',
      path: '/v1/corrective-actions',
      body: { ...actionFields, violationIds: broken.map((one: { id: string }) => one.id) },
    },
    { operation: 'GET /v1/corrective-actions', path: '/v1/corrective-actions?state=open' },
    { operation: 'GET /v1/corrective-actions/{actionId}', path: `/v1/corrective-actions/${actionId}` },
    {
      operation: 'PATCH /v1/corrective-actions/{actionId}',
      path: `/v1/corrective-actions/${actionId}`,
      body: { effectiveness: { check: 'None in January', checkOn: '2027-02-01' } },
      headers: { 'if-match': '"1"' },
    },
    {
      operation: 'POST /v1/corrective-actions/{actionId}/status',
      path: `/v1/corrective-actions/${actionId}/status`,
      body: { status: 'done', note: 'Two people since Monday' },
    },
    { operation: 'POST /v1/services', path: '/v1/services', body: { name: 'Shop', tier: '1', objectives } },
    { operation: 'GET /v1/services', path: '/v1/services' },
    { operation: 'GET /v1/services/{serviceId}', path: `/v1/services/${serviceId}` },
    {
      operation: 'PATCH /v1/services/{serviceId}',
      path: `/v1/services/${serviceId}`,
      body: { table: 'operations', objectives },
      headers: { 'if-match': '"1"' },
    },
    { operation: 'GET /v1/services/{serviceId}/health', path: `/v1/services/${serviceId}/health` },
    {
      operation: 'POST /v1/drill-plans',
      path: '/v1/drill-plans',
      body: { ...plan, schedule: { cron: '0 3 * * SUN', timezone: 'Europe/Berlin' } },
    },
    { operation: 'GET /v1/drill-plans', path: '/v1/drill-plans' },
    { operation: 'GET /v1/drill-plans/{planId}', path: `/v1/drill-plans/${planId}` },
    {
      operation: 'PATCH /v1/drill-plans/{planId}',
      path: `/v1/drill-plans/${planId}`,
      body: { costCeiling: 5 },
      headers: { 'if-match': '"1"' },
    },
    {
      operation: 'DELETE /v1/drill-plans/{planId}',
      path: `/v1/drill-plans/${formerPlan.id}`,
      headers: { 'if-match': '"1"' },
    },
    // The same again, since a table is drilled once at a time.
    { operation: 'POST /v1/drills', path: '/v1/drills', person: 'manager', body: wantedDrill, headers: onlyOne },
    { operation: 'POST /v1/drills/{drillId}/cancel', path: `/v1/drills/${begun.body.id}/cancel` },
    { operation: 'GET /v1/drills', path: '/v1/drills?state=cancelled' },
    { operation: 'GET /v1/drills/{drillId}', path: `/v1/drills/${drilled.id}` },
    { operation: 'GET /v1/drills/{drillId}/report', path: `/v1/drills/${drilled.id}/report` },
    { operation: 'GET /v1/backups', path: '/v1/backups' },
    { operation: 'GET /v1/backups/runs', path: '/v1/backups/runs' },
    ...['ticket-volume', 'first-response-time', 'resolution-time', 'sla-violations'].flatMap((kpi) => [
      { operation: 'GET /v1/kpis/{kpiId}', path: `/v1/kpis/${kpi}` },
      { operation: 'GET /v1/kpis/{kpiId}', path: `/v1/kpis/${kpi}?granularity=month&groupBy=priority` },
      { operation: 'GET /v1/kpis/{kpiId}/explain', path: `/v1/kpis/${kpi}/explain` },
    ]),
  ];
};
