import { alertsContract } from '../alerts/routes.ts';
import { backupsContract } from '../backups/routes.ts';
import { correctiveActionsContract } from '../corrective-actions/routes.ts';
import { deskContract } from '../desk/routes.ts';
import { drillsContract } from '../drills/routes.ts';
import { kpisContract } from '../kpis/routes.ts';
import { onCallContract } from '../on-call/routes.ts';
import { peopleContract } from '../people/routes.ts';
import { slaContract } from '../sla/routes.ts';
import type { RouteContract } from '../platform/http/contract.ts';
import { servicesContract } from '../services/routes.ts';
import { violationsContract } from '../violations/routes.ts';
import { type ApiInfo, openApiDocument } from '../platform/http/openapi.ts';
import type { OpenApiDocument } from '../platform/http/openapi/document.ts';
import type { ContextName } from './contexts.ts';

/** The whole HTTP contract, from the routes alone: no client, no table, no environment. */
export const contract: readonly RouteContract[] = [
  ...deskContract,
  ...peopleContract,
  ...alertsContract,
  ...onCallContract,
  ...slaContract,
  ...kpisContract,
  ...violationsContract,
  ...correctiveActionsContract,
  ...servicesContract,
  ...drillsContract,
  ...backupsContract,
];

/** What each context is about: one that is missing here does not compile. */
const contexts: Record<ContextName, string> = {
  tickets:
    'What customers ask for: opened, worked on, answered, with SLA clocks and a history that is never rewritten.',
  customers: 'The companies that tickets are for.',
  contacts: 'The people at a customer; with a login they follow their own company’s tickets.',
  teams: 'Who works together; each has a queue by next deadline.',
  agents: 'Staff and machines, and the role of their logins.',
  me: 'The caller.',
  alerts: 'Promises that were broken, and who was told when.',
  'on-call-rotas': 'Who of a team is called when: turns, hand-overs, and who stands in.',
  calendars: 'When clocks count: opening hours, holidays and exceptions, in versions that are kept for ever.',
  'sla-policies': 'What is promised to which tickets, in their order, and who is told when it is in danger.',
  'alert-subscriptions': 'Who is told of alerts, of which, and how.',
  kpis: 'Figures, with target and formula, down to the tickets behind them.',
  'kpi-recomputes': 'Figures that were counted again from the events: why, how far it is, and what was found.',
  violations: 'Promises that were broken: by how much, and whose doing it was.',
  'corrective-actions': 'What is done so that a promise is not broken again, by whom and until when.',
  backups:
    'Copies of the tables: when they were taken, how old the newest is, and whether it is as young as it must be.',
  drills: 'Disasters that were declared so that a restore could be measured: what was lost, and how long it took.',
  'drill-plans': 'Which table is drilled how often, and what has to come out of it.',
  services: 'What customers run at the cloud, with the objectives that its restores are measured by.',
};

const info: ApiInfo = {
  title: 'Cloud service desk',
  version: '1.0.0',
  summary: 'Tickets, SLA clocks, alerts and KPIs of a cloud company’s support',
  description: [
    'Fields are camelCase JSON, instants ISO 8601 in UTC, durations seconds, shares percent from 0 to 100. Ids are a prefix and a ULID, so they sort by creation.',
    'Lists answer `{items, nextCursor}`: go on with `cursor` until `nextCursor` is null. Fields may be added to answers; fields that are unknown in requests are refused.',
    'Every POST takes an `Idempotency-Key`, every change an `If-Match` with the `ETag` that you read. Problems are RFC 9457 `application/problem+json`; what the gateway answers by itself (401, its own 413 and 429) is `{"message"}`.',
  ].join('\n\n'),
  contexts,
};

/** The OpenAPI document of the desk. */
export const apiDocument = (): OpenApiDocument => openApiDocument(contract, info);
