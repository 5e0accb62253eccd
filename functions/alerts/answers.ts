import type * as z from 'zod';
import type { SmsSpend } from './domain/sms-spend.ts';
import { type AlertFilter, isTopicChannel, type StageRecipient, type Subscription } from './domain/subscription.ts';
import type { QuietHours } from './domain/wanted-times.ts';
import type { alertAnswer, newSubscriptionAnswer, subscriptionAnswer } from './routes.ts';
import type { FoundAlert } from './use-cases/deliver-alert.ts';
import type { Confirmation } from './use-cases/subscribe.ts';

export type SubscriptionBody = z.input<typeof subscriptionAnswer>;
export type NewSubscriptionBody = z.input<typeof newSubscriptionAnswer>;

const filterBody = (filter: AlertFilter): SubscriptionBody['filter'] => ({
  severity: [...filter.severity],
  kind: [...filter.kind],
  teamId: [...filter.teamId],
  customerId: [...filter.customerId],
});

const quietHoursBody = (quiet: QuietHours | null): SubscriptionBody['quietHours'] =>
  quiet === null ? null : { ...quiet, days: [...quiet.days], except: [...quiet.except] };

/** An address that anybody who knows it may post to: its host, and no more. */
const guardedTarget = ({ channel, target }: Subscription): string =>
  isTopicChannel(channel) ? target : `${new URL(target).origin}/...`;

export const subscriptionBody = (
  subscription: Subscription,
  { state, sms, whole }: { readonly state: Confirmation; readonly sms: SmsSpend | null; readonly whole: boolean },
): SubscriptionBody => ({
  id: subscription.id,
  channel: subscription.channel,
  target: whole ? subscription.target : guardedTarget(subscription),
  filter: filterBody(subscription.filter),
  quietHours: quietHoursBody(subscription.quietHours),
  digest: subscription.digest,
  digestAt: subscription.digestAt,
  agentId: subscription.agentId,
  sms,
  state,
  source: 'api',
  createdAt: subscription.createdAt,
  version: subscription.version,
});

export const stageSubscriptionBody = (
  { id, channel, target, filter }: StageRecipient,
  sms: SmsSpend | null,
): SubscriptionBody => ({
  id,
  channel,
  target,
  filter: filterBody(filter),
  quietHours: null,
  digest: 'none',
  digestAt: null,
  agentId: null,
  sms,
  state: 'active',
  source: 'stage',
  createdAt: null,
  version: 1,
});

export type AlertBody = z.input<typeof alertAnswer>;

/** Without addresses: who reads alerts need not know where they went. */
export const alertBody = ({ alert, deliveries }: FoundAlert): AlertBody => ({
  id: alert.id,
  kind: alert.kind,
  severity: alert.severity,
  ticketId: alert.ticketId,
  ticketNumber: alert.ticketNumber,
  subject: alert.subject,
  teamId: alert.teamId,
  customerId: alert.customerId,
  metric: alert.metric,
  cycle: alert.cycle,
  level: alert.level,
  repetition: alert.repetition ?? 0,
  at: alert.at,
  claimedAt: alert.claimedAt,
  state: alert.state,
  acknowledgement: alert.acknowledgement ?? null,
  deliveries: deliveries.flatMap(({ subscriptionIds, channel, state, attempts, ...more }) =>
    subscriptionIds.map((subscriptionId) => ({
      subscriptionId,
      channel,
      state: state === 'publishing' ? ('waiting' as const) : state,
      attempts,
      notBefore: more.notBefore ?? null,
      summaryId: more.summaryId ?? null,
      lastError: more.lastError ?? null,
    })),
  ),
});
