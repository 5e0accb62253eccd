import * as z from 'zod';
import { type Alert, alertKindSchema, type Severity, severitySchema } from './alert.ts';
import { digestAtSchema, digestSchema, quietHoursSchema, type Timing } from './wanted-times.ts';

/** Ways on which alerts go out: the first two by SNS, the others by our own sender. */
export const channels = ['email', 'sms', 'webhook', 'slack', 'teams'] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;

/** The channels whose addresses SNS keeps. */
const topicChannels = ['email', 'sms'] as const;
export type TopicChannel = (typeof topicChannels)[number];
export const isTopicChannel = (channel: Channel): channel is TopicChannel =>
  topicChannels.some((one) => one === channel);

/** Which alerts; an empty list lets everything through, but see `matches` for SMS. */
export interface AlertFilter {
  readonly severity: readonly Severity[];
  readonly kind: readonly string[];
  readonly teamId: readonly string[];
  readonly customerId: readonly string[];
}

/** Who gets which alerts, when, and on which way. */
export interface Recipient extends Timing {
  /** The subscription. */
  readonly id: string;
  readonly channel: Channel;
  /** The endpoint: equal for all subscriptions of one address, but that each webhook has its own, as it has its own secret. */
  readonly route: string;
  readonly filter: AlertFilter;
  /** Whose address it is. */
  readonly agentId?: string | null;
}

const lets = (allowed: readonly string[], value: string | null): boolean =>
  allowed.length === 0 || (value !== null && allowed.includes(value));

/** Whether an alert is for a subscription. A text message costs money and sleep: without a severity filter, only what is critical. */
export const matches = ({ channel, filter }: Pick<Recipient, 'channel' | 'filter'>, alert: Alert): boolean =>
  lets(channel === 'sms' && filter.severity.length === 0 ? ['critical'] : filter.severity, alert.severity) &&
  lets(filter.kind, alert.kind) &&
  lets(filter.teamId, alert.teamId) &&
  lets(filter.customerId, alert.customerId);

export const filterSchema = z.object({
  severity: z.array(severitySchema),
  kind: z.array(alertKindSchema),
  teamId: z.array(z.string()),
  customerId: z.array(z.string()),
});

/** A subscription made by the API, as it is kept. */
export const subscriptionSchema = z.object({
  id: z.string(),
  channel: channelSchema,
  target: z.string(),
  route: z.string(),
  filter: filterSchema,
  quietHours: quietHoursSchema.nullable().default(null),
  digest: digestSchema.default('none'),
  digestAt: digestAtSchema.nullable().default(null),
  agentId: z.string().nullable().default(null),
  state: z.enum(['live', 'deleted']),
  createdAt: z.string(),
  version: z.number().int(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

/** What of a subscription can be changed; its address cannot: subscribe another one. */
export type SubscriptionWishes = Pick<Subscription, 'filter' | 'quietHours' | 'digest' | 'digestAt' | 'agentId'>;

/** A subscription that the stage's configuration brings along; its endpoint lets its own id through and nothing else. */
export interface StageRecipient {
  readonly id: string;
  readonly channel: TopicChannel;
  readonly target: string;
  readonly filter: AlertFilter;
}

/**
 * The SNS subscription of one address, and which of our subscriptions share it. SNS allows one for a topic and endpoint, so
 * nobody else may make or end it for them.
 */
export const endpointSchema = z.object({
  arn: z.string(),
  ids: z.array(z.string()),
  /** Set while the SNS subscription is being ended, after the last of ours left. */
  endingSince: z.string().nullable(),
  version: z.number().int(),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** Longer than any function that ends an SNS subscription can still be running. */
export const endingMs = 30_000;
