import * as z from 'zod';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, email, id, pageQuery, phone, storedInstant } from '../platform/http/fields.ts';
import { alertKindSchema, alertSchema, alertStates, severitySchema } from './domain/alert.ts';
import { channelSchema, filterSchema } from './domain/subscription.ts';

const readers = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin'] as const;
const writers = ['admin', 'manager', 'lead'] as const;

/** Also ids of the stage's configuration, which people chose: `sub_stage_oncall`. */
const subscriptionId = z
  .string()
  .regex(/^sub_[A-Za-z0-9_]{1,60}$/, 'must be an id like sub_01J8Z0K3V5W7Y9ABCDEFGHJKMN');

const wantedFilter = z
  .strictObject({
    severity: z.array(severitySchema).max(10).default([]),
    kind: z.array(alertKindSchema).max(10).default([]),
    teamId: z.array(id('tem')).max(100).default([]),
    customerId: z.array(id('cus')).max(100).default([]),
  })
  .default({ severity: [], kind: [], teamId: [], customerId: [] })
  .describe('An empty or missing list lets everything through; SMS without a severity gets critical alerts only.');

const wantedOptions = {
  filter: wantedFilter,
  quietHours: z.null('must be null: quiet hours are not possible yet').default(null),
  digest: z.literal('none', 'must be "none": digests are not possible yet').default('none'),
};

const wantedSubscription = z.discriminatedUnion(
  'channel',
  [
    z.strictObject({ channel: z.literal('email'), target: email, ...wantedOptions }),
    z.strictObject({ channel: z.literal('sms'), target: phone, ...wantedOptions }),
  ],
  {
    error: ({ code }) =>
      code === 'invalid_union' ? 'must be email or sms: webhook, slack and teams are not possible yet' : undefined,
  },
);

export const subscriptionAnswer = z
  .object({
    id: z.string(),
    channel: channelSchema,
    target: z.string(),
    filter: filterSchema.extend({ kind: z.array(z.string()) }),
    quietHours: z.null(),
    digest: z.literal('none'),
    state: z
      .enum(['pending', 'active', 'lapsed'])
      .describe(
        'pending: the address has not confirmed yet and gets nothing. lapsed: it did not confirm within two days or unsubscribed itself; subscribe it again. Of the stage: always active, its confirmation is seen in SNS only.',
      ),
    source: z
      .enum(['api', 'stage'])
      .describe('stage: from the configuration of the deployment, and changed only there.'),
    createdAt: storedInstant.nullable().describe('Null for subscriptions of the stage.'),
    version: z.number().int(),
  })
  .meta({ id: 'AlertSubscription' });

export const alertAnswer = alertSchema
  .pick({
    id: true,
    kind: true,
    severity: true,
    ticketId: true,
    ticketNumber: true,
    subject: true,
    metric: true,
    cycle: true,
    level: true,
    at: true,
    claimedAt: true,
  })
  .extend({
    teamId: z.string().nullable(),
    customerId: z.string().nullable(),
    state: z
      .enum(alertStates)
      .describe('raised: being delivered. delivered: to everybody who subscribed. failed: a delivery was given up.'),
    deliveries: z
      .array(
        z.object({
          subscriptionId: z.string(),
          channel: channelSchema,
          state: z.enum(['waiting', 'published', 'summarised', 'failed']),
          attempts: z.number().int(),
        }),
      )
      .describe('Subscriptions of one address are told once, and share the state and attempts of that.'),
  })
  .meta({ id: 'Alert' });

export const createAlertSubscription = defineRoute({
  method: 'POST',
  path: '/v1/alert-subscriptions',
  summary: 'Subscribe an address to alerts',
  description:
    'An e-mail address gets a link to confirm first and is `pending` until then; a phone number is active at once. An address may have several subscriptions; an alert that several of them match reaches it once.',
  requirements: ['P-03', 'S-46'],
  roles: writers,
  customerScope: 'none',
  body: wantedSubscription,
  success: { status: 201, answer: subscriptionAnswer, etag: true },
  problems: [409],
  example: { channel: 'email', target: 'night-shift@desk.example', filter: { severity: ['critical'] } },
});

export const listAlertSubscriptions = defineRoute({
  method: 'GET',
  path: '/v1/alert-subscriptions',
  summary: 'Who gets alerts: the subscriptions of the stage first, then the others by age',
  requirements: ['P-03', 'S-46'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({ ...pageQuery });
  },
  success: aPageOf(subscriptionAnswer),
});

export const getAlertSubscription = defineRoute({
  method: 'GET',
  path: '/v1/alert-subscriptions/{subscriptionId}',
  summary: 'One subscription, and whether its address has confirmed',
  requirements: ['P-03', 'S-46'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return z.strictObject({ subscriptionId });
  },
  success: { status: 200, answer: subscriptionAnswer, etag: true },
  problems: [404],
});

export const deleteAlertSubscription = defineRoute({
  method: 'DELETE',
  path: '/v1/alert-subscriptions/{subscriptionId}',
  summary: 'End a subscription',
  description:
    'Takes effect with the next alert. A subscription of the stage is ended in its configuration only (409).',
  requirements: ['P-03', 'S-46'],
  roles: writers,
  customerScope: 'none',
  get params() {
    return z.strictObject({ subscriptionId });
  },
  success: { status: 204, answer: null },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
});

export const listAlerts = defineRoute({
  method: 'GET',
  path: '/v1/alerts',
  summary: 'Alerts, newest first, with their deliveries',
  requirements: ['P-03', 'S-29', 'S-50'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({
      ticketId: id('tkt').optional(),
      kind: alertKindSchema.optional(),
      severity: severitySchema.optional(),
      ...pageQuery,
    });
  },
  success: aPageOf(alertAnswer),
});

export const getAlert = defineRoute({
  method: 'GET',
  path: '/v1/alerts/{alertId}',
  summary: 'One alert with its deliveries',
  requirements: ['P-03', 'S-29', 'S-50'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return z.strictObject({ alertId: id('alt') });
  },
  success: { status: 200, answer: alertAnswer },
  problems: [404],
});

export const alertsContract: readonly RouteContract[] = [
  createAlertSubscription,
  listAlertSubscriptions,
  getAlertSubscription,
  deleteAlertSubscription,
  listAlerts,
  getAlert,
];
