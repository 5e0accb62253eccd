/**
 * Which function answers for which context of the API. Plain data with two readers: the HTTP API (`ANY /v1/<context>` and
 * `/{proxy+}`) and the functions' own routers.
 */
export const contexts = {
  tickets: 'http-desk',
  customers: 'http-desk',
  contacts: 'http-desk',
  teams: 'http-desk',
  agents: 'http-desk',
  me: 'http-desk',
  alerts: 'http-on-call',
  'on-call-rotas': 'http-on-call',
  calendars: 'http-sla',
  'sla-policies': 'http-sla',
  'alert-subscriptions': 'http-alerts',
  kpis: 'http-kpis',
  'kpi-recomputes': 'http-kpis',
  violations: 'http-kpis',
  'corrective-actions': 'http-kpis',
  backups: 'http-drills',
  drills: 'http-drills',
  'drill-plans': 'http-drills',
  services: 'http-drills',
} as const;

export type ContextName = keyof typeof contexts;

/** Pages that anyone may read; `http-docs` answers them without an authorizer. */
export const openPages = ['/openapi.json', '/docs'] as const;
