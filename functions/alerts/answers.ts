import type * as z from 'zod';
import type { AlertFilter, StageRecipient, Subscription } from './domain/subscription.ts';
import type { alertAnswer, subscriptionAnswer } from './routes.ts';
import type { FoundAlert } from './use-cases/deliver-alert.ts';
import type { Confirmation } from './use-cases/subscribe.ts';

export type SubscriptionBody = z.input<typeof subscriptionAnswer>;

const filterBody = (filter: AlertFilter): SubscriptionBody['filter'] => ({
  severity: [...filter.severity],
  kind: [...filter.kind],
  teamId: [...filter.teamId],
  customerId: [...filter.customerId],
});

export const subscriptionBody = (subscription: Subscription, state: Confirmation): SubscriptionBody => ({
  id: subscription.id,
  channel: subscription.channel,
  target: subscription.target,
  filter: filterBody(subscription.filter),
  quietHours: null,
  digest: 'none',
  state,
  source: 'api',
  createdAt: subscription.createdAt,
  version: subscription.version,
});

export const stageSubscriptionBody = ({ id, channel, target, filter }: StageRecipient): SubscriptionBody => ({
  id,
  channel,
  target,
  filter: filterBody(filter),
  quietHours: null,
  digest: 'none',
  state: 'active',
  source: 'stage',
  createdAt: null,
  version: 1,
});

/** Without addresses: who reads alerts need not know where they went. */
export const alertBody = ({ alert, deliveries }: FoundAlert): z.input<typeof alertAnswer> => ({
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
  at: alert.at,
  claimedAt: alert.claimedAt,
  state: alert.state,
  deliveries: deliveries.flatMap(({ subscriptionIds, channel, state, attempts }) =>
    subscriptionIds.map((subscriptionId) => ({
      subscriptionId,
      channel,
      state: state === 'publishing' ? ('waiting' as const) : state,
      attempts,
    })),
  ),
});
