import * as z from 'zod';
import type { Migration } from '../platform/store/item-kind.ts';
import { digestAtSchema, digestSchema, quietHoursSchema } from './domain/wanted-times.ts';

/**
 * Items as they were. Version 1: before there were quiet hours, digests and other channels than e-mail and SMS. Version 2:
 * before alerts were also about drills and backups. What came was optional, or another kind of alert: an old item is one of
 * today as it is.
 */

const severity = () => z.enum(['critical', 'high', 'normal', 'low']);
const kind = () => z.enum(['sla.breach', 'sla.warning', 'sla.escalation']);
const channel = () => z.enum(['email', 'sms']);

const asItIs = (before: () => z.ZodType): Migration => ({
  before,
  change: (item) => {
    before().parse(item);
    return item;
  },
});

const subscription = () =>
  z.object({
    id: z.string(),
    channel: channel(),
    target: z.string(),
    route: z.string(),
    filter: z.object({
      severity: z.array(severity()),
      kind: z.array(kind()),
      teamId: z.array(z.string()),
      customerId: z.array(z.string()),
    }),
    state: z.enum(['live', 'deleted']),
    createdAt: z.string(),
    version: z.number().int(),
  });

export const alertOfVersion1 = asItIs(() =>
  z.object({
    id: z.string(),
    kind: kind(),
    severity: severity(),
    ticketId: z.string(),
    ticketNumber: z.string(),
    subject: z.string(),
    teamId: z.string().nullable().default(null),
    customerId: z.string().nullable().default(null),
    metric: z.string(),
    cycle: z.number().int(),
    level: z.number().int(),
    at: z.string(),
    claimedAt: z.string(),
    correlationId: z.string().optional(),
    state: z.enum(['raised', 'delivered', 'failed']),
    version: z.number().int(),
    dueAt: z.string().optional(),
    dueAttempts: z.number().int().default(0),
  }),
);

export const deliveryOfVersion1 = asItIs(() =>
  z.object({
    route: z.string(),
    channel: channel(),
    subscriptionIds: z.array(z.string()).min(1),
    state: z.enum(['waiting', 'publishing', 'published', 'summarised', 'failed']),
    attempts: z.number().int(),
    owner: z.string().optional(),
    claimedUntil: z.number().optional(),
    publishedAt: z.string().optional(),
    lastError: z.string().optional(),
  }),
);

export const subscriptionOfVersion1 = asItIs(() => subscription().extend({ chain: z.string() }));

export const rosterEntryOfVersion1 = asItIs(() => z.union([z.object({ gone: z.literal(true) }), subscription()]));

const anyChannel = () => z.enum(['email', 'sms', 'webhook', 'slack', 'teams']);

export const alertOfVersion2 = asItIs(() =>
  z.object({
    id: z.string(),
    kind: kind(),
    severity: severity(),
    ticketId: z.string(),
    ticketNumber: z.string(),
    subject: z.string(),
    teamId: z.string().nullable().default(null),
    customerId: z.string().nullable().default(null),
    teamName: z.string().optional(),
    customerName: z.string().optional(),
    assignee: z.string().optional(),
    metric: z.string(),
    cycle: z.number().int(),
    level: z.number().int(),
    at: z.string(),
    deadline: z.string().optional(),
    claimedAt: z.string(),
    audience: z
      .object({ agentIds: z.array(z.string()) })
      .nullable()
      .default(null),
    correlationId: z.string().optional(),
    planned: z.boolean().optional(),
    acknowledgement: z.object({ at: z.string(), by: z.string(), note: z.string().nullable() }).optional(),
    state: z.enum(['raised', 'delivered', 'failed']),
    version: z.number().int(),
    dueAt: z.string().optional(),
    dueAttempts: z.number().int().default(0),
  }),
);

const laterSubscription = () =>
  z.object({
    id: z.string(),
    channel: anyChannel(),
    target: z.string(),
    route: z.string(),
    filter: z.object({
      severity: z.array(severity()),
      kind: z.array(kind()),
      teamId: z.array(z.string()),
      customerId: z.array(z.string()),
    }),
    quietHours: quietHoursSchema.nullable().default(null),
    digest: digestSchema.default('none'),
    digestAt: digestAtSchema.nullable().default(null),
    agentId: z.string().nullable().default(null),
    state: z.enum(['live', 'deleted']),
    createdAt: z.string(),
    version: z.number().int(),
  });

export const subscriptionOfVersion2 = asItIs(() =>
  laterSubscription().extend({ chain: z.string(), secret: z.string().optional() }),
);

export const rosterEntryOfVersion2 = asItIs(() => z.union([z.object({ gone: z.literal(true) }), laterSubscription()]));

export const parcelEntryOfVersion1 = asItIs(() =>
  z.object({
    alertId: z.string(),
    kind: kind(),
    severity: severity(),
    ticketId: z.string(),
    ticketNumber: z.string(),
    subject: z.string(),
    customer: z.string().nullable(),
    metric: z.string(),
    level: z.number().int(),
    at: z.string(),
    claimedAt: z.string(),
  }),
);
