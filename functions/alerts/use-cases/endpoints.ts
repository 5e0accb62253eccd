import type { Actor } from '../../platform/actor.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Channel, Endpoint, Subscription, SubscriptionWishes, TopicChannel } from '../domain/subscription.ts';

/** Where alerts leave the desk by SNS. */
export interface Endpoints {
  subscribe(channel: TopicChannel, target: string, route: string): Promise<string>;
  confirmation(arn: string): Promise<'pending' | 'active' | 'lapsed'>;
  unsubscribe(arn: string): Promise<void>;
}

/** Somebody else changed the endpoint first: read it again. */
export class EndpointMoved extends Error {
  override readonly name = 'EndpointMoved';
}

export interface Subscriptions {
  find(id: string): Promise<Subscription | null>;
  endpoint(channel: Channel, target: string): Promise<Endpoint | null>;
  /** These change the subscription and its endpoint, if it has one, in one transaction. @throws EndpointMoved, LostRace. */
  create(
    subscription: Subscription,
    endpoint: { readonly read: Endpoint | null; readonly arn: string } | null,
    options: { readonly actor: Actor; readonly once: TransactItem | undefined; readonly secret: string | null },
  ): Promise<void>;
  change(
    subscription: Subscription,
    wishes: Partial<SubscriptionWishes>,
    options: { readonly actor: Actor; readonly at: string },
  ): Promise<Subscription>;
  remove(
    subscription: Subscription,
    endpoint: { readonly read: Endpoint; readonly endingSince: string | null } | null,
    options: { readonly actor: Actor; readonly at: string },
  ): Promise<void>;
  /** The SNS subscription of `read` is ended, so that a new one may be made; harmless when somebody uses the endpoint again. */
  ended(channel: Channel, target: string, read: Endpoint): Promise<void>;
}

/** How often a change of an endpoint is tried again when others change it at the same time. */
export const endpointAttempts = 5;
