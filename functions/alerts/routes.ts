import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, email, id, pageQuery, phone, storedInstant, text } from '../platform/http/fields.ts';
import { alertKindSchema, alertSchema, alertStates, severitySchema } from './domain/alert.ts';
import { channelSchema, filterSchema } from './domain/subscription.ts';
import { digestAtSchema, digestSchema, weekdaysOfQuiet, isTimeZone, quietHoursSchema } from './domain/wanted-times.ts';
import { targetLength, targetProblem } from './outside/target.ts';

const readers = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin'] as const;
const writers = ['admin', 'manager', 'lead'] as const;

/** Whether a role may subscribe addresses, and so see them whole. */
export const maySubscribe = (role: Role): boolean => writers.some((one) => one === role);

/** Also ids of the stage's configuration, which people chose: `sub_stage_oncall`. */
const subscriptionId = z
  .string()
  .regex(/^sub_[A-Za-z0-9_]{1,60}$/, 'must be an id like sub_01J8Z0K3V5W7Y9ABCDEFGHJKMN');

const filterFields = z.strictObject({
  severity: z.array(severitySchema).max(10).default([]),
  kind: z.array(alertKindSchema).max(20).default([]),
  teamId: z.array(id('tem')).max(100).default([]),
  customerId: z.array(id('cus')).max(100).default([]),
});

const filterSays =
  'An empty or missing list lets everything through; SMS without a severity gets critical alerts only.';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 22:00');
const timezone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin');

const quietHours = z
  .strictObject({
    timezone,
    from: clockTime,
    to: clockTime,
    days: z
      .array(z.enum(weekdaysOfQuiet))
      .min(1)
      .max(7)
      .default([...weekdaysOfQuiet]),
    except: z.array(severitySchema).max(4).default([]),
  })
  .refine(
    ({ from, to, days }) => from !== to || new Set(days).size < weekdaysOfQuiet.length,
    'must end some time: whole days, each day, would hold everything back for ever',
  )
  .describe(
    'When nothing is sent: from one local time to another (not after it: on the next day; equal: a whole day), on the days on which they begin. What comes meanwhile is sent when they end, in one message. `except` lists severities that are sent all the same.',
  );

const digest = digestSchema.describe(
  'hourly, daily: what came since is sent in one message, at the full hour or once a day.',
);
const digestAt = z
  .strictObject({ time: clockTime, timezone })
  .describe('When the daily digest is sent; null: at 08:00 UTC.');
const agentId = id('agt').describe(
  'Whose address it is: alerts that are for certain people first go to the subscriptions of those.',
);

const wantedOptions = {
  filter: filterFields.default({ severity: [], kind: [], teamId: [], customerId: [] }).describe(filterSays),
  quietHours: quietHours.nullable().default(null),
  digest: digest.default('none'),
  digestAt: digestAt.nullable().default(null),
  agentId: agentId.nullable().default(null),
};

const outsideTarget = z
  .string()
  .max(targetLength)
  .superRefine((text, context) => {
    const problem = targetProblem(text);
    if (problem !== null) context.addIssue(problem);
  });

const wantedSubscription = z.discriminatedUnion(
  'channel',
  [
    z.strictObject({ channel: z.literal('email'), target: email, ...wantedOptions }),
    z.strictObject({ channel: z.literal('sms'), target: phone, ...wantedOptions }),
    z.strictObject({ channel: z.literal('webhook'), target: outsideTarget, ...wantedOptions }),
    z.strictObject({ channel: z.literal('slack'), target: outsideTarget, ...wantedOptions }),
    z.strictObject({ channel: z.literal('teams'), target: outsideTarget, ...wantedOptions }),
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? 'must be email, sms, webhook, slack or teams' : undefined),
  },
);

export const subscriptionAnswer = z
  .object({
    id: z.string(),
    channel: channelSchema,
    target: z
      .string()
      .describe(
        'Of webhook, slack and teams only the host for those who may not subscribe: such an address is a secret itself.',
      ),
    filter: filterSchema.extend({ kind: z.array(z.string()) }),
    quietHours: quietHoursSchema.nullable(),
    digest: digestSchema,
    digestAt: digestAtSchema.nullable(),
    agentId: z.string().nullable(),
    sms: z
      .object({
        spentDollars: z.number(),
        budgetDollars: z.number(),
        state: z.enum(['ok', 'low', 'exhausted']),
      })
      .nullable()
      .describe(
        "Of channel sms: what the stage's texts of this month (UTC) have cost by its own estimate. low: from 80 % on. exhausted: no text is sent until the next month, and deliveries fail with SmsBudgetExhausted.",
      ),
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

export const newSubscriptionAnswer = subscriptionAnswer
  .extend({
    secret: z
      .string()
      .nullable()
      .describe(
        'Of channel webhook: the key of its signatures, told here and by no other request. `X-Desk-Signature` is `v1=` and the hex HMAC-SHA256 of `<X-Desk-Timestamp>.<body>` with it; refuse what is older than some minutes. `X-Desk-Id` is the same at every attempt.',
      ),
  })
  .meta({ id: 'NewAlertSubscription' });

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
    repetition: z.number().int().describe('Of an escalation: 0 the first time, 1 when its level is told again once.'),
    teamId: z.string().nullable(),
    customerId: z.string().nullable(),
    state: z
      .enum(alertStates)
      .describe('raised: being delivered. delivered: to everybody who subscribed. failed: a delivery was given up.'),
    acknowledgement: z
      .object({ at: storedInstant, by: z.string(), note: z.string().nullable() })
      .nullable()
      .describe('Who takes care of it; null: nobody has said so.'),
    deliveries: z
      .array(
        z.object({
          subscriptionId: z.string(),
          channel: channelSchema,
          state: z.enum(['waiting', 'published', 'summarised', 'failed']),
          attempts: z.number().int(),
          notBefore: storedInstant
            .nullable()
            .describe('It waits, or has waited, until then: quiet hours, a digest, or too many alerts in a minute.'),
          summaryId: z.string().nullable().describe('The summary in which it went out.'),
          lastError: z.string().nullable().describe('Why the last attempt failed, in one word.'),
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
    'An e-mail address gets a link to confirm first and is `pending` until then; everything else is active at once. An address may have several subscriptions; an alert that several of them match reaches it once (each webhook is told for itself, with its own secret). Webhooks, Slack and Teams take https addresses of the internet on port 443. More than 20 alerts in a minute become one summary.',
  requirements: ['P-03', 'S-46'],
  roles: writers,
  customerScope: 'none',
  body: wantedSubscription,
  success: { status: 201, answer: newSubscriptionAnswer, etag: true },
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

export const changeAlertSubscription = defineRoute({
  method: 'PATCH',
  path: '/v1/alert-subscriptions/{subscriptionId}',
  summary: 'Change what a subscription lets through, and when it is told',
  description:
    'Fields that are left out stay as they are; channel and target cannot be changed. Takes effect with the next alert: what waits already goes out when it was to. A subscription of the stage is changed in its configuration only (409).',
  requirements: ['P-03', 'S-46'],
  roles: writers,
  customerScope: 'none',
  get params() {
    return z.strictObject({ subscriptionId });
  },
  get body() {
    return z
      .strictObject({
        filter: filterFields.describe(filterSays).optional(),
        quietHours: quietHours.nullable().optional(),
        digest: digest.optional(),
        digestAt: digestAt.nullable().optional(),
        agentId: agentId.nullable().optional(),
      })
      .refine((body) => Object.keys(body).length > 0, 'must change something');
  },
  success: { status: 200, answer: subscriptionAnswer, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { digest: 'daily', digestAt: { time: '08:00', timezone: 'Europe/Berlin' } },
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

export const acknowledgeAlert = defineRoute({
  method: 'POST',
  path: '/v1/alerts/{alertId}/acknowledge',
  summary: 'Say that you take care of it',
  description:
    'Stops the escalation of the clock that the alert is about: no further level of its cycle is raised. The promise itself goes on, and its breach is still recorded and told. Stands in the ticket’s history. Who comes second finds the first one’s acknowledgement.',
  requirements: ['S-46'],
  roles: ['agent', 'lead', 'engineer', 'manager', 'admin'],
  customerScope: 'none',
  get params() {
    return z.strictObject({ alertId: id('alt') });
  },
  get body() {
    return z.strictObject({ note: text(1024).nullable().default(null) });
  },
  success: { status: 200, answer: alertAnswer },
  problems: [404, 422],
  example: { note: 'I am on it, the database is being restarted.' },
});

export const alertsContract: readonly RouteContract[] = [
  acknowledgeAlert,
  createAlertSubscription,
  listAlertSubscriptions,
  getAlertSubscription,
  changeAlertSubscription,
  deleteAlertSubscription,
  listAlerts,
  getAlert,
];
