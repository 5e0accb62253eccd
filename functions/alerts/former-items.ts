import * as z from 'zod';
import type { Migration } from '../platform/store/item-kind.ts';
import { alertSchema, alertStates, severitySchema } from './domain/alert.ts';
import { parcelEntrySchema } from './domain/parcel.ts';
import { channelSchema } from './domain/subscription.ts';
import { digestAtSchema, digestSchema, quietHoursSchema } from './domain/wanted-times.ts';

/**
 * Items as they were. Version 1: before there were quiet hours, digests and other channels than e-mail and SMS. Version 2:
 * before alerts were also about drills and backups. Of alerts version 3, of entries of parcels version 2: before levels were
 * told again. What came was optional, or another kind of alert: an old item is one of today as it is.
 */

const kind = () => z.enum(['sla.breach', 'sla.warning', 'sla.escalation']);
const channel = () => z.enum(['email', 'sms']);

const asItIs = (before: () => z.ZodType): Migration => ({
  before,
  change: (item) => {
    before().parse(item);
    return item;
  },
});

/** What both former versions of a subscription have, in front of what came in between and behind it. */
const address = <Channel extends z.ZodType>(channel: Channel) => ({
  id: z.string(),
  channel,
  target: z.string(),
  route: z.string(),
  filter: z.object({
    severity: z.array(severitySchema),
    kind: z.array(kind()),
    teamId: z.array(z.string()),
    customerId: z.array(z.string()),
  }),
});
const life = () => ({ state: z.enum(['live', 'deleted']), createdAt: z.string(), version: z.number().int() });

const subscription = () => z.object({ ...address(channel()), ...life() });

/** The same of an alert. */
const about = () => ({
  kind: kind(),
  severity: severitySchema,
  ticketId: z.string(),
  ticketNumber: z.string(),
  subject: z.string(),
});
const told = () => ({
  id: z.string(),
  ...about(),
  teamId: z.string().nullable().default(null),
  customerId: z.string().nullable().default(null),
});
const clock = () => ({ metric: z.string(), cycle: z.number().int(), level: z.number().int(), at: z.string() });
const caused = () => ({ correlationId: z.string().optional() });
const standing = () => ({
  state: z.enum(alertStates),
  version: z.number().int(),
  dueAt: z.string().optional(),
  dueAttempts: z.number().int().default(0),
});

export const alertOfVersion1 = asItIs(() =>
  z.object({ ...told(), ...clock(), claimedAt: z.string(), ...caused(), ...standing() }),
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

const rosterEntry = (live: () => z.ZodType): Migration =>
  asItIs(() => z.union([z.object({ gone: z.literal(true) }), live()]));

export const rosterEntryOfVersion1 = rosterEntry(subscription);

export const alertOfVersion2 = asItIs(() =>
  z.object({
    ...told(),
    teamName: z.string().optional(),
    customerName: z.string().optional(),
    assignee: z.string().optional(),
    ...clock(),
    deadline: z.string().optional(),
    claimedAt: z.string(),
    audience: z
      .object({ agentIds: z.array(z.string()) })
      .nullable()
      .default(null),
    ...caused(),
    planned: z.boolean().optional(),
    acknowledgement: z.object({ at: z.string(), by: z.string(), note: z.string().nullable() }).optional(),
    ...standing(),
  }),
);

export const alertOfVersion3 = asItIs(() => alertSchema.omit({ repetition: true }));

const laterSubscription = () =>
  z.object({
    ...address(channelSchema),
    quietHours: quietHoursSchema.nullable().default(null),
    digest: digestSchema.default('none'),
    digestAt: digestAtSchema.nullable().default(null),
    agentId: z.string().nullable().default(null),
    ...life(),
  });

export const subscriptionOfVersion2 = asItIs(() =>
  laterSubscription().extend({ chain: z.string(), secret: z.string().optional() }),
);

export const rosterEntryOfVersion2 = rosterEntry(laterSubscription);

export const parcelEntryOfVersion1 = asItIs(() =>
  z.object({
    alertId: z.string(),
    ...about(),
    customer: z.string().nullable(),
    metric: z.string(),
    level: z.number().int(),
    at: z.string(),
    claimedAt: z.string(),
  }),
);

export const parcelEntryOfVersion2 = asItIs(() => parcelEntrySchema.omit({ repetition: true }));
